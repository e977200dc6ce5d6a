package eventsampler

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exponents are those of n records of a kind in an interval.
func exponents(t *table, k kind, interval uint64, n int) (list []uint8) {
	for range n {
		exponent, _, _ := t.take(k, interval)
		list = append(list, exponent)
	}
	return list
}

func TestExponents(t *testing.T) {
	table := newTable(2, 10)
	k := table.kindOf("hera", "x")
	assert.Equal(t, []uint8{0, 0, 1, 1, 2, 2, 2, 2, 3}, exponents(table, k, 7, 9))
	assert.Equal(t, []uint8{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4}, exponents(table, k, 8, 17), "begins where the one before would have come down to the quota")
	assert.Equal(t, []uint8{0, 0}, exponents(table, k, 10, 2), "nothing came in the one before")
	assert.Equal(t, []uint8{0, 0, 1}, exponents(table, k, 11, 3), "and two are no more than the quota")
	assert.Equal(t, []uint8{3}, exponents(table, k, 7, 1), "an older one goes on where it was")
	assert.Equal(t, []uint8{0, 0, 1}, exponents(table, table.kindOf("hera", "y"), 8, 3))
}

// TestUndo: after any number of records that were taken back, the next ones
// are decided on as if those had never been.
func TestUndo(t *testing.T) {
	for before := range 40 {
		for _, refused := range []int{1, 2, 7, 100} {
			table := newTable(3, 10)
			k := table.kindOf("hera", "x")
			exponents(table, k, 1, 11) // so that the base is not 0
			exponents(table, k, 2, before)
			var places []uint64
			for range refused {
				_, at, _ := table.take(k, 2)
				places = append(places, at)
			}
			for _, at := range places {
				table.undo(at)
			}
			plain := newTable(3, 10)
			exponents(plain, plain.kindOf("hera", "x"), 1, 11)
			exponents(plain, plain.kindOf("hera", "x"), 2, before)
			require.Equal(t, exponents(plain, plain.kindOf("hera", "x"), 2, 30), exponents(table, k, 2, 30), "%d before, %d refused", before, refused)
		}
	}
	newTable(1, 1).undo(12345) // of a counter that is gone
}

// TestMaxKinds: kinds beyond the bound share one, of which it is told; those
// that were there before, and the next interval, are as ever.
func TestMaxKinds(t *testing.T) {
	table := newTable(2, 3)
	of := func(i int) kind { return table.kindOf("hera", fmt.Sprint(i)) }
	for i := range 3 {
		exponent, _, overflow := table.take(of(i), 1)
		assert.False(t, overflow)
		assert.Zero(t, exponent)
	}
	var shared []uint8
	for i := 3; i < 8; i++ {
		exponent, _, overflow := table.take(of(i), 1)
		assert.True(t, overflow)
		shared = append(shared, exponent)
	}
	assert.Equal(t, []uint8{0, 0, 1, 1, 2}, shared)
	_, _, overflow := table.take(of(2), 1)
	assert.False(t, overflow)
	_, _, overflow = table.take(of(5), 2)
	assert.False(t, overflow)
}

// TestBounded: however many intervals come, counters are bounded, and one in
// use is not lost.
func TestBounded(t *testing.T) {
	table := newTable(10, 10)
	steady := table.kindOf("hera", "steady")
	for i := range uint64(3 * minCounters) {
		table.take(table.kindOf("hera", "x"), i+100)
		if i%1000 == 0 {
			table.take(steady, 1)
		}
		require.LessOrEqual(t, len(table.current.counters), table.maxCounters)
		require.LessOrEqual(t, len(table.current.index), table.maxCounters)
	}
	assert.Equal(t, uint64(3*minCounters/1000+1), table.find(steady.at(1)).seen)
	assert.Nil(t, table.find(table.kindOf("hera", "x").at(100)), "the first ones are gone")
}

func TestKindOf(t *testing.T) {
	table := newTable(1, 1)
	kinds := map[kind][]string{}
	for _, parts := range [][]string{{"a", "b"}, {"b", "a"}, {"ab", ""}, {"", "ab"}, {"a", "b", ""}, {"a"}, {"shared", ""}, {"shared"}} {
		k := table.kindOf(parts...)
		require.NotContains(t, kinds, k)
		kinds[k] = parts
		assert.Equal(t, k, table.kindOf(parts...))
	}
	assert.Contains(t, kinds, table.shared)
	assert.NotEqual(t, table.kindOf("a", "b"), newTable(1, 1).kindOf("a", "b"), "another process, another seed")
}

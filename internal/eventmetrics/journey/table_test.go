package journey

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// keys returns what a table holds, oldest first.
func keys[V any](tb *table[V]) []uint64 {
	var keys []uint64
	for at := tb.oldest(); at != 0; at = tb.next(at) {
		keys = append(keys, tb.entries[at].key)
	}
	return keys
}

// checkTable fails unless the ring, the index and the list of the unused agree.
func checkTable[V any](t require.TestingT, tb *table[V]) {
	require.LessOrEqual(t, tb.used, tb.max)
	held := keys(tb)
	require.Len(t, held, tb.used)
	for at, older := tb.oldest(), uint32(0); at != 0; older, at = at, tb.next(at) {
		require.Equal(t, at, tb.find(tb.entries[at].key), "the index finds it")
		require.Equal(t, older, tb.entries[at].older)
	}
	indexed := 0
	for _, at := range tb.index {
		if at != 0 {
			indexed++
		}
	}
	require.Equal(t, tb.used, indexed)
	require.LessOrEqual(t, 2*indexed, len(tb.index))
	free := 0
	for at := tb.free; at != 0; at = tb.entries[at].newer {
		require.Zero(t, tb.entries[at].value)
		free++
	}
	require.Equal(t, max(0, len(tb.entries)-1), tb.used+free)
	require.LessOrEqual(t, cap(tb.entries), tb.max+1)
}

// TestTable does random things to a table, and to a slice that is searched. Its
// keys share their lower bits, so that they push each other around the index.
func TestTable(t *testing.T) {
	for _, spread := range []uint64{1, 64, 1 << 32} {
		random := rand.New(rand.NewPCG(3, spread))
		tb := newTable[int](200)
		var naive []uint64
		for i := range 20_000 {
			key := random.Uint64N(300) * spread
			at := tb.find(key)
			require.Equal(t, slices.Contains(naive, key), at != 0)
			switch {
			case at == 0 && tb.full():
				require.Equal(t, naive[0], tb.entries[tb.oldest()].key)
				tb.remove(tb.oldest())
				naive = naive[1:]
			case at == 0:
				tb.put(key, i+1)
				naive = append(naive, key)
			case i%3 == 0:
				tb.renew(at)
				naive = append(slices.DeleteFunc(naive, func(k uint64) bool { return k == key }), key)
			case i%10 == 1:
				tb.remove(at)
				naive = slices.DeleteFunc(naive, func(k uint64) bool { return k == key })
			}
			if i%97 == 0 {
				checkTable(t, &tb)
				require.Equal(t, naive, keys(&tb))
			}
		}
		checkTable(t, &tb)
		require.Equal(t, naive, keys(&tb))
	}
}

func TestEmptyTable(t *testing.T) {
	tb := newTable[int](5)
	assert.Zero(t, tb.find(0))
	assert.Zero(t, tb.oldest())
	assert.Nil(t, tb.entries, "no memory before the first entry")
	tb.put(0, 1)
	tb.remove(tb.find(0))
	assert.Zero(t, tb.find(0))
	assert.Zero(t, tb.oldest())
	checkTable(t, &tb)
}

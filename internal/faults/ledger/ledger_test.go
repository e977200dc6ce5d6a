package ledger

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func filled(from, to int) *Ledger {
	l := New()
	for sequence := from; sequence < to; sequence++ {
		l.Arrived(sequence, "uid"+strconv.Itoa(sequence))
	}
	return l
}

func TestLedgerCounts(t *testing.T) {
	l := filled(10, 20)
	l.Arrived(12, "uid12")
	l.Arrived(12, "uid12")
	l.Arrived(13, "other")
	l.Arrived(5000, "")
	l.Filler()
	l.Stranger()
	assert.Equal(t, Tally{
		Distinct: 11, Duplicates: 3, ChangedUIDs: 1, NoUID: 1, Fillers: 1, Strangers: 1,
	}, l.Tally())
	assert.Equal(t, 10, l.Missing(0, 20))
	assert.Equal(t, 0, l.Missing(10, 20))
	assert.Equal(t, 3, l.Missing(18, 23))
	assert.Equal(t, 1, l.Beyond(20))
	assert.Equal(t, 3, l.Beyond(18))
	assert.True(t, l.Seen(5000))
	assert.False(t, l.Seen(4999))
	assert.False(t, l.Seen(1<<30))
}

func TestSharedUIDs(t *testing.T) {
	l := filled(0, 1000)
	assert.Zero(t, l.SharedUIDs())
	l.Arrived(2000, "uid7")
	assert.Equal(t, 1, l.SharedUIDs())
}

// TestRow: each thing that can be wrong fails the row, and says so.
func TestRow(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Ledger, *Row)
		want   string
	}{
		"nothing wrong":      {func(*Ledger, *Row) {}, ""},
		"a duplicate, bound": {func(l *Ledger, r *Row) { l.Arrived(3, "uid3"); r.Worst = 1 }, ""},
		"lost":               {func(_ *Ledger, r *Row) { r.Lost = 2 }, "2 lines never arrived"},
		"too many":           {func(_ *Ledger, r *Row) { r.Worst = 2 }, "2 duplicates of one fault, of which 1 may be"},
		"changed uid":        {func(l *Ledger, _ *Row) { l.Arrived(3, "x") }, "1 duplicates with another log.record.uid than the first"},
		"no uid":             {func(l *Ledger, _ *Row) { l.Arrived(10, "") }, "1 records without log.record.uid"},
		"half a line":        {func(l *Ledger, _ *Row) { l.Stranger() }, "1 records that nobody wrote, such as half a line"},
		"never written":      {func(l *Ledger, _ *Row) { l.Arrived(11, "x") }, "1 sequence numbers that nobody wrote"},
		"lost, by stock":     {func(_ *Ledger, r *Row) { r.Lost, r.MayLose, r.Note = 2, 2, StockNote+"the exporter" }, ""},
		"more than that":     {func(_ *Ledger, r *Row) { r.Lost, r.MayLose, r.Note = 3, 2, StockNote+"the exporter" }, "3 lines never arrived, of which 2 may be lost"},
		"nobody's fault":     {func(_ *Ledger, r *Row) { r.MayLose, r.Note = 2, "so it is" }, "lines may be lost, and no note says which stock component loses them"},
		"shared uid":         {func(l *Ledger, _ *Row) { l.Arrived(10, "uid3") }, "1 lines with the log.record.uid of another"},
	} {
		l, r := filled(0, 10), &Row{ID: "1", Fault: "a fault", Runs: 1, Bound: 1}
		c.change(l, r)
		r.Close(l, 11)
		if c.want == "" {
			require.NoError(t, r.Err(), name)
			assert.Contains(t, r.String(), "| ok", name)
			continue
		}
		require.EqualError(t, r.Err(), c.want, name)
		assert.Contains(t, r.String(), "| FAILED", name)
	}
}

//go:build unix

package faults

import (
	"testing"
	"time"
)

// TestHalfLine is row 16: half a line, a pause, the rest. Half a record would be
// a stranger to the ledger.
func TestHalfLine(t *testing.T) {
	t.Parallel() // it waits
	r := newRig(t)
	row := newRow(t, "16", "half a line, a pause, the rest", times(4, 20), 0)
	r.start()
	for i := range row.Runs {
		whole := r.lines(1)
		// Cut at several places, the last of them before the line end alone.
		cut := []int{1, len(whole) / 2, len(whole) - 2, len(whole) - 1}[i%4]
		appendTo(t, r.path("hera.log"), whole[:cut])
		// Longer than any flush period that a reader might have, in polls and
		// in seconds: this is the fault, not a wait for anything.
		r.polls(3)
		time.Sleep(time.Second)
		r.polls(1)
		appendTo(t, r.path("hera.log"), whole[cut:])
	}
	r.finish(row)
}

//go:build unix

package faults

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSinkDown is row 6: the destination's port is closed for longer than the
// exporter tries, where it has a limit.
func TestSinkDown(t *testing.T) {
	for _, c := range []struct {
		id, fault string
		overlays  []string
		log       string // says that the outage is as long as it has to be
		often     int
	}{
		{"6a", "the sink's port closed, the exporter tries for ever", []string{"quick.yaml"}, "Exporting failed. Will retry", 3},
		{"6b", "the sink's port closed beyond max_elapsed_time", []string{"quick.yaml", "gives_up.yaml"}, "Exporting failed. Rejecting data", 2},
	} {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel() // most of its time the exporter waits
			r := newRig(t, c.overlays...)
			row := newRow(t, c.id, c.fault, times(1, 20), killBound)
			for i := range row.Runs {
				r.append("hera.log", 1000)
				require.NoError(t, r.sink.Down())
				r.start()
				said := func() bool { return strings.Count(r.p.Log(), c.log) >= c.often }
				r.until("the exporter fails", said)
				r.append("hera.log", 3000)
				if i%2 == 0 { // and once a restart in the middle of it
					r.stop(termTimeout)
					r.start()
					r.until("the exporter fails again", said)
				}
				require.NoError(t, r.sink.Up(t.Context()))
				r.settle()
				r.injected(row)
				r.stop(termTimeout)
			}
			r.start()
			r.polls(1) // there is nothing else to do
			r.finish(row)
		})
	}
}

//go:build unix

package faults

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/line"
)

// TestKillUnderLoad is row 1: SIGKILL at random times while lines are written.
func TestKillUnderLoad(t *testing.T) {
	r := newRig(t)
	row := newRow(t, "1", "kill -9 at 0.1-3 s under load", times(10, 200), killBound)
	load := line.StartLoad(r.path("hera.log"), 0, 8000)
	for range row.Runs {
		r.start()
		time.Sleep(100*time.Millisecond + rand.N(2900*time.Millisecond)) // the fault, not a wait for anything
		r.kill()
		r.injected(row)
	}
	r.start()
	var err error
	r.next, err = load.Stop()
	require.NoError(t, err)
	r.finish(row)
}

// TestKillInBacklog is row 5: SIGKILL when half of a large file is read.
func TestKillInBacklog(t *testing.T) {
	row := newRow(t, "5", "kill -9 at half of a large backlog", times(1, 5), killBound)
	r := newRig(t)
	lines := times(150_000, 300_000)
	for i := range row.Runs {
		r.append(fmt.Sprintf("%d.log", i), lines)
		r.start()
		r.until("half of the backlog arrives", func() bool { return r.arrived() >= i*lines+lines/2 })
		r.kill()
		r.start()
		r.settle()
		r.injected(row)
		r.stop(patience)
	}
	r.restart()
	r.finish(row)
}

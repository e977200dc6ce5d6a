//go:build linux

package faults

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/memlimit"
)

const (
	// memoryLimit is that of the process, with the pages of its binary.
	memoryLimit = 128 << 20
	// goMemoryLimit leaves room for these.
	goMemoryLimit = "GOMEMLIMIT=90MiB"
)

// TestMemoryLimit is row 18: a backlog far larger than the memory, a sink that
// refuses first and is slow then. What waits, waits in the files. In 18b the memory
// limiter refuses, too, being given less than the collector needs.
func TestMemoryLimit(t *testing.T) {
	for _, part := range []struct {
		id, fault string
		overlays  []string
		refuses   bool
	}{
		{"18a", "memory limit of 128 MB, backlog, sink refuses, is slow", []string{"memory.yaml"}, false},
		{"18b", "the same, and the memory limiter refuses", []string{"memory.yaml", "memory_tight.yaml"}, true},
	} {
		t.Run(part.id, func(t *testing.T) {
			t.Parallel()
			row := newRow(t, part.id, part.fault, times(1, 5), 0)
			r := newRig(t, part.overlays...)
			// The default, 5 s, is only longer.
			r.overlays = append(r.overlays, "yaml:exporters::otlp_http::retry_on_failure::initial_interval: 500ms")
			limited := r.limit(row)
			for range row.Runs {
				r.outgrow(row, times(60_000, 400_000), part.refuses)
			}
			limited()
			r.finish(row)
		})
	}
}

// limit has the collector run under the memory limit. What it returns checks that
// nothing was killed. Where no control group can be made, the limit is not enforced,
// but looked at.
func (r *rig) limit(row *ledger.Row) (check func()) {
	r.t.Helper()
	r.env = append(r.env, goMemoryLimit)
	group, err := memlimit.New(memoryLimit)
	if err != nil {
		row.Note = fmt.Sprintf("The limit was not enforced, only the peak of the resident memory compared with it: %v.", err)
		return func() {}
	}
	r.t.Cleanup(func() { require.NoError(r.t, group.Close()) })
	r.binary, err = group.Script(r.t.TempDir(), r.binary)
	require.NoError(r.t, err)
	return func() {
		killed, err := group.Killed()
		require.NoError(r.t, err)
		if killed > 0 {
			row.Problems = append(row.Problems, fmt.Sprintf("%d processes were killed for want of memory", killed))
		}
		peak, err := group.Peak()
		require.NoError(r.t, err)
		r.t.Logf("the group had up to %d MB, of %d; what files take of it the kernel takes back", peak>>20, memoryLimit>>20)
	}
}

// outgrow has the collector read a backlog while the sink refuses, while it is slow,
// and until all has arrived.
func (r *rig) outgrow(row *ledger.Row, lines int, limiterRefuses bool) {
	r.t.Helper()
	const files = 10
	before, refused := r.arrived(), r.sink.Refused()
	r.sink.Answer(http.StatusServiceUnavailable) // before a collector that runs reads anything
	for i := range files {
		r.append(fmt.Sprintf("%d.log", i), lines/files)
	}
	if r.p == nil {
		r.start()
	}
	r.until("the sink refuses", func() bool { return r.sink.Refused() > refused })
	// Back-pressure: what was not sent is in the files, and not in memory.
	_, err := colproc.Await(r.t.Context(), r.p.TelemetryURL, patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_unread_bytes") > 0
	})
	require.NoError(r.t, err)
	require.Equal(r.t, before, r.arrived())

	r.sink.Delay(20 * time.Millisecond)
	r.sink.Answer(http.StatusOK)
	r.until("a third arrives slowly", func() bool { return r.arrived() > before+lines/3 })
	r.sink.Delay(0)
	r.settle()
	samples, err := colproc.Await(r.t.Context(), r.p.TelemetryURL, patience, func(s []colproc.Sample) bool { return len(s) > 0 })
	require.NoError(r.t, err)
	refusals := colproc.Sum(samples, "otelcol_processor_memory_limiter_refused_log_records_total")
	if limiterRefuses && refusals == 0 {
		row.Problems = append(row.Problems, "the memory limiter refused nothing, so this proves nothing")
	}
	peak, err := r.p.PeakMemory()
	require.NoError(r.t, err)
	if peak > memoryLimit {
		row.Problems = append(row.Problems, fmt.Sprintf("%d MB were resident", peak>>20))
	}
	r.t.Logf("up to %d MB were resident; the memory limiter refused %v records", peak>>20, refusals)
	r.injected(row)
}

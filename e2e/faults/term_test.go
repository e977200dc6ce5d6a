//go:build unix

package faults

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// termTimeout is what `docker stop` gives a container before it kills it: the
// shortest of the usual ones (Kubernetes 30 s, systemd 90 s).
const termTimeout = 10 * time.Second

// TestTermWhileRefused is row 2: SIGTERM while the sink answers 503.
func TestTermWhileRefused(t *testing.T) {
	t.Parallel() // the time is that of the collector's grace, not of the machine
	r := newRig(t)
	row := newRow(t, "2", "SIGTERM while the sink answers 503", times(5, 100), killBound)
	r.sink.Answer(http.StatusServiceUnavailable)
	longest := time.Duration(0)
	for range row.Runs {
		r.append("hera.log", 1000)
		refused := r.sink.Refused()
		r.start()
		r.until("the sink refuses", func() bool { return r.sink.Refused() > refused })
		longest = max(longest, r.stop(termTimeout))
		r.injected(row)
	}
	t.Logf("the longest shutdown took %s, of %s that it may", longest.Round(time.Millisecond), termTimeout)
	r.sink.Answer(http.StatusOK)
	r.restart()
	r.finish(row)
}

// TestTermWithFullQueue is row 3: SIGTERM while the sending queue is full, for
// those who put a queue behind the receiver.
func TestTermWithFullQueue(t *testing.T) {
	for id, overlay := range map[string]string{"3a": "queue.yaml", "3b": "queue_block.yaml"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, overlay)
			row := newRow(t, id, "SIGTERM with a full sending queue, "+overlay, times(2, 10), killBound)
			for range row.Runs {
				r.sink.Answer(http.StatusServiceUnavailable)
				r.append("hera.log", 60*batchLines)
				r.start()
				_, err := colproc.Await(t.Context(), r.p.TelemetryURL, patience, func(s []colproc.Sample) bool {
					return colproc.Sum(s, "otelcol_exporter_queue_size") >= colproc.Sum(s, "otelcol_exporter_queue_capacity") && len(s) > 0
				})
				require.NoError(t, err, tail(r.p.Log()))
				r.stop(termTimeout)
				r.sink.Answer(http.StatusOK)
				r.start()
				r.settle()
				r.injected(row)
				r.stop(patience)
			}
			r.restart()
			r.finish(row)
		})
	}
}

// TestTermInGzip is row 4: SIGTERM in the middle of a compressed file.
func TestTermInGzip(t *testing.T) {
	r := newRig(t)
	row := newRow(t, "4", "SIGTERM in the middle of a .gz file, slow sink", times(2, 10), killBound)
	r.sink.Delay(5 * time.Millisecond)
	for i := range row.Runs {
		const lines = 50_000
		// Compressed out of sight, so that the file appears whole.
		plain := r.path("hidden")
		appendTo(t, plain, r.lines(lines))
		gzipFile(t, plain, r.path(fmt.Sprintf("hera.%d.log.gz", i)))
		r.start()
		r.until("half of the file arrives", func() bool { return r.arrived() >= i*lines+lines/2 })
		r.stop(termTimeout)
		r.start()
		r.settle()
		r.injected(row)
		r.stop(patience)
	}
	r.restart()
	r.finish(row)
}

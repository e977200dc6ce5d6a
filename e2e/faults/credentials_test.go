//go:build unix

package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// own waits until the collector's own metrics are so, and returns them.
func (r *rig) own(ok func([]colproc.Sample) bool) []colproc.Sample {
	r.t.Helper()
	samples, err := colproc.Await(r.t.Context(), r.p.TelemetryURL, patience, ok)
	require.NoError(r.t, err, tail(r.p.Log()))
	return samples
}

// TestKeyExpires is row 8a: the destination refuses the credentials, or fails,
// with statuses that the exporter takes as final; lines are written meanwhile,
// and the collector is restarted, as it is for a new key. retry_status makes it
// lose nothing, and says so: once, and for as long as it lasts.
func TestKeyExpires(t *testing.T) {
	t.Parallel() // most of its time the exporter waits
	r := newRig(t, "quick.yaml")
	row := newRow(t, "8a", "401, 403, 408, 500 for a while, then 200", times(4, 40), killBound)
	r.start()
	for i := range row.Runs {
		status := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusInternalServerError}[i%4]
		r.append("hera.log", 1000)
		r.settle()
		r.sink.Answer(status)
		said := len(r.p.Log())
		r.append("hera.log", 3000)
		const responses, label = "otelcol_retry_status_responses_total", "http_response_status_code"
		before := 0.0
		if i > 3 { // it counts from the start of the collector, which was one of the last four runs
			before = colproc.By(r.own(func([]colproc.Sample) bool { return true }), responses, label)[fmt.Sprint(status)]
		}
		own := r.own(func(s []colproc.Sample) bool { return colproc.By(s, responses, label)[fmt.Sprint(status)] >= before+2 })
		if refused := colproc.Sum(own, "otelcol_auth_events_refused_total"); refused > 0 {
			row.Problems = append(row.Problems, fmt.Sprintf("after %d, %g lines are counted as refused for good", status, refused))
		}
		if i%4 == 3 {
			r.stop(termTimeout)
			said = 0
			r.start()
			refused := r.sink.Refused()
			r.until("the sink refuses", func() bool { return r.sink.Refused() > refused })
		}
		r.sink.Answer(http.StatusOK)
		r.settle()
		r.until("the log says that it ended", func() bool { return strings.Contains(r.p.Log()[said:], "The destination takes again") })
		if n := strings.Count(r.p.Log()[said:], "The destination refuses what it is sent"); n != 1 {
			row.Problems = append(row.Problems, fmt.Sprintf("%d log lines about a stretch of %d: there should be one", n, status))
		}
		r.injected(row)
	}
	r.finish(row)
}

// TestKeyExpiresStock is row 8b: the same with the stock exporter alone, which
// takes 401 and 403 as final. What it gives up can't be kept by anybody before
// it: it is counted to the line, and said once. The row's lost lines are those
// that nobody counted.
func TestKeyExpiresStock(t *testing.T) {
	t.Parallel()
	row := newRow(t, "8b", "", times(2, 10), 0)
	r := newRig(t, "quick.yaml", "final.yaml")
	r.start()
	given := 0
	for i := range row.Runs {
		r.append("hera.log", 1000)
		r.settle()
		r.sink.Answer([]int{http.StatusUnauthorized, http.StatusForbidden}[i%2])
		said, from := len(r.p.Log()), r.next
		r.append("hera.log", 2500)
		own := r.own(func(s []colproc.Sample) bool {
			return colproc.Sum(s, "otelcol_auth_events_refused_total") >= float64(given+2500)
		})
		if refused := colproc.Sum(own, "otelcol_auth_events_refused_total"); refused != float64(given+2500) {
			row.Problems = append(row.Problems, fmt.Sprintf("%g lines are counted as refused, of %d", refused, given+2500))
		}
		given += 2500
		r.optional = append(r.optional, [2]int{from, r.next})
		if arrived := 2500 - r.sink.Ledger.Missing(from, r.next); arrived > 0 {
			row.Problems = append(row.Problems, fmt.Sprintf("%d lines arrived that are counted as refused", arrived))
		}
		if n := strings.Count(r.p.Log()[said:], "The next component refuses records for good"); n != 1 {
			row.Problems = append(row.Problems, fmt.Sprintf("%d log lines about what is refused for good: there should be one", n))
		}
		r.sink.Answer(http.StatusOK)
	}
	row.Fault = fmt.Sprintf("the same, stock alone: final to otlp_http, %d counted", given)
	r.finish(row)
}

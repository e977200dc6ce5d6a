//go:build unix

package e2e

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestRefusedBatchCountsOnce: an exporter beside the connector, in the same
// pipeline, refuses a batch twice, for now (503) or for good (400), and sends it
// again by itself or leaves that to the receiver. The connector counts it once
// in any case, and so does the processor once it was taken.
func TestRefusedBatchCountsOnce(t *testing.T) {
	for name, retry := range map[string]string{"the receiver sends again": "false", "the exporter sends again": "true"} {
		t.Run(name, func(t *testing.T) {
			sink := newOTLPSink(t)
			file := filepath.Join(t.TempDir(), "hera.ndjson")
			appendLines(t, file, 5)
			r := newRun(t, file)
			r.overlays = []string{"e2e/testdata/refusing.yaml"}
			r.env = append(r.env, "SINK_URL="+sink.url, "RETRY="+retry)
			sink.refuse(http.StatusServiceUnavailable, http.StatusServiceUnavailable)
			r.start(t)
			const challenges = "auth_captcha_challenges_total"
			awaitCount := func(url string, want float64) {
				t.Helper()
				counts, err := colproc.Await(t.Context(), url, e2etest.Patience, func(s []colproc.Sample) bool {
					return colproc.Sum(s, challenges) >= want
				})
				require.NoError(t, err, r.Log())
				assert.Equal(t, want, colproc.Sum(counts, challenges))
			}
			awaitCount(r.MetricsURL, 5)
			awaitCount(r.TelemetryURL, 5)
			requests, taken := sink.logs()
			assert.Equal(t, 3, requests)
			assert.Equal(t, 5, taken)

			// For good: nobody sends it again, and what follows is taken.
			sink.refuse(http.StatusBadRequest)
			appendLines(t, file, 2)
			require.Eventually(t, func() bool { requests, _ := sink.logs(); return requests == 1 }, e2etest.Patience, 10*time.Millisecond, r.Log())
			appendLines(t, file, 1)
			awaitCount(r.MetricsURL, 8)
			awaitCount(r.TelemetryURL, 6) // the processor's next consumer never took two of them
			_, taken = sink.logs()
			assert.Equal(t, 6, taken)

			code, err := r.Stop(e2etest.Patience)
			require.NoError(t, err)
			require.Zero(t, code, r.Log())
			last := pointsOf(t, filepath.Join(r.out, "metrics.jsonl"))
			assert.EqualValues(t, 8, last["auth.captcha.challenges{auth.flow=login,auth.source=hera}"], "%v", last)
		})
	}
}

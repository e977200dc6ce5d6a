//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestThreeExportersAgree: what Prometheus scrapes, what an OTLP endpoint
// gets and what stands in a file is what the plain script counts; the last
// points, of the flush at SIGTERM, are exact.
func TestThreeExportersAgree(t *testing.T) {
	want := e2etest.CountPlainly(t, e2etest.Samples(t)...)
	sink := newOTLPSink(t)
	r := newRun(t, "testdata/sample/*.ndjson")
	r.overlays = []string{"e2e/testdata/exporters.yaml"}
	r.env = append(r.env, "SINK_URL="+sink.url)
	r.start(t)
	counts, _ := r.drain(t, want.Lines)
	e2etest.RequireSameCounts(t, e2etest.AsPrometheus(t, want.Metrics), e2etest.Series(counts))
	r.stop(t)

	e2etest.RequireSameCounts(t, want.Metrics, sink.values())
	e2etest.RequireSameCounts(t, want.Metrics, pointsOf(t, filepath.Join(r.out, "metrics.jsonl")))
}

// TestSIGTERMFlushes: with an interval that never ends, all that is exported
// comes from the flush at the end.
func TestSIGTERMFlushes(t *testing.T) {
	want := e2etest.CountPlainly(t, e2etest.Samples(t)...)
	r := newRun(t, "testdata/sample/*.ndjson")
	r.overlays = []string{"yaml:connectors::event_metrics::interval: 1h"}
	r.start(t)
	r.read(t, want.Lines)
	require.Empty(t, e2etest.ReadFile(t, filepath.Join(r.out, "metrics.jsonl")), "nothing is flushed before")
	r.stop(t)
	e2etest.RequireSameCounts(t, want.Metrics, pointsOf(t, filepath.Join(r.out, "metrics.jsonl")))
}

// TestProcessorThroughOTLP: the processor's counts leave with the collector's
// own metrics, and the last of them are exact.
func TestProcessorThroughOTLP(t *testing.T) {
	want := e2etest.CountPlainly(t, e2etest.Samples(t)...)
	sink := newOTLPSink(t)
	r := newRun(t, "testdata/sample/*.ndjson")
	r.config = withProcessor(t)
	r.overlays = []string{"e2e/testdata/otlp_reader.yaml"}
	r.env = append(r.env, "SINK_URL="+sink.url)
	r.start(t)
	e2etest.RequireSameCounts(t, e2etest.AsPrometheus(t, want.Metrics), e2etest.Series(r.read(t, want.Lines)))
	r.stop(t)
	e2etest.RequireSameCounts(t, want.Metrics, sink.values())
}

// TestTwoBatchesAddUp: an exporter that replaces what it has shows the sum of
// two batches all the same.
func TestTwoBatchesAddUp(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hera.ndjson")
	r := newRun(t, file)
	r.overlays = []string{"yaml:connectors::event_metrics::interval: 200ms"}
	appendLines(t, file, 3)
	r.start(t)
	for _, want := range []float64{3, 6} {
		_, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func(s []colproc.Sample) bool {
			return colproc.Sum(s, "auth_captcha_challenges_total") >= want
		})
		require.NoError(t, err, r.Log())
		flushes := func() int { return strings.Count(e2etest.ReadFile(t, filepath.Join(r.out, "metrics.jsonl")), "\n") }
		before := flushes()
		require.Eventually(t, func() bool { return flushes() >= before+2 }, e2etest.Patience, 10*time.Millisecond,
			"flushes without events come between")
		counts, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func([]colproc.Sample) bool { return true })
		require.NoError(t, err)
		assert.Equal(t, want, colproc.Sum(counts, "auth_captcha_challenges_total"))
		if want == 3 {
			appendLines(t, file, 3)
		}
	}
	r.stop(t)
}

// appendLines appends equal lines of Hera, which have no id.
func appendLines(t *testing.T, file string, n int) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	line := `{"type":"audit","event":"captcha_displayed","flow":"login","ts":"2026-05-20T10:00:00.000Z"}` + "\n"
	_, err = f.WriteString(strings.Repeat(line, n))
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// pointsOf reads what the file exporter wrote, the newest value of each series.
func pointsOf(t *testing.T, path string) map[string]float64 {
	t.Helper()
	var p points
	for line := range strings.Lines(e2etest.ReadFile(t, path)) {
		p.add(t, line)
	}
	return p.values()
}

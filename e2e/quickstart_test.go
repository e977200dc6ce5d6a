//go:build unix

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestQuickstart runs the contract of configs/quickstart.yaml on the sample:
// all counts equal the plain script's, nothing personal is left, and a second
// run reads nothing twice and keeps what the first wrote.
func TestQuickstart(t *testing.T) {
	files := e2etest.Samples(t)
	want := e2etest.CountPlainly(t, files...)
	r := newRun(t, "testdata/sample/*.ndjson")
	r.start(t)
	counts, own := r.drain(t, want.Lines)

	e2etest.RequireSameCounts(t, e2etest.AsPrometheus(t, want.Metrics), e2etest.Series(counts))
	results := colproc.By(own, linesRead, "result")
	results["unparsed"] += results["unknown"] // the script does not tell them apart
	delete(results, "unknown")
	assert.Equal(t, map[string]float64{
		"event": float64(want.Events), "unparsed": float64(want.Unparsed), "skipped": float64(want.Skipped),
	}, results)
	for _, kind := range []string{"identity", "email", "ip"} {
		assert.NotZero(t, colproc.Sum(own, "otelcol_pii_scrub_values_total", "kind", kind), kind)
	}
	r.stop(t)

	logs := filepath.Join(r.out, "logs.jsonl")
	first := e2etest.ReadFile(t, logs)
	assert.Equal(t, want.Events+want.Unparsed, e2etest.RecordCount(t, first))
	e2etest.RequireNothingPersonal(t, files, map[string]string{
		"logs.jsonl": first, "metrics.jsonl": e2etest.ReadFile(t, filepath.Join(r.out, "metrics.jsonl")), "log": r.Log(),
	})

	r.start(t)
	_, err := colproc.Await(t.Context(), r.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool { return len(s) > 0 })
	require.NoError(t, err)
	r.stop(t)
	assert.Equal(t, first, e2etest.ReadFile(t, logs), "the second run from the same state reads nothing twice, and keeps what the first wrote")
}

// TestExpectedCounts: testdata/expected_counts.json is what the script prints.
func TestExpectedCounts(t *testing.T) {
	var want e2etest.PlainCounts
	require.NoError(t, json.Unmarshal([]byte(e2etest.ReadFile(t, filepath.Join(root, "testdata", "expected_counts.json"))), &want))
	assert.Equal(t, want, e2etest.CountPlainly(t, e2etest.Samples(t)...))
}

// TestSecondRunReadsWhatIsNew appends to a file while the collector is down.
func TestSecondRunReadsWhatIsNew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hera.ndjson")
	write := func(text string) {
		f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		require.NoError(t, err)
		_, err = f.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	r := newRun(t, file)
	write(`{"type":"audit","event":"captcha_displayed","flow":"login","ts":"2026-05-20T10:00:00.000Z"}` + "\n")
	r.start(t)
	r.drain(t, 1)
	r.stop(t)

	write(`{"type":"audit","event":"captcha_succeeded","flow":"login","ts":"2026-05-20T10:00:01.000Z"}` + "\n")
	r.start(t)
	counts, own := r.drain(t, 1)
	assert.Equal(t, 1.0, colproc.Sum(own, linesRead))
	assert.Equal(t, map[string]float64{"captcha_succeeded": 1}, colproc.By(counts, "auth_events_total", "otel_event_name"))
	r.stop(t)
	assert.Equal(t, 2, e2etest.RecordCount(t, e2etest.ReadFile(t, filepath.Join(r.out, "logs.jsonl"))))
}

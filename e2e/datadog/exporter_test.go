//go:build unix

package datadog

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
	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// exporterDelivers sends the sample through a spell of refusals, which the exporter
// outlasts: each record arrives once, the metrics are the script's, and nothing
// else is sent.
func exporterDelivers(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, exporterConfig, s)
	r.server.LogsOutage.Next(otlp.Answer{}, otlp.Answer{Status: 429}, otlp.Answer{Status: 503}, otlp.Answer{Status: 500}) // the first is no log
	r.server.MetricsOutage.Next(otlp.Answer{Status: 503})
	p := r.start(t)
	r.awaitLogs(t, p)
	series := asDatadog(t, r.Plain.Metrics)
	// Before it is stopped: what is under way then is lost.
	if !assert.Eventually(t, func() bool { return len(missing(series, counts(r.server))) == 0 }, e2etest.Patience, 100*time.Millisecond) {
		require.FailNow(t, "counts are missing", "%d: %v\n%s", len(missing(series, counts(r.server))), r.server.Refusals(), p.Log())
	}
	stop(t, p)

	assert.Equal(t, r.UIDs, arrived(r.server))
	assert.Empty(t, r.server.Refusals(), "also no request elsewhere, such as for host metadata")
	assert.Zero(t, r.server.TooOld())
	assert.Equal(t, 3, r.server.LogsOutage.Refused())
	requireMapped(t, r.server.Logs())
	assert.Equal(t, []string{host}, r.server.Hosts())
	e2etest.RequireSameCounts(t, series, counts(r.server))
	assert.Zero(t, r.server.Zeros())
	e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"requests": r.server.Text(), "log": p.Log()})
	assert.NotContains(t, p.Log(), apiKey)
}

// stop ends the collector. The exporter logs errors of its own at the end: its
// forwarder breaks off the last metrics.
func stop(t *testing.T, p *colproc.Process) {
	t.Helper()
	code, err := p.Stop(e2etest.Patience)
	require.NoError(t, err)
	require.Zero(t, code, p.Log())
}

// exporterSaysYesTooSoon is why datadog-otlp.yaml is the better way: what
// the exporter counts as sent during an outage is lost by a kill.
func exporterSaysYesTooSoon(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, exporterConfig, s)
	const lines = 500 // fewer than what the exporter holds
	file := filepath.Join(t.TempDir(), "hera.ndjson")
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat(`{"type":"audit","event":"captcha_displayed","flow":"login","ts":"`+
		time.Now().UTC().Format(time.RFC3339Nano)+`"}`+"\n", lines)), 0o600))
	r.Files = []string{file}
	r.server.LogsOutage.Begin(otlp.Answer{Status: 503})
	p := r.start(t)
	_, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_exporter_sent_log_records_total") >= lines
	})
	require.NoError(t, err, p.Log())
	// A second is how long a position may wait until it is saved; the receiver
	// saves it when it ends, which it does first. The exporter waits 30 s more.
	_, err = p.Stop(5 * time.Second)
	require.Error(t, err, "it still waits for the intake")
	p.Kill()
	r.server.LogsOutage.End()
	p = r.start(t)
	_, err = colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool { return len(s) > 0 })
	require.NoError(t, err, p.Log())
	stop(t, p)
	assert.Empty(t, r.server.Logs())
}

// exporterWrongKey: the collector does not start, and says why without the key.
func exporterWrongKey(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, exporterConfig, s)
	r.key = "0000000000000000000000000000dead"
	p := r.start(t)
	code, err := p.Wait(e2etest.Patience)
	require.NoError(t, err)
	assert.Equal(t, 1, code)
	assert.Contains(t, p.Log(), "API Key validation failed")
	assert.NotContains(t, p.Log(), r.key)
	assert.Empty(t, r.server.Logs())
}

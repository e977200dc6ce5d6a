//go:build unix

package datadog

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// otlpDelivers sends the sample through a spell of every refusal that passes: each
// record arrives once, and the metrics, to the flush of SIGTERM, are the
// script's.
func otlpDelivers(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, otlpConfig, s)
	r.overlays = []string{
		// All counts leave with the flush of SIGTERM: of two flushes within one
		// second Datadog would keep one.
		"yaml:connectors::event_metrics::interval: 1h",
		"yaml:exporters::otlp_http/logs::retry_on_failure::initial_interval: 200ms",
		"yaml:exporters::otlp_http/metrics::retry_on_failure::initial_interval: 200ms",
	}
	spell := []otlp.Answer{{Status: 429, RetryAfter: "1"}, {Status: 502}, {Status: 503}, {Status: 504}}
	r.server.LogsOutage.Next(spell...)
	r.server.MetricsOutage.Next(spell[1:3]...)
	p := r.start(t)
	r.awaitLogs(t, p)
	e2etest.Stop(t, p)

	assert.Equal(t, r.UIDs, arrived(r.server))
	assert.Empty(t, r.server.Refusals())
	assert.Zero(t, r.server.TooOld())
	assert.Equal(t, 6, r.server.LogsOutage.Refused()+r.server.MetricsOutage.Refused())
	requireMapped(t, r.server.Logs())
	assert.Equal(t, []string{host}, r.server.Hosts())
	e2etest.RequireSameCounts(t, asDatadog(t, r.Plain.Metrics), counts(r.server))
	e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"requests": r.server.Text(), "log": p.Log()})
	assert.NotContains(t, p.Log(), apiKey)
	requireQueried(t, r)
}

// otlpOutlivesAKill: what stood in the collector when it was killed during
// an outage arrives after a restart.
func otlpOutlivesAKill(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, otlpConfig, s)
	r.server.LogsOutage.Begin(otlp.Answer{Status: 503})
	p := r.start(t)
	require.Eventually(t, func() bool { return r.server.LogsOutage.Refused() > 2 }, e2etest.Patience, 10*time.Millisecond, p.Log())
	time.Sleep(2500 * time.Millisecond) // positions are written once a second: a yes too soon would be on the disk
	p.Kill()
	r.server.LogsOutage.End()
	p = r.start(t)
	r.awaitLogs(t, p)
	e2etest.Stop(t, p)
	assert.Equal(t, r.UIDs, arrived(r.server), "none was taken before")
	assert.NotEmpty(t, r.server.Counts())
	assert.Zero(t, r.server.Zeros(), "of several flushes")
}

// otlpWaits: a wrong key and the intake's 500 lose nothing, neither logs nor
// counts. The log says why they wait, without the key.
func otlpWaits(t *testing.T, s e2etest.KnownSamples) {
	for status, right := range map[string]bool{"403": false, "500": true} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			r := newRun(t, otlpConfig, s)
			r.overlays = []string{
				"yaml:connectors::event_metrics::interval: 1h", // as in otlpDelivers
				"yaml:exporters::otlp_http/logs::retry_on_failure::initial_interval: 200ms",
			}
			if right {
				r.server.LogsOutage.Begin(otlp.Answer{Status: http.StatusInternalServerError})
			} else {
				r.key = "0000000000000000000000000000dead"
			}
			p := r.start(t)
			own, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
				return colproc.By(s, "otelcol_retry_status_responses_total", "http_response_status_code")[status] >= 3
			})
			require.NoError(t, err, p.Log())
			assert.Zero(t, colproc.Sum(own, "otelcol_auth_events_refused_total"))
			assert.Empty(t, r.server.Logs())
			_, err = p.Stop(e2etest.Patience) // the exporter's error at SIGTERM is in the log
			require.NoError(t, err)
			stopped := time.Now()
			assert.Contains(t, p.Log(), "the destination answered "+status)
			assert.NotContains(t, p.Log(), r.key)
			e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"log": p.Log()})

			r.server.LogsOutage.End()
			r.key = apiKey
			p = r.start(t)
			r.awaitLogs(t, p)
			// Both flush as they end, and of two points in a second Datadog keeps one.
			time.Sleep(time.Until(stopped.Add(1100 * time.Millisecond)))
			e2etest.Stop(t, p)
			assert.Equal(t, r.UIDs, arrived(r.server))
			e2etest.RequireSameCounts(t, asDatadog(t, r.Plain.Metrics), counts(r.server))
		})
	}
}

// otlpRefusedForGood: of all refusals, a 400 still loses its batch. It is said
// and counted.
func otlpRefusedForGood(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, otlpConfig, s)
	r.server.LogsOutage.Next(otlp.Answer{Status: http.StatusBadRequest})
	p := r.start(t)
	e2etest.AwaitLines(t, p, r.Plain.Lines)
	own, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_refused_total")+float64(len(r.server.Logs())) >= float64(r.Records())
	})
	require.NoError(t, err, p.Log())
	refused := colproc.Sum(own, "otelcol_auth_events_refused_total")
	assert.Equal(t, float64(r.Records()-len(r.server.Logs())), refused)
	assert.NotZero(t, refused)
	assert.NotEmpty(t, r.server.Logs())
	_, err = p.Stop(e2etest.Patience)
	require.NoError(t, err)
	assert.Contains(t, p.Log(), "responded with HTTP Status Code 400")
}

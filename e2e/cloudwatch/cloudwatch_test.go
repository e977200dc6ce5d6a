//go:build unix

// Package cloudwatch runs the built collector with the config for CloudWatch,
// against a server that demands what AWS's documentation does, signature and
// all. `make e2e` builds the collector first.
package cloudwatch

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// TestCloudWatch runs the config on one set of samples.
func TestCloudWatch(t *testing.T) {
	t.Parallel()
	s := e2etest.KnowSamples(t)
	for name, test := range map[string]func(*testing.T, e2etest.KnownSamples){
		"delivers": delivers, "cuts": cuts, "outlives a kill": outlivesAKill, "waits": waits, "refused for good": refusedForGood, "too old": tooOld,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// delivers sends the sample through a spell of every refusal that passes: each
// record arrives once, and the last metrics are the script's.
func delivers(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, s)
	spell := []otlp.Answer{{Status: 429, RetryAfter: "1"}, {Status: 503, RetryAfter: "1"}, {Status: 502}, {Status: 504}}
	r.server.LogsOutage.Next(spell...)
	p := r.start(t)
	r.awaitLogs(t, p)
	e2etest.Stop(t, p)

	assert.Equal(t, r.UIDs, arrived(r.server))
	assert.Empty(t, r.server.Refusals())
	assert.Equal(t, len(spell), r.server.LogsOutage.Refused())
	e2etest.RequireSameCounts(t, r.Plain.Metrics, newest(r.server.Metrics()))
	e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"requests": r.server.Text(), "log": p.Log()})
	assert.NotContains(t, r.server.Text()+p.Log(), credentials.SecretAccessKey)
	requireQueried(t, r)

	before := len(r.server.Metrics())
	p = r.start(t) // the counts go on
	e2etest.Stop(t, p)
	assert.Greater(t, len(r.server.Metrics()), before)
	e2etest.RequireSameCounts(t, r.Plain.Metrics, newest(r.server.Metrics()))
	assert.Equal(t, r.UIDs, arrived(r.server))
}

// cuts: a batch of long lines is larger than what CloudWatch takes at once.
func cuts(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, s)
	line := `{"type":"audit","event":"captcha_displayed","flow":"login","note":"` + strings.Repeat("x", 3000) + `","ts":"` +
		time.Now().UTC().Format(time.RFC3339Nano) + `"}` + "\n"
	r.use(t, strings.Repeat(line, 1000))
	p := r.start(t)
	r.awaitLogs(t, p)
	e2etest.Stop(t, p)
	assert.Empty(t, r.server.Refusals(), "of 3 MB, in one batch")
	assert.Greater(t, len(r.server.Logs()), 3)
	assert.Len(t, arrived(r.server), 1000)
}

// outlivesAKill: the exporter has a queue, but says yes only when CloudWatch has.
func outlivesAKill(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, s)
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
}

// waits: a wrong secret and AWS's 500 lose nothing. What the operator sees of it
// has nothing secret in it.
func waits(t *testing.T, s e2etest.KnownSamples) {
	for status, env := range map[string]string{"401": "AWS_SECRET_ACCESS_KEY=wrong-secret-canary", "500": ""} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			r := newRun(t, s)
			if env == "" {
				r.server.LogsOutage.Begin(otlp.Answer{Status: http.StatusInternalServerError})
			} else {
				r.env = []string{env}
			}
			p := r.start(t)
			own, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
				return colproc.By(s, "otelcol_retry_status_responses_total", "http_response_status_code")[status] >= 3
			})
			require.NoError(t, err, p.Log())
			assert.Zero(t, colproc.Sum(own, "otelcol_auth_events_refused_total"))
			assert.Empty(t, r.server.Logs())
			_, err = p.Stop(e2etest.Patience)
			require.NoError(t, err)
			assert.Contains(t, p.Log(), "the destination answered "+status)
			assert.NotContains(t, p.Log(), "wrong-secret-canary")
			assert.NotContains(t, p.Log(), credentials.SecretAccessKey)
			e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"log": p.Log()})

			r.server.LogsOutage.End()
			r.env = nil
			p = r.start(t)
			r.awaitLogs(t, p)
			e2etest.Stop(t, p)
			assert.Equal(t, r.UIDs, arrived(r.server))
		})
	}
}

// refusedForGood: a missing stream loses what is sent to it. It is counted, and
// said with AWS's words.
func refusedForGood(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, s)
	r.env = []string{"LOG_STREAM=elsewhere"}
	p := r.start(t)
	own, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_refused_total") >= float64(r.Records())
	})
	require.NoError(t, err, p.Log())
	assert.Equal(t, float64(r.Records()), colproc.Sum(own, "otelcol_auth_events_refused_total"))
	_, err = p.Stop(e2etest.Patience)
	require.NoError(t, err)
	assert.Empty(t, r.server.Logs())
	assert.Contains(t, p.Log(), "responded with HTTP Status Code 400")
	assert.Contains(t, p.Log(), "The specified log stream does not exist.")
	assert.NotContains(t, p.Log(), credentials.SecretAccessKey)
	e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"log": p.Log()})
}

// tooOld: CloudWatch answers 200 and says how many it did not take.
func tooOld(t *testing.T, s e2etest.KnownSamples) {
	r := newRun(t, s)
	r.use(t, strings.Repeat(`{"type":"audit","event":"captcha_displayed","flow":"login","ts":"`+
		time.Now().Add(-15*24*time.Hour).UTC().Format(time.RFC3339Nano)+`"}`+"\n", 7))
	p := r.start(t)
	require.Eventually(t, func() bool { return strings.Contains(p.Log(), "tooOldLogEventCount") }, e2etest.Patience, 10*time.Millisecond, p.Log())
	e2etest.Stop(t, p)
	assert.Contains(t, p.Log(), `"dropped_log_records": 7`)
	assert.Empty(t, arrived(r.server))
}

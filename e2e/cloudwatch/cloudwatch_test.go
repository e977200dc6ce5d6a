//go:build unix

// Package cloudwatch runs the built collector with the config for CloudWatch,
// against a server that demands what AWS's documentation does, signature and
// all. `make e2e` builds the collector first.
package cloudwatch

import (
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
		"delivers": delivers, "cuts": cuts, "outlives a kill": outlivesAKill, "refused for good": refusedForGood, "too old": tooOld,
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

// refusedForGood: what an operator sees of a wrong secret and of a missing
// stream, and that nothing secret is in it.
func refusedForGood(t *testing.T, s e2etest.KnownSamples) {
	for name, c := range map[string]struct{ env, status, want string }{
		"wrong secret":   {"AWS_SECRET_ACCESS_KEY=wrong-secret-canary", "401", ""},
		"missing stream": {"LOG_STREAM=elsewhere", "400", "The specified log stream does not exist."},
		"internal error": {"LOG_STREAM=" + stream, "500", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRun(t, s)
			r.env = append(r.env, c.env)
			if c.status == "500" {
				r.server.LogsOutage.Begin(otlp.Answer{Status: 500})
			}
			p := r.start(t)
			own, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
				return colproc.Sum(s, "otelcol_auth_events_refused_total") >= float64(r.Records())
			})
			require.NoError(t, err, p.Log())
			assert.Equal(t, float64(r.Records()), colproc.Sum(own, "otelcol_auth_events_refused_total"))
			_, err = p.Stop(e2etest.Patience)
			require.NoError(t, err)
			assert.Empty(t, r.server.Logs())
			assert.Contains(t, p.Log(), "responded with HTTP Status Code "+c.status)
			assert.Contains(t, p.Log(), c.want)
			assert.NotContains(t, p.Log(), "wrong-secret-canary")
			assert.NotContains(t, p.Log(), credentials.SecretAccessKey)
			e2etest.RequireNothingPersonal(t, r.Files, map[string]string{"log": p.Log()})
		})
	}
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

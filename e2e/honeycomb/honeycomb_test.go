//go:build unix

// Package honeycomb runs configs/honeycomb.yaml with the built collector
// against a Honeycomb that internal/vendortest/honeycomb plays.
package honeycomb

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/vendortest/honeycomb"
	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

const key = "api-key-canary-0123456789"

func start(t *testing.T, s *honeycomb.Server, dir, apiKey string, overlays ...string) *colproc.Process {
	t.Helper()
	return e2etest.Start(t, colproc.Options{
		Config:   "configs/honeycomb.yaml",
		Overlays: append([]string{"yaml:connectors::event_metrics::interval: 500ms"}, overlays...),
		Env: []string{
			"AUTHEVENTS_INCLUDE=" + filepath.Join(dir, "*.ndjson"), "STATE_DIR=" + t.TempDir(),
			"HONEYCOMB_ENDPOINT=" + s.URL, "HONEYCOMB_API_KEY=" + apiKey,
		},
	})
}

func started(t *testing.T) *honeycomb.Server {
	t.Helper()
	s := honeycomb.Start(key)
	t.Cleanup(s.Close)
	return s
}

// TestSample: all of the sample arrives as events that are within the limits,
// each once, although Honeycomb is busy or down in between; nothing of it is
// personal; and the counts are those of the plain script.
func TestSample(t *testing.T) {
	t.Parallel()
	files := e2etest.Samples(t)
	want := e2etest.CountPlainly(t, files...)
	s := started(t)
	s.Outage.Next(
		otlp.Answer{Status: http.StatusTooManyRequests, RetryAfter: "1"}, otlp.Answer{},
		otlp.Answer{Status: http.StatusServiceUnavailable, RetryAfter: "1"}, otlp.Answer{Status: http.StatusGatewayTimeout})
	p := start(t, s, filepath.Dir(files[0]), key)
	require.Eventually(t, func() bool { return len(s.Events()) >= want.Events+want.Unparsed }, e2etest.Patience, 20*time.Millisecond)
	e2etest.Stop(t, p)
	require.Zero(t, s.Refused())
	require.Empty(t, s.Violations())
	require.Equal(t, 3, s.Outage.Refused())

	uids, datasets, text := map[any]int{}, map[string]int{}, map[string]string{}
	most := 0
	for _, e := range s.Events() {
		uids[e.Fields["log.record.uid"]]++
		datasets[e.Dataset]++
		most = max(most, len(e.Fields))
		for name, value := range e.Fields {
			text[name] += fmt.Sprintln(value)
		}
	}
	require.Len(t, s.Events(), want.Events+want.Unparsed)
	assert.Len(t, uids, want.Events+want.Unparsed-want.Duplicates, "each event has a uid; the sample has some twice")
	for _, name := range []string{"hera", "identity-idp", "auth-events"} {
		assert.NotZero(t, datasets[name], "%v", datasets)
	}
	text["names"] = strings.Join(slices.Sorted(maps.Keys(text)), "\n")
	for _, name := range []string{"user.id", "otel.event.name", "auth.method", "auth.outcome", "body.event", "body.properties.event_properties.success"} {
		assert.Contains(t, text, name, "the queries of the page need it")
	}
	t.Logf("%v, %d columns, at most %d in an event", datasets, len(text), most)
	text["log"] = p.Log()
	assert.NotContains(t, p.Log(), key)

	series := newestOf(t, s.Metrics())
	e2etest.RequireSameCounts(t, want.Metrics, series)
	for _, m := range s.Metrics() {
		require.Equal(t, "auth-metrics", m.Dataset)
	}
	text["series"] = fmt.Sprint(series)
	e2etest.RequireNothingPersonal(t, files, text)
}

// TestWrongKey: lines wait for the right key, which comes without a restart. The
// log says once that they do, with Honeycomb's words and without the key.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	s := started(t)
	dir := t.TempDir()
	line := `{"type":"audit","event":"captcha_displayed","flow":"login","ts":"2026-05-20T10:00:00.000Z"}` + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hera.ndjson"), []byte(strings.Repeat(line, 10)), 0o600))
	keyFile := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(keyFile, []byte("another-canary"), 0o600))
	p := start(t, s, dir, "unused",
		"yaml:extensions::bearertokenauth/honeycomb::filename: "+keyFile,
		"yaml:exporters::otlp_http/logs::retry_on_failure::initial_interval: 100ms")
	own, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(own []colproc.Sample) bool {
		return colproc.Sum(own, "otelcol_retry_status_responses_total") >= 3
	})
	require.NoError(t, err, p.Log())
	assert.Zero(t, colproc.Sum(own, "otelcol_auth_events_refused_total"))
	assert.Equal(t, []string{"401"}, slices.Collect(maps.Keys(colproc.By(own, "otelcol_retry_status_responses_total", "http_response_status_code"))))
	assert.Empty(t, s.Events())

	require.NoError(t, os.WriteFile(keyFile, []byte(key), 0o600))
	require.Eventually(t, func() bool { return len(s.Events()) >= 10 }, e2etest.Patience, 20*time.Millisecond, p.Log())
	e2etest.Stop(t, p)
	assert.Len(t, s.Events(), 10)
	assert.Contains(t, p.Log(), "unknown API key")
	assert.Equal(t, 1, strings.Count(p.Log(), "The destination refuses what it is sent"), p.Log())
	assert.Equal(t, 1, strings.Count(p.Log(), "The destination takes again what it is sent"), p.Log())
	assert.NotContains(t, p.Log(), "another-canary")
	assert.NotContains(t, p.Log(), key)
}

// TestNoKey: without a key the collector does not start.
func TestNoKey(t *testing.T) {
	t.Parallel()
	p := start(t, started(t), t.TempDir(), "")
	code, err := p.Wait(e2etest.Patience)
	require.NoError(t, err)
	assert.Equal(t, 1, code)
	assert.Contains(t, p.Log(), "no bearer token provided")
}

// TestLongLine: what is longer than an event may be arrives as a line that could
// not be parsed, and not as an event that Honeycomb does not take.
func TestLongLine(t *testing.T) {
	t.Parallel()
	s := started(t)
	dir := t.TempDir()
	members := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"k%d":"%s",`, i, strings.Repeat("word ", 800))
		}
		return `{"type":"audit","event":"captcha_displayed",` + b.String() + `"ts":"2026-05-20T10:00:00.000Z"}` + "\n"
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hera.ndjson"), []byte(members(60)+members(300)), 0o600))
	p := start(t, s, dir, key)
	require.Eventually(t, func() bool { return len(s.Events())+len(s.Violations()) >= 2 }, e2etest.Patience, 20*time.Millisecond)
	e2etest.Stop(t, p)
	require.Empty(t, s.Violations())
	assert.Equal(t, "captcha_displayed", s.Events()[0].Fields["event.name"])
	assert.Equal(t, "too_long", s.Events()[1].Fields["auth.parse.error"])
}

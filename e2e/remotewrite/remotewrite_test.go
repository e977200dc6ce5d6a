//go:build unix

// Package remotewrite runs the configs that count for Prometheus, by remote write
// and by scrape, with a real one. `make e2e` builds the collector first.
package remotewrite

import (
	"fmt"
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

// writer is a collector with configs/prometheus-remote-write.yaml.
type writer struct {
	*colproc.Process
	server   *e2etest.Prometheus
	files    string // a glob
	state    string
	instance string
	interval string
}

func newWriter(t *testing.T, server *e2etest.Prometheus, files string) *writer {
	t.Helper()
	return &writer{server: server, files: files, state: t.TempDir(), instance: "idp1", interval: "200ms"}
}

func (w *writer) start(t *testing.T) {
	t.Helper()
	w.Process = e2etest.Start(t, colproc.Options{Config: "configs/prometheus-remote-write.yaml", Env: []string{
		"INSTANCE=" + w.instance, "METRICS_INTERVAL=" + w.interval, "REMOTE_WRITE_ENDPOINT=" + w.server.URL + "/api/v1/write",
		"AUTHEVENTS_INCLUDE=" + w.files, "STATE_DIR=" + w.state,
	}})
}

// stop ends the collector as an operator does, and returns its exit code. Its log
// may tell of an outage.
func (w *writer) stop(t *testing.T) (code int) {
	t.Helper()
	code, err := w.Stop(e2etest.Patience)
	require.NoError(t, err)
	return code
}

// read waits until the collector has read so many lines since it started.
func (w *writer) read(t *testing.T, lines int) {
	t.Helper()
	_, err := colproc.Await(t.Context(), w.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "otelcol_auth_events_lines_total") >= float64(lines)
	})
	require.NoError(t, err, w.Log())
}

// requireCounts waits until Prometheus has as many events as the plain script
// counts in the files, and holds each series against it.
func requireCounts(t *testing.T, server *e2etest.Prometheus, files ...string) {
	t.Helper()
	want := e2etest.AsPrometheus(t, e2etest.CountPlainly(t, files...).Metrics)
	total, names := 0.0, map[string]bool{}
	for series, value := range want {
		name, _, _ := strings.Cut(series, "{")
		if names[name] = true; name == "auth_events_total" {
			total += value
		}
	}
	server.Await("sum(auth_events_total)", func(v e2etest.Vector) bool { return v["{}"] >= total })
	got := map[string]float64{}
	for name := range names {
		for labels, value := range server.Must(fmt.Sprintf("sum without (instance, job, auth_category) (%s)", name)) {
			got[name+labels] = value
		}
	}
	e2etest.RequireSameCounts(t, want, got)
}

// TestLastCountsAtTheEnd: with an interval that never comes, what SIGTERM flushes
// is all there is, and it is complete.
func TestLastCountsAtTheEnd(t *testing.T) {
	t.Parallel()
	server := e2etest.NewPrometheus(t)
	w := newWriter(t, server, "testdata/sample/*.ndjson")
	w.interval = "1h"
	w.start(t)
	w.read(t, e2etest.CountPlainly(t, e2etest.Samples(t)...).Lines)
	require.Empty(t, server.Must("auth_events_total"))
	e2etest.Stop(t, w.Process)
	requireCounts(t, server, e2etest.Samples(t)...)
	assert.Equal(t, e2etest.Vector{"{instance=idp1,job=otelcol-auth}": 1},
		server.Must("count by (job, instance) (count by (job, instance, otel_scope_name) (auth_events_total))"))
}

// TestRestartAndOutage: counts go on over a restart of the collector and over an
// outage of Prometheus, in which the collector restarts as well. No series ever
// falls, and none is refused for its order.
func TestRestartAndOutage(t *testing.T) {
	t.Parallel()
	server := e2etest.NewPrometheus(t)
	file := filepath.Join(t.TempDir(), "hera.ndjson")
	w := newWriter(t, server, file)
	appendLines(t, file, 5)
	w.start(t)
	requireCounts(t, server, file)
	appendLines(t, file, 4)
	requireCounts(t, server, file)
	require.Zero(t, w.stop(t), w.Log())

	appendLines(t, file, 3)
	w.start(t)
	requireCounts(t, server, file)
	server.Stop()
	appendLines(t, file, 7)
	w.read(t, 10)
	require.Eventually(t, func() bool { return strings.Contains(w.Log(), "refused a flush") }, e2etest.Patience, 20*time.Millisecond)
	began := time.Now()
	assert.Equal(t, 1, w.stop(t), "the last counts could not be written, and the exit code says so")
	t.Logf("SIGTERM in the outage took %s", time.Since(began))
	w.start(t)
	appendLines(t, file, 2)
	w.read(t, 2)
	server.Start()
	requireCounts(t, server, file)
	require.Zero(t, w.stop(t), w.Log())

	assert.Empty(t, server.Must("resets(auth_events_total[1h]) > 0"))
	assert.Equal(t, e2etest.Vector{"{}": 21}, server.Must("sum(max_over_time(auth_captcha_challenges_total[1h]))"))
	increase := server.Must("sum(increase(auth_captcha_challenges_total[1h]))")["{}"]
	assert.InDelta(t, 16, increase, 1.5, "but for the 5 that it began with; increase() extrapolates")
	assert.NotContains(t, w.Log(), "out of order")
}

// appendLines appends displayed captchas to a file.
func appendLines(t *testing.T, file string, n int) {
	t.Helper()
	appendText(t, file, strings.Repeat(`{"type":"audit","event":"captcha_displayed","flow":"login","ts":"2026-05-20T10:00:00.000Z"}`+"\n", n))
}

func appendText(t *testing.T, file, text string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

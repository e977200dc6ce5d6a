//go:build unix

package loki

import (
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
	"github.com/authevents/otelcol-auth/internal/vendortest/loki"
	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// TestSample: all of the sample arrives, each event once, through a Loki that
// is busy and one that is down; nothing of it is personal; and what Prometheus
// scrapes is what the plain script counts.
func TestSample(t *testing.T) {
	t.Parallel()
	r := newRig(t, loki.Options{Tenant: tenant})
	files := e2etest.ShiftedSamples(t, time.Now())
	r.reads(files)
	want := e2etest.CountPlainly(t, files...)
	r.loki.Outage.Next(
		otlp.Answer{Status: http.StatusTooManyRequests, Message: "rate limit"}, otlp.Answer{},
		otlp.Answer{Status: http.StatusServiceUnavailable, RetryAfter: "1"}, otlp.Answer{Status: http.StatusBadGateway},
		otlp.Answer{Status: http.StatusUnauthorized, Message: "no org id"}) // which retry_status has sent again
	r.start()
	events := want.Events + want.Unparsed - want.Duplicates
	r.await(events)
	require.Equal(t, 4, r.loki.Outage.Refused())
	require.Empty(t, r.loki.Refusals())
	require.Empty(t, r.loki.Discarded())

	uids, text := map[string]int{}, map[string]string{}
	for _, e := range r.loki.Entries() {
		uids[e.Metadata["log_record_uid"]]++
		require.Less(t, len(e.Metadata), 60, "the page says so; Loki takes 128")
		for name, value := range e.Labels {
			require.Contains(t, []string{"service_name", "deployment_environment_name"}, name)
			text["label "+name] += value + "\n"
		}
		for name, value := range e.Metadata {
			text["structured metadata "+name] += value + "\n"
		}
		text["line"] += e.Line + "\n"
	}
	assert.Len(t, uids, events, "each event has a uid, and arrives once")
	e2etest.RequireNothingPersonal(t, files, text)
	for _, name := range []string{"user_id", "otel_event_name", "auth_method", "detected_level"} {
		assert.Contains(t, text, "structured metadata "+name, "the queries of the page need it")
	}
	requireFixture(t, r.loki.Entries())

	plain := e2etest.AsPrometheus(t, want.Metrics)
	counts, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "auth_events_total") >= float64(want.Events-want.Duplicates)
	})
	require.NoError(t, err)
	e2etest.RequireSameCounts(t, plain, e2etest.Series(counts))
	for _, c := range counts {
		require.NotContains(t, c.Labels, "instance", "a random one: each restart would begin new series")
		require.NotContains(t, c.Labels, "job")
	}
	e2etest.Stop(t, r.Process)
	e2etest.RequireNothingPersonal(t, files, map[string]string{"log": r.Log()})

	r.start() // the counts go on
	again, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "auth_events_total") >= float64(want.Events-want.Duplicates)
	})
	require.NoError(t, err, "after a restart")
	e2etest.RequireSameCounts(t, plain, e2etest.Series(again))
	require.Len(t, r.loki.Entries(), events)
	e2etest.Stop(t, r.Process)
	e2etest.RequireNothingPersonal(t, files, map[string]string{"log": r.Log()})
}

// TestLabels: what another component adds to the resource makes no index labels.
func TestLabels(t *testing.T) {
	t.Parallel()
	r := newRig(t, loki.Options{Tenant: tenant})
	r.overlays = []string{
		"yaml:processors::resource::attributes: [{key: k8s.pod.name, value: pod, action: insert}, {key: deployment.environment.name, value: prod, action: upsert}]",
		"yaml:service::pipelines::logs::processors: [resource, pii_scrub, filter/too_old, filter/too_new, transform/loki]",
	}
	r.write("hera.ndjson", heras(1, 0, 0, "label"))
	r.start()
	r.await(1)
	e2etest.Stop(t, r.Process)
	e := r.loki.Entries()[0]
	assert.Equal(t, map[string]string{"service_name": "hera", "deployment_environment_name": "prod"}, e.Labels)
	assert.NotContains(t, e.Metadata, "k8s_pod_name")
}

// TestGrafanaCloud: what the page says to lay over the config for it is enough.
func TestGrafanaCloud(t *testing.T) {
	t.Parallel()
	page := e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), "docs", "destinations", "loki.md"))
	_, after, found := strings.Cut(page, "```yaml\nextensions:\n")
	require.True(t, found)
	overlay, _, _ := strings.Cut(after, "```")
	path := filepath.Join(t.TempDir(), "cloud.yaml")
	require.NoError(t, os.WriteFile(path, []byte("extensions:\n"+overlay), 0o600))

	r := newRig(t, loki.Options{User: "123456", Password: "token-canary"})
	r.overlays, r.env = []string{path}, []string{"LOKI_USER=123456", "LOKI_TOKEN=token-canary"}
	r.write("hera.ndjson", heras(10, time.Minute, 0, "cloud"))
	r.start()
	r.await(10)
	e2etest.Stop(t, r.Process)
	require.Empty(t, r.loki.Refusals())
	assert.NotContains(t, r.Log(), "token-canary")
}

// TestKill: what is sent again after kill -9 is the same to Loki, which stores
// it once. Lines without a time of their own have that of their reading, and
// are the exception.
func TestKill(t *testing.T) {
	t.Parallel()
	r := newRig(t, loki.Options{Tenant: tenant})
	r.write("hera.ndjson", heras(8000, 30*time.Minute, 0, "kill"))
	r.loki.Outage.Next(otlp.Answer{}, otlp.Answer{}, otlp.Answer{})
	r.loki.Outage.Begin(otlp.Answer{Status: http.StatusServiceUnavailable})
	r.start()
	require.Eventually(t, func() bool { return r.loki.Outage.Refused() > 0 }, e2etest.Patience, time.Millisecond, "%s", r.Log())
	r.Kill()
	before := len(r.loki.Entries())
	require.NotZero(t, before)
	r.loki.Outage.End()
	r.start()
	r.await(8000)
	t.Logf("%d of 8000 were there before the kill, %d were sent again", before, r.loki.Duplicates())
	e2etest.Stop(t, r.Process)
	require.Len(t, r.loki.Entries(), 8000)
	require.Empty(t, r.loki.Refusals())
}

const leftOut = "otelcol_processor_filter_logs_filtered_total"

// TestWhatLokiRefuses: lines that are too old or ahead of the clock are left
// out and counted, and all others arrive. Without the filters Loki says no.
func TestWhatLokiRefuses(t *testing.T) {
	t.Parallel()
	lines := slices.Concat(
		heras(30, 8*24*time.Hour, 8*24*time.Hour, "old"),
		heras(20, -12*time.Minute, -12*time.Minute, "early"),
		heras(250, 7*24*time.Hour-15*time.Minute, 7*24*time.Hour-20*time.Minute, "nearly"),
		heras(250, 20*time.Minute, -5*time.Minute, "good"))

	t.Run("as shipped", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, loki.Options{Tenant: tenant})
		r.write("hera.ndjson", lines)
		r.start()
		r.await(500)
		own := r.own(func(s []colproc.Sample) bool { return colproc.Sum(s, leftOut) >= 50 })
		assert.Equal(t, map[string]float64{"filter/too_old": 30, "filter/too_new": 20}, colproc.By(own, leftOut, "filter"))
		assert.Zero(t, colproc.Sum(own, "otelcol_auth_events_refused_total"))
		e2etest.Stop(t, r.Process)
		assert.Empty(t, r.loki.Refusals())
	})
	t.Run("without filters", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, loki.Options{Tenant: tenant})
		r.overlays = []string{"yaml:service::pipelines::logs::processors: [pii_scrub, transform/loki]"}
		r.write("hera.ndjson", lines)
		r.start()
		r.await(500) // which are not told from those that are lost
		own := r.own(func(s []colproc.Sample) bool { return colproc.Sum(s, "otelcol_auth_events_refused_total") >= 550 })
		assert.EqualValues(t, 550, colproc.Sum(own, "otelcol_auth_events_refused_total"))
		assert.Equal(t, map[string]int{"greater_than_max_sample_age": 30, "too_far_in_future": 20}, r.loki.Discarded())
		assert.NotEmpty(t, r.loki.Refusals())
	})
}

// TestLongLines: long lines go in pushes of a size that Loki takes, and a line
// that is too long for it arrives as its event name.
func TestLongLines(t *testing.T) {
	t.Parallel()
	r := newRig(t, loki.Options{Tenant: tenant})
	var lines []string
	for range 600 {
		lines = append(lines, hera(0, strings.Repeat("word ", 3000)))
	}
	lines = append(lines, hera(0, strings.Repeat("word ", 60000)))
	r.write("hera.ndjson", lines)
	r.start()
	r.await(601)
	e2etest.Stop(t, r.Process)
	assert.Empty(t, r.loki.Refusals())
	names := 0
	for _, e := range r.loki.Entries() {
		assert.Equal(t, "pkce_failed", e.Metadata["otel_event_name"])
		if e.Line == "pkce_failed" {
			names++
		}
	}
	assert.Equal(t, 1, names)
}

// TestBacklog: several files of one service, from hours ago and read side by
// side, need time sharding: Loki refuses what is an hour behind in a stream.
func TestBacklog(t *testing.T) {
	t.Parallel()
	r := newRig(t, loki.Options{Tenant: tenant, TimeSharding: true})
	r.write("a.ndjson", heras(3000, 6*time.Hour, 5*time.Hour, "a"))
	r.write("b.ndjson", heras(3000, 3*time.Hour, 0, "b"))
	r.write("c.ndjson", heras(1000, 24*time.Hour, 0, "c"))
	r.start()
	r.await(7000)
	e2etest.Stop(t, r.Process)
	assert.Empty(t, r.loki.Refusals())
}

//go:build unix

// Package authctl holds the companion command against the built collector.
package authctl

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// lookBack are the metrics, without their prefix, of which a line adds what depends on
// those before it: unique users, funnels, and what pairs of events tell. explain begins
// anew with each line, and so they are left out here, and nothing else is. Of
// pkce.abandoned, another one, the sample has none.
var lookBack = []string{"users.unique", "funnel.users", "mfa.challenge.duration", "mfa.challenges.abandoned"}

// metricOf is the name of a series' metric, and says whether that looks back.
func metricOf(id string) (name string, looksBack bool) {
	name, _, _ = strings.Cut(id, "{")
	_, rest, _ := strings.Cut(name, ".")
	return name, slices.Contains(lookBack, rest)
}

// TestExplainAgrees runs each file of the sample through the collector and through
// authctl explain, under one key: what is said to leave is what leaves, of every
// line, and what is said to be counted of each adds up to what is counted.
func TestExplainAgrees(t *testing.T) {
	tool := build(t)
	looked := map[string]bool{}
	for _, file := range e2etest.Samples(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := &setup{config: "configs/quickstart.yaml", file: file}
			got, counts := s.requireAgrees(t, tool)
			assert.Greater(t, len(got.left["logs/analytics"]), 700)
			assert.Equal(t, e2etest.CountPlainly(t, file).Duplicates, got.again)
			for id := range counts {
				name, _ := metricOf(id)
				looked[name] = true
			}
		})
	}
	for _, name := range lookBack {
		assert.True(t, looked["auth."+name], "%s is left out, and there is no such metric", name)
	}
}

// environments are what the shipped configurations ask for, beside what all get.
var environments = map[string][]string{
	"cloudwatch": {"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=0123456789", "AWS_EC2_METADATA_DISABLED=true"},
	"datadog":    {"DD_API_KEY=dd0c0ffee0ddc0ffee0ddc0ffee0dd00"}, "datadog-otlp": {"DD_API_KEY=dd0c0ffee0ddc0ffee0ddc0ffee0dd00"},
	"gateway":     {"KAFKA_TOPIC=auth-events", "KAFKA_ENCODING=auth_events_encoding"},
	"high-volume": {"SAMPLER_PER_SECOND=100000"}, // it decides by uids, which are others
	"honeycomb":   {"HONEYCOMB_API_KEY=0123456789"},
	"postgres":    {"POSTGRES_DSN=postgres://otelcol:secret@127.0.0.1:1/audit"}, "prometheus-remote-write": {"INSTANCE=idp-1", "METRICS_INTERVAL=300ms"},
}

// TestExplainAgreesByConfig does the same with every shipped configuration, and with
// one that has what those do not: rules, a policy in mode: audit, and processors of
// other kinds.
func TestExplainAgreesByConfig(t *testing.T) {
	tool := build(t)
	month := 30 * 24 * time.Hour
	now := time.Now()
	at := func(t time.Time) string {
		return `{"type":"audit","event":"mfa_challenge_failed","method":"totp","ts":"` + t.UTC().Format(time.RFC3339) + `"}`
	}
	file := thinned(t, e2etest.ShiftedSamples(t, now.Add(-time.Minute)), at(now.Add(-month)), at(now.Add(month)))
	configs, err := filepath.Glob(filepath.Join(e2etest.Root(t), "configs", "*.yaml"))
	require.NoError(t, err)
	require.Greater(t, len(configs), 14)
	for _, config := range configs {
		name := strings.TrimSuffix(filepath.Base(config), ".yaml")
		t.Run(name, func(t *testing.T) {
			s := &setup{config: "configs/" + name + ".yaml", file: file, env: environments[name], messages: name == "kafka" || name == "gateway"}
			if name == "high-volume" { // what its processor counts
				s.overlays = []string{"e2e/testdata/otlp_reader.yaml"}
			}
			got, counts := s.requireAgrees(t, tool)
			if text := e2etest.ReadFile(t, config); strings.Contains(text, "event_metrics:") {
				assert.Greater(t, len(counts), 50)
			}
			dropped := map[string]int{}
			if name == "loki" {
				dropped = map[string]int{"filter/too_old": 1, "filter/too_new": 1}
			}
			assert.Equal(t, dropped, got.dropped)
		})
	}
	t.Run("policies", func(t *testing.T) {
		s := &setup{config: "configs/quickstart.yaml", overlays: []string{"e2e/authctl/testdata/policies.yaml"}, file: file}
		got, counts := s.requireAgrees(t, tool)
		assert.Greater(t, got.dropped["filter"], 30)
		for _, prefix := range []string{"auth.events{", "idp.events{", "own.events{", "own.durations{", "own.attempts.by.reason{"} {
			assert.True(t, slices.ContainsFunc(slices.Collect(maps.Keys(counts)), func(id string) bool { return strings.HasPrefix(id, prefix) }), prefix)
		}
	})
}

// requireAgrees runs both, and returns what they said.
func (s *setup) requireAgrees(t *testing.T, tool string) (said, map[string]series) {
	t.Helper()
	s.out = t.TempDir()
	got := s.explained(t, tool)
	records := 0
	for _, left := range got.left {
		records += len(left)
	}
	require.Greater(t, records, 700)
	want, counts := s.collected(t, records)
	require.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got.left)))
	for pipeline, left := range want {
		require.Len(t, got.left[pipeline], len(left), pipeline)
		// The collector puts records together by resource and scope.
		sorted(left)
		sorted(got.left[pipeline])
		for i := range left {
			require.Equal(t, left[i], got.left[pipeline][i], "%s: record %d", pipeline, i)
		}
	}
	requireCounts(t, counts, &got)
	return got, counts
}

// requireCounts holds the sum of what explain says of each line against what the
// collector has at its end: of each series the value, of a histogram the count of
// its values as well.
func requireCounts(t *testing.T, want map[string]series, got *said) {
	t.Helper()
	compared := 0
	for id, series := range want {
		if _, leftOut := metricOf(id); leftOut {
			continue
		}
		compared++
		require.NotEqual(t, "gauge", series.kind, id)
		require.InDelta(t, series.value, got.adds[id], 1e-6, id)
		if series.kind == "histogram" {
			require.InDelta(t, series.count, got.times[id], 0, id)
		}
	}
	for id := range got.adds {
		_, leftOut := metricOf(id)
		_, there := want[id]
		require.True(t, there || leftOut, "the collector does not count %s", id)
	}
	require.True(t, compared > 0 || len(got.adds) == 0, "nothing was compared")
}

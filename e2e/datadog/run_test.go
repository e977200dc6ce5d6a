//go:build unix

// Package datadog runs the built collector with the configs for Datadog, against
// a server that demands what Datadog's documentation does. `make e2e` builds
// the collector first.
package datadog

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	vendor "github.com/authevents/otelcol-auth/internal/vendortest/datadog"
)

// TestDatadog runs both configs on one set of samples.
func TestDatadog(t *testing.T) {
	t.Parallel()
	s := e2etest.KnowSamples(t)
	for name, test := range map[string]func(*testing.T, e2etest.KnownSamples){
		"OTLP": otlpDelivers, "OTLP, killed": otlpOutlivesAKill, "OTLP, waits": otlpWaits, "OTLP, refused for good": otlpRefusedForGood,
		"exporter": exporterDelivers, "exporter, killed": exporterSaysYesTooSoon, "exporter, wrong key": exporterWrongKey,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

const (
	exporterConfig = "configs/datadog.yaml"
	otlpConfig     = "configs/datadog-otlp.yaml"

	apiKey = "dd0c0ffee0ddc0ffee0ddc0ffee0dd00"
	host   = "idp-1"
)

// run is one collector with a state of its own, and its Datadog.
type run struct {
	e2etest.KnownSamples
	config string
	state  string
	key    string
	server *vendor.Server
	// overlays are laid over the config.
	overlays []string
}

func newRun(t *testing.T, config string, s e2etest.KnownSamples) *run {
	t.Helper()
	return &run{KnownSamples: s, config: config, key: apiKey, state: t.TempDir(), server: vendor.New(t, apiKey)}
}

func (r *run) start(t *testing.T) *colproc.Process {
	t.Helper()
	return e2etest.Start(t, colproc.Options{
		Config:   r.config,
		Overlays: append([]string{"yaml:connectors::event_metrics::interval: 2s"}, r.overlays...),
		Env: []string{
			"DD_API_KEY=" + r.key, "DD_HOSTNAME=" + host, "STATE_DIR=" + r.state, r.Include(),
			"DD_LOGS_ENDPOINT=" + r.server.URL, "DD_METRICS_ENDPOINT=" + r.server.URL, "DD_OTLP_ENDPOINT=" + r.server.URL,
		},
	})
}

// arrived counts the logs at the server by log.record.uid.
func arrived(s *vendor.Server) map[string]int {
	uids := map[string]int{}
	for _, l := range s.Logs() {
		uid, _ := l.Attributes["log.record.uid"].(string)
		uids[uid]++
	}
	return uids
}

// awaitLogs waits until as many logs have arrived as there are.
func (r *run) awaitLogs(t *testing.T, p *colproc.Process) {
	t.Helper()
	if !assert.Eventually(t, func() bool { return len(r.server.Logs()) >= r.Records() }, e2etest.Patience, 50*time.Millisecond) {
		require.FailNow(t, "logs are missing", "%d of %d: %v\n%s", len(r.server.Logs()), r.Records(), r.server.Refusals(), p.Log())
	}
}

// asDatadog writes the script's series as Datadog does: tags normalized, the
// parts of a histogram with a dot.
func asDatadog(t *testing.T, plain map[string]float64) map[string]float64 {
	t.Helper()
	out := map[string]float64{}
	for series, value := range plain {
		name, labels, ok := strings.Cut(strings.TrimSuffix(series, "}"), "{")
		require.True(t, ok, series)
		for _, part := range []string{"count", "sum"} {
			if base, isPart := strings.CutSuffix(name, "_"+part); isPart {
				name = base + "." + part
			}
		}
		var tags []string
		for label := range strings.SplitSeq(labels, ",") {
			key, v, _ := strings.Cut(label, "=")
			tags = append(tags, key+":"+v)
		}
		out[vendor.Series(name, tags)] += value
	}
	return out
}

// counts are those at the server without the tags that the script does not know,
// the event's category and the collector's service, and without what only the
// exporter sends.
func counts(s *vendor.Server) map[string]float64 {
	out := map[string]float64{}
	for series, value := range s.Counts() {
		name, tags, _ := strings.Cut(strings.TrimSuffix(series, "}"), "{")
		if !strings.HasPrefix(name, "auth.") || strings.Contains(name, ".sketch.") {
			continue
		}
		kept := slices.DeleteFunc(strings.Split(tags, ","), func(tag string) bool {
			return strings.HasPrefix(tag, "auth.category:") || strings.HasPrefix(tag, "service:")
		})
		out[vendor.Series(name, kept)] += value
	}
	return out
}

// missing says which of the script's series have not arrived in full.
func missing(want, got map[string]float64) map[string]float64 {
	m := map[string]float64{}
	for series, value := range want {
		if d := value - got[series]; d > 1e-6 || d < -1e-6 {
			m[series] = d
		}
	}
	return m
}

// requireMapped holds the logs' reserved attributes against what the records say.
func requireMapped(t *testing.T, logs []vendor.Log) {
	t.Helper()
	statuses, services, envs := map[string]int{}, map[string]int{}, 0
	for _, l := range logs {
		statuses[l.Status]++
		services[l.Service]++
		assert.Equal(t, "otelcol-auth", l.Source)
		assert.Equal(t, host, l.Host)
		if slices.Contains(l.Tags, "env:production") {
			envs++
		}
		assert.NotEmpty(t, l.Message, "the body is the message")
	}
	for _, status := range []string{"info", "warn", "error"} {
		assert.NotZero(t, statuses[status], status)
	}
	assert.Len(t, statuses, 3)
	assert.NotZero(t, services["hera"])
	assert.NotZero(t, services["identity-idp"])
	assert.NotZero(t, envs)
}

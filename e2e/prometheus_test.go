//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThreeCollectorsAddUp: three collectors, each with a third of the input,
// scraped by a real Prometheus. Each has an instance of its own, and their sums are
// what the plain script counts in all of the input.
func TestThreeCollectorsAddUp(t *testing.T) {
	parts := thirds(t, samples(t)...)
	want := asPrometheus(t, countPlainly(t, samples(t)...).Metrics)
	var urls []string
	var runs []*run
	for _, part := range parts {
		r := newRun(t, part)
		r.overlays = []string{"yaml:connectors::event_metrics::interval: 200ms"}
		r.start(t)
		urls, runs = append(urls, r.MetricsURL), append(runs, r)
	}
	server := newPromServer(t, urls...)
	names := map[string]bool{}
	for name := range want {
		metric, _, _ := strings.Cut(name, "{")
		names[metric] = true
	}
	// Prometheus' own labels for the target, and what tells the collectors apart.
	const sum = `sum without (instance, job, exported_instance, exported_job, otel_scope_name, otel_scope_version, otel_scope_schema_url, auth_category) (%s)`
	total := 0.0
	for name, value := range want {
		if strings.HasPrefix(name, "auth_events_total{") {
			total += value
		}
	}
	server.await("sum(auth_events_total)", func(v vector) bool { return v["{}"] >= total })
	got := map[string]float64{}
	for name := range names {
		for labels, value := range server.must(fmt.Sprintf(sum, name)) {
			got[name+labels] = value
		}
	}
	requireSameCounts(t, want, got)
	instances := server.must(`count by (exported_instance) (auth_events_total)`)
	assert.Len(t, instances, len(parts), "each collector's service.instance.id: %v", instances)
	assert.NotContains(t, instances, "{}")
	for _, r := range runs {
		r.stop(t)
	}
}

// thirds cuts files into three folders, each with a run of neighbouring lines
// of each file, so that a line that repeats the one before it stays with it.
// It returns patterns of their files.
func thirds(t *testing.T, files ...string) []string {
	t.Helper()
	var patterns []string
	for i := range 3 {
		dir := t.TempDir()
		for _, file := range files {
			lines := strings.SplitAfter(readFile(t, file), "\n")
			part := lines[i*len(lines)/3 : (i+1)*len(lines)/3]
			require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(strings.Join(part, "")), 0o600))
		}
		patterns = append(patterns, filepath.Join(dir, "*.ndjson"))
	}
	return patterns
}

// TestPromtoolAccepts: promtool finds nothing wrong with what the connector's
// prometheus exporter and the processor's reader expose.
func TestPromtoolAccepts(t *testing.T) {
	want := countPlainly(t, samples(t)...)
	connector, processor := newRun(t, "testdata/sample/*.ndjson"), newRun(t, "testdata/sample/*.ndjson")
	connector.overlays = []string{"yaml:connectors::event_metrics::interval: 200ms"}
	connector.start(t)
	connector.drain(t, want.Lines)
	processor.config = withProcessor(t)
	processor.start(t)
	processor.read(t, want.Lines)
	for name, url := range map[string]string{"connector": connector.MetricsURL, "processor": processor.TelemetryURL} {
		var out bytes.Buffer
		cmd := exec.CommandContext(t.Context(), tool(t, "promtool"), "check", "metrics")
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(ours(t, url)), &out, &out
		assert.NoError(t, cmd.Run(), "%s: %s", name, out.String())
		assert.Empty(t, out.String(), name)
	}
	connector.stop(t)
	processor.stop(t)
}

// ours is what an endpoint exposes of the catalogue, as it stands there.
func ours(t *testing.T, url string) string {
	t.Helper()
	_, exposition, _ := strings.Cut(get(t, url), "\n") // the answer's status and headers
	var b strings.Builder
	for line := range strings.Lines(exposition) {
		name := strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE ")
		if strings.HasPrefix(name, "auth_") {
			b.WriteString(line)
		}
	}
	require.NotEmpty(t, b.String())
	return b.String()
}

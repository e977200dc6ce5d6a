//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestThreeCollectorsAddUp: three collectors, each with a third of the input,
// scraped by a real Prometheus. Each has an instance of its own, and their sums are
// what the plain script counts in all of the input.
func TestThreeCollectorsAddUp(t *testing.T) {
	three := startThree(t)
	three.requireCounts(e2etest.Samples(t)...)
	instances := three.server.Must(`count by (exported_instance) (auth_events_total)`)
	assert.Len(t, instances, len(three.runs), "each collector's service.instance.id: %v", instances)
	assert.NotContains(t, instances, "{}")
	three.stop()
}

// three collectors and the Prometheus that scrapes them.
type three struct {
	t      *testing.T
	runs   []*run
	dirs   []string // of their input
	server *e2etest.Prometheus
}

func startThree(t *testing.T, overlays ...string) *three {
	t.Helper()
	all := &three{t: t, dirs: thirds(t, e2etest.Samples(t)...)}
	var urls []string
	for _, dir := range all.dirs {
		r := newRun(t, filepath.Join(dir, "*.ndjson"))
		r.overlays = append([]string{"yaml:connectors::event_metrics::interval: 200ms"}, overlays...)
		r.start(t)
		all.runs = append(all.runs, r)
		urls = append(urls, stableURL(t, r))
	}
	all.server = e2etest.NewPrometheus(t, urls...)
	return all
}

// stableURL leads to the collector's metrics, on whichever port it runs now.
func stableURL(t *testing.T, r *run) string {
	t.Helper()
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			target, err := url.Parse(r.MetricsURL)
			assert.NoError(t, err)
			p.Out.URL = target
		},
		ErrorLog: log.New(io.Discard, "", 0), // of scrapes while the collector is down
	})
	t.Cleanup(server.Close)
	return server.URL
}

// requireCounts waits until Prometheus has as many events as the plain script
// counts in the files, and holds each sum over the collectors against it.
func (a *three) requireCounts(files ...string) {
	a.t.Helper()
	want := e2etest.AsPrometheus(a.t, e2etest.CountPlainly(a.t, files...).Metrics)
	total, names := 0.0, map[string]bool{}
	for series, value := range want {
		name, _, _ := strings.Cut(series, "{")
		if names[name] = true; name == "auth_events_total" {
			total += value
		}
	}
	a.server.Await("sum(auth_events_total)", func(v e2etest.Vector) bool { return v["{}"] >= total })
	// Without Prometheus' own labels for the target, what tells the collectors
	// apart, and what the script does not know.
	const sum = `sum without (instance, job, exported_instance, exported_job, otel_scope_name, otel_scope_version, otel_scope_schema_url, auth_category) (%s)`
	got := map[string]float64{}
	for name := range names {
		for labels, value := range a.server.Must(fmt.Sprintf(sum, name)) {
			got[name+labels] = value
		}
	}
	e2etest.RequireSameCounts(a.t, want, got)
}

func (a *three) stop() {
	a.t.Helper()
	for _, r := range a.runs {
		r.stop(a.t)
	}
}

// thirds cuts files into three folders, each with a run of neighbouring lines
// of each file, so that a line that repeats the one before it stays with it.
// It returns the folders.
func thirds(t *testing.T, files ...string) []string {
	t.Helper()
	var dirs []string
	for i := range 3 {
		dir := t.TempDir()
		for _, file := range files {
			lines := strings.SplitAfter(e2etest.ReadFile(t, file), "\n")
			part := lines[i*len(lines)/3 : (i+1)*len(lines)/3]
			require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(strings.Join(part, "")), 0o600))
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// TestPromtoolAccepts: promtool finds nothing wrong with what the connector's
// prometheus exporter and the processor's reader expose.
func TestPromtoolAccepts(t *testing.T) {
	want := e2etest.CountPlainly(t, e2etest.Samples(t)...)
	connector, processor := newRun(t, "testdata/sample/*.ndjson"), newRun(t, "testdata/sample/*.ndjson")
	connector.overlays = []string{"yaml:connectors::event_metrics::interval: 200ms"}
	connector.start(t)
	connector.drain(t, want.Lines)
	processor.config = withProcessor(t)
	processor.start(t)
	processor.read(t, want.Lines)
	for name, url := range map[string]string{"connector": connector.MetricsURL, "processor": processor.TelemetryURL} {
		var out bytes.Buffer
		cmd := exec.CommandContext(t.Context(), e2etest.Tool(t, "promtool"), "check", "metrics")
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

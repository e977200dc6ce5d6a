//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestProcessorCounts counts by the processor in place of the connector: the
// same counts come out of the collector's own metrics endpoint.
func TestProcessorCounts(t *testing.T) {
	files := e2etest.Samples(t)
	want := e2etest.CountPlainly(t, files...)
	r := newRun(t, "testdata/sample/*.ndjson")
	r.config = withProcessor(t)
	r.start(t)
	e2etest.RequireSameCounts(t, e2etest.AsPrometheus(t, want.Metrics), e2etest.Series(r.read(t, want.Lines)))
	r.stop(t)
}

// withProcessor is the quickstart config with the processor event_metrics
// behind pii_scrub, and without the connector.
func withProcessor(t *testing.T) string {
	t.Helper()
	config := e2etest.ReadFile(t, filepath.Join(root, "configs", "quickstart.yaml"))
	for _, change := range [][2]string{
		{"connectors:\n  event_metrics:\n    interval: 5s\n", ""},
		{"processors:\n  pii_scrub:", "processors:\n  event_metrics: {}\n  pii_scrub:"},
		{"processors: [pii_scrub]", "processors: [pii_scrub, event_metrics]"},
		{"exporters: [file/logs, event_metrics]", "exporters: [file/logs]"},
		{"    metrics:\n      receivers: [event_metrics]\n      exporters: [file/metrics, prometheus]\n", ""},
	} {
		require.Equal(t, 1, strings.Count(config, change[0]), change[0])
		config = strings.Replace(config, change[0], change[1], 1)
	}
	path := filepath.Join(t.TempDir(), "processor.yaml")
	require.NoError(t, os.WriteFile(path, []byte(config), 0o600))
	return path
}

//go:build unix

// Package e2e runs the built collector as its users do. `make e2e` builds it
// first.
package e2e

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

const (
	root = ".."
	// patience is for a loaded machine; nothing waits for it in vain.
	patience = time.Minute

	linesRead     = "otelcol_auth_events_lines_total"
	countedEvents = "otelcol_event_metrics_records_total"
)

// run is one collector with folders of its own.
type run struct {
	*colproc.Process
	config   string
	overlays []string // laid over it
	out      string
	state    string
	env      []string
	stdin    io.Reader
}

// newRun prepares the quickstart config on the files that match include.
func newRun(t *testing.T, include string) *run {
	t.Helper()
	dir := t.TempDir()
	return &run{
		config: "configs/quickstart.yaml",
		out:    filepath.Join(dir, "out", "deep"), // directories are created
		state:  filepath.Join(dir, "state"),
		env:    []string{"AUTHEVENTS_INCLUDE=" + include, "PIISCRUB_KEY=0123456789abcdef0123456789abcdef"},
	}
}

func (r *run) start(t *testing.T) {
	t.Helper()
	p, err := colproc.Start(t.Context(), colproc.Options{
		Binary:   binary(t),
		Config:   r.config,
		Overlays: r.overlays,
		Dir:      root,
		Env:      append(r.env, "OUT_DIR="+r.out, "STATE_DIR="+r.state),
		Stdin:    r.stdin,
		Ports:    true,
	})
	require.NoError(t, err)
	t.Cleanup(p.Kill)
	r.Process = p
}

// binary is what `make build` writes.
func binary(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, "_build", "otelcol-auth"))
	require.NoError(t, err)
	require.FileExists(t, path, "run make build first")
	return path
}

// drain waits until the collector has read so many lines and the counts of
// all events are served; it returns what both endpoints serve.
func (r *run) drain(t *testing.T, lines int) (counts, own []colproc.Sample) {
	t.Helper()
	own = r.read(t, lines)
	counted := colproc.Sum(own, countedEvents, "result", "counted")
	counts, err := colproc.Await(t.Context(), r.MetricsURL, patience, func(s []colproc.Sample) bool {
		return colproc.Sum(s, "auth_events_total") >= counted
	})
	require.NoError(t, err, r.Log())
	return counts, own
}

// read waits until the collector has read so many lines, and returns its own
// metrics. They are scraped once more for it: within one scrape, what is
// collected first may be older than the lines.
func (r *run) read(t *testing.T, lines int) []colproc.Sample {
	t.Helper()
	enough := func(s []colproc.Sample) bool { return colproc.Sum(s, linesRead) >= float64(lines) }
	_, err := colproc.Await(t.Context(), r.TelemetryURL, patience, enough)
	require.NoError(t, err, r.Log())
	own, err := colproc.Await(t.Context(), r.TelemetryURL, patience, enough)
	require.NoError(t, err, r.Log())
	return own
}

// stop ends the collector as an operator does, and fails unless it ends well.
func (r *run) stop(t *testing.T) {
	t.Helper()
	code, err := r.Stop(patience)
	require.NoError(t, err)
	require.Zero(t, code, r.Log())
	requireNoErrors(t, r.Log())
}

// requireNoErrors fails on a line of level error in the collector's own log.
func requireNoErrors(t *testing.T, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		fields := strings.Split(line, "\t")
		require.False(t, len(fields) > 1 && fields[1] == "error", line)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// recordCount counts the log records in a file of OTLP JSON lines.
func recordCount(t *testing.T, otlp string) int {
	t.Helper()
	n := 0
	eachRecord(t, otlp, func(map[string]any) { n++ })
	return n
}

// eachRecord decodes OTLP JSON lines with encoding/json alone: the test is not
// to share code with what wrote them.
func eachRecord(t *testing.T, otlp string, visit func(record map[string]any)) {
	t.Helper()
	type scopeLogs struct {
		LogRecords []map[string]any `json:"logRecords"`
	}
	type resourceLogs struct {
		ScopeLogs []scopeLogs `json:"scopeLogs"`
	}
	for line := range strings.Lines(otlp) {
		var batch struct {
			ResourceLogs []resourceLogs `json:"resourceLogs"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &batch))
		for _, rl := range batch.ResourceLogs {
			for _, sl := range rl.ScopeLogs {
				for _, record := range sl.LogRecords {
					visit(record)
				}
			}
		}
	}
}

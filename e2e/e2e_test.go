//go:build unix

// Package e2e runs the built collector as its users do. `make e2e` builds it
// first.
package e2e

import (
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

const (
	root = ".."

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
		env:    []string{"AUTHEVENTS_INCLUDE=" + include},
	}
}

func (r *run) start(t *testing.T) {
	t.Helper()
	r.Process = e2etest.Start(t, colproc.Options{
		Config:   r.config,
		Overlays: r.overlays,
		Env:      append(r.env, "OUT_DIR="+r.out, "STATE_DIR="+r.state),
		Stdin:    r.stdin,
	})
}

// drain waits until the collector has read so many lines and the counts of
// all events are served; it returns what both endpoints serve.
func (r *run) drain(t *testing.T, lines int) (counts, own []colproc.Sample) {
	t.Helper()
	own = r.read(t, lines)
	counted := colproc.Sum(own, countedEvents, "result", "counted")
	served := 0
	counts, err := colproc.Await(t.Context(), r.MetricsURL, e2etest.Patience, func(s []colproc.Sample) bool {
		// The exporter takes a flush metric by metric: a scrape in the midst of it
		// has some of them only.
		whole := len(s) == served
		served = len(s)
		return whole && colproc.Sum(s, "auth_events_total") >= counted
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
	_, err := colproc.Await(t.Context(), r.TelemetryURL, e2etest.Patience, enough)
	require.NoError(t, err, r.Log())
	own, err := colproc.Await(t.Context(), r.TelemetryURL, e2etest.Patience, enough)
	require.NoError(t, err, r.Log())
	return own
}

// stop ends the collector as an operator does, and fails unless it ends well.
func (r *run) stop(t *testing.T) {
	t.Helper()
	e2etest.Stop(t, r.Process)
}

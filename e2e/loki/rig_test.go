//go:build unix

// Package loki runs configs/loki.yaml with the built collector against a Loki
// that internal/vendortest/loki plays.
package loki

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
	"github.com/authevents/otelcol-auth/internal/vendortest/loki"
)

const tenant = "identity"

// rig is a Loki and a collector, with folders of their own.
type rig struct {
	t    *testing.T
	loki *loki.Server
	// dir is read: each *.ndjson in it.
	dir, state string
	overlays   []string
	env        []string
	*colproc.Process
}

func newRig(t *testing.T, o loki.Options) *rig {
	t.Helper()
	s := loki.Start(o)
	t.Cleanup(s.Close)
	dir := t.TempDir()
	return &rig{
		t: t, loki: s, dir: filepath.Join(dir, "in"), state: filepath.Join(dir, "state"),
		env: []string{"LOKI_TENANT=" + tenant},
	}
}

// reads has the collector read these files.
func (r *rig) reads(files []string) { r.dir = filepath.Dir(files[0]) }

// write makes a file of these lines.
func (r *rig) write(name string, lines []string) {
	r.t.Helper()
	require.NoError(r.t, os.MkdirAll(r.dir, 0o755))
	require.NoError(r.t, os.WriteFile(filepath.Join(r.dir, name), []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

func (r *rig) start() {
	r.t.Helper()
	r.Process = e2etest.Start(r.t, colproc.Options{
		Config:   "configs/loki.yaml",
		Overlays: r.overlays,
		Env:      append(r.env, "AUTHEVENTS_INCLUDE="+filepath.Join(r.dir, "*.ndjson"), "STATE_DIR="+r.state, "LOKI_ENDPOINT="+r.loki.URL),
	})
}

// await waits until Loki has so many entries, and no more come with them.
func (r *rig) await(entries int) {
	r.t.Helper()
	arrived := func() bool { return len(r.loki.Entries()) >= entries }
	if !assert.Eventually(r.t, arrived, e2etest.Patience, 20*time.Millisecond) {
		r.t.Fatalf("discarded: %v\n%s", r.loki.Discarded(), r.Log())
	}
	require.Equal(r.t, entries, len(r.loki.Entries()))
}

// own waits until the collector's own metrics are so, and returns them.
func (r *rig) own(ok func([]colproc.Sample) bool) []colproc.Sample {
	r.t.Helper()
	samples, err := colproc.Await(r.t.Context(), r.TelemetryURL, e2etest.Patience, ok)
	require.NoError(r.t, err, r.Log())
	return samples
}

// hera is a line of Hera from so long ago, with a reason of its own.
func hera(ago time.Duration, reason string) string {
	return fmt.Sprintf(`{"type":"audit","event":"pkce_failed","reason":%q,"client_id":"athena-web","domain":"ciam","ts":%q}`,
		reason, time.Now().Add(-ago).UTC().Format("2006-01-02T15:04:05.000Z"))
}

func heras(n int, from, to time.Duration, name string) (lines []string) {
	for i := range n {
		ago := from + (to-from)*time.Duration(i)/time.Duration(n)
		lines = append(lines, hera(ago, fmt.Sprintf("%s-%d", name, i)))
	}
	return lines
}

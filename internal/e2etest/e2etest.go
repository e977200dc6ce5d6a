//go:build unix

// Package e2etest is what the end-to-end tests share: the built collector, a
// real Prometheus, and the counts of the plain script. `make e2e` builds the
// collector first.
package e2etest

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
)

// Patience is for a loaded machine; nothing waits for it in vain.
const Patience = time.Minute

// Key is that of the tests' pseudonyms.
const Key = "0123456789abcdef0123456789abcdef"

// Root is the project's folder: the nearest one above the test's that has the
// distribution's manifest.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "builder-config.yaml")); err == nil {
			return dir
		}
		require.NotEqual(t, dir, filepath.Dir(dir), "no builder-config.yaml above the test's folder")
		dir = filepath.Dir(dir)
	}
}

// Binary is what `make build` writes.
func Binary(t testing.TB) string {
	t.Helper()
	path := filepath.Join(Root(t), "_build", "otelcol-auth")
	require.FileExists(t, path, "run make build first")
	return path
}

// Start runs the collector in the project's folder, with free ports and Key,
// and kills it at the test's end if it still runs. Options need no more than a
// Config, a path such as configs/loki.yaml, and Env.
func Start(t testing.TB, o colproc.Options) *colproc.Process {
	t.Helper()
	o.Binary, o.Dir, o.Ports = Binary(t), Root(t), true
	o.Env = append([]string{"PIISCRUB_KEY=" + Key}, o.Env...)
	p, err := colproc.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(p.Kill)
	return p
}

// Stop ends the collector as an operator does, and fails unless it ends well.
func Stop(t testing.TB, p *colproc.Process) {
	t.Helper()
	code, err := p.Stop(Patience)
	require.NoError(t, err)
	require.Zero(t, code, p.Log())
	RequireNoErrors(t, p.Log())
}

// RequireNoErrors fails on a line of level error in the collector's own log.
func RequireNoErrors(t testing.TB, log string) {
	t.Helper()
	for line := range strings.Lines(log) {
		fields := strings.Split(line, "\t")
		require.False(t, len(fields) > 1 && fields[1] == "error", line)
	}
}

// Samples are the files that `make run` shows.
func Samples(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Root(t), "testdata", "sample", "*.ndjson"))
	require.NoError(t, err)
	require.Len(t, files, 2)
	return files
}

// ReadFile returns a file's content.
func ReadFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// FreePort is a port of 127.0.0.1 that nobody listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

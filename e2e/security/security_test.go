//go:build linux

// Package security holds what docs/security.md says against the built
// collector: who is let in, what is listened on, and what is shown of secrets
// and of the data. `make e2e` builds it first.
package security

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// file writes a file of a folder of its own.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	write(t, path, []byte(text))
	return path
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

func options(config string, env ...string) colproc.Options {
	return colproc.Options{Config: config, Env: env}
}

// start runs a config, and waits until the collector says that it is ready.
func start(t *testing.T, config string, env ...string) *colproc.Process {
	t.Helper()
	return startWith(t, options(config, env...))
}

func startWith(t *testing.T, o colproc.Options) *colproc.Process {
	t.Helper()
	// Standard input stays open, for a config that ends with it.
	stdin, open, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = open.Close() })
	o.Stdin = stdin
	p := e2etest.Start(t, o)
	require.NoError(t, stdin.Close())
	require.Eventually(t, func() bool {
		return p.Ended() || strings.Contains(p.Log(), "Everything is ready")
	}, e2etest.Patience, poll)
	require.False(t, p.Ended(), p.Log())
	return p
}

// command runs a command of the collector to its end, and returns all that it
// says.
func command(t *testing.T, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), e2etest.Binary(t), args...)
	cmd.Dir = e2etest.Root(t)
	cmd.Env = append(append(os.Environ(), "PIISCRUB_KEY="+e2etest.Key), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

//go:build linux

package memlimit

import (
	"io/fs"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGroup: a process that takes less than the limit runs, one that takes more is
// killed, and both are counted. Who may make no group is told so.
func TestGroup(t *testing.T) {
	const limit = 32 << 20
	g, err := New(limit)
	if err != nil {
		var pathError *fs.PathError
		require.ErrorAs(t, err, &pathError)
		assert.ErrorContains(t, err, "a control group with a memory limit: ")
		return
	}
	shell, err := g.Script(t.TempDir(), "/bin/sh")
	require.NoError(t, err)
	run := func(script string) error { return exec.CommandContext(t.Context(), shell, "-c", script).Run() }

	require.NoError(t, run("true"))
	killed, err := g.Killed()
	require.NoError(t, err)
	assert.Zero(t, killed)
	// A shell holds what a command prints: 100 MB of zeros made letters.
	require.Error(t, run("x=$(head -c 100000000 /dev/zero | tr '\\0' x)"))
	killed, err = g.Killed()
	require.NoError(t, err)
	assert.Positive(t, killed)
	peak, err := g.Peak()
	require.NoError(t, err)
	assert.Positive(t, peak)
	assert.LessOrEqual(t, peak, int64(limit))

	require.NoError(t, g.Close())
	_, err = os.Stat(g.dir)
	require.ErrorIs(t, err, os.ErrNotExist)
}

//go:build linux

// Package soak runs a few seconds of what `make soak` does for long.
package soak

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/soak"
)

// TestShortSoak: both collectors lose nothing, and count each line once, under
// all kinds of faults together. How memory grows takes longer to tell.
func TestShortSoak(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(root, "_build/otelcol-auth"), "run make build first")
	o := soak.Short(9 * time.Second)
	o.Root, o.Dir, o.Seed = root, t.TempDir(), uint64(time.Now().UnixNano())
	report, err := soak.Run(t.Context(), o)
	require.NoError(t, err)
	t.Logf("\n%s", report.Markdown())
	require.NoError(t, report.Err())
	assert.Greater(t, report.Lines(), 5000)
	destinations, files, processes := report.Faults()
	assert.Positive(t, destinations)
	assert.Positive(t, files)
	assert.Positive(t, processes)
}

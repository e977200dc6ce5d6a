//go:build unix

package faults

import (
	"compress/gzip"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// gzipFile compresses a file and removes it, as gzip(1) does, except that the
// compressed file appears under its name when it is complete.
func gzipFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	require.NoError(t, err)
	out, err := os.CreateTemp(t.TempDir(), "gzip")
	require.NoError(t, err)
	z := gzip.NewWriter(out)
	_, err = io.Copy(z, in)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, out.Close())
	require.NoError(t, in.Close())
	rename(t, out.Name(), to)
	remove(t, from)
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, os.Rename(from, to))
}

func remove(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, os.Remove(path))
}

// link points a symbolic link at a target, also where there is one already:
// `ln -sfn`.
func link(t *testing.T, target, path string) {
	t.Helper()
	require.NoError(t, os.Symlink(target, path+".new"))
	rename(t, path+".new", path)
}

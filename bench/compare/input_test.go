package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDivide(t *testing.T) {
	text := "a\n\n \t \n# Logfile created on 2026-08-21 by logger.rb\n{}\nf\ng\n"
	for _, files := range []int{1, 2, 3, 7} {
		in, err := divide(bufio.NewScanner(strings.NewReader(text)), filepath.Join(t.TempDir(), "x"), content{lines: 7, files: files})
		require.NoError(t, err)
		require.Len(t, in.files, files)
		require.Equal(t, 7, in.lines)
		require.Equal(t, 4, in.records)
		require.EqualValues(t, len(text), in.bytes)
		var all strings.Builder
		for _, name := range in.files {
			part, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotEmpty(t, part)
			all.Write(part)
		}
		require.Equal(t, text, all.String(), "%d files", files)
		in.remove()
		require.NoFileExists(t, in.files[0])
	}
}

func TestMakeInput(t *testing.T) {
	c := content{lines: 300, users: 3, noise: 0.5, files: 2}
	in, err := makeInput(t.Context(), "..", t.TempDir(), "hera", c)
	require.NoError(t, err)
	require.Len(t, in.files, 2)
	require.Equal(t, 300, in.lines)
	require.Less(t, in.records, 300)
	require.Greater(t, in.records, 200)

	_, err = makeInput(t.Context(), "..", t.TempDir(), "nobody", c)
	require.ErrorContains(t, err, "gen")
	_, err = makeInput(t.Context(), "..", filepath.Join(t.TempDir(), "none"), "hera", c)
	require.ErrorIs(t, err, os.ErrNotExist)
}

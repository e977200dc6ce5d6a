package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/bench/sink"
)

// fake is a collector made of shell: it has 3 records, then 7, and does the last
// thing on SIGTERM.
const fake = `#!/bin/sh
grep -q '"of":"the test"' "$2" || exit 9
trap '%LAST%' TERM
echo 3 > %DIR%/logs
%THEN%
while :; do sleep 0.02; done
`

func TestRun(t *testing.T) {
	for _, c := range []struct {
		name, then, last, err string
	}{
		{"all come", "echo 7 > %DIR%/logs", "exit 0", ""},
		{"one too many", "echo 8 > %DIR%/logs", "exit 0", "8 records came, and 7 should"},
		{"one more at the end", "echo 7 > %DIR%/logs", "echo 8 > %DIR%/logs; exit 0", "8 records came, and 7 should"},
		{"it ends before", "echo it broke >&2; exit 1", "exit 0", "the collector ended when 3 of 7 records had come\nit broke"},
		{"some are missing", "", "exit 0", "3 of 7 records came, and no more for"},
		{"it fails at the end", "echo 7 > %DIR%/logs", "exit 3", "exit code 3"},
		{"no number", "echo seven > %DIR%/logs", "exit 0", "invalid syntax"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			j := fakeJob(t, dir, c.then, c.last)
			u, err := j.run(t.Context())
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Positive(t, u.peak)
		})
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	j := fakeJob(t, t.TempDir(), "", "exit 0")
	count := j.count
	j.count = func() (int, error) {
		n, err := count()
		if n == 3 {
			cancel()
		}
		return n, err
	}
	_, err := j.run(ctx)
	require.Error(t, err)
}

func fakeJob(t *testing.T, dir, then, last string) *job {
	script := strings.NewReplacer("%THEN%", then, "%LAST%", last).Replace(fake)
	binary := filepath.Join(dir, "collector")
	require.NoError(t, os.WriteFile(binary, []byte(strings.ReplaceAll(script, "%DIR%", dir)), 0o700))
	return &job{
		binary: binary, config: map[string]any{"of": "the test"}, want: 7, patience: 3 * time.Second,
		count: func() (int, error) { return read(dir, sink.LogsFile) },
	}
}

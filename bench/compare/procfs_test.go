package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseStat(t *testing.T) {
	const rest = " S 1 2 3 4 5 6 7 8 9 10 250 31 14 15 20 0 9 0 100"
	for name, stat := range map[string]string{
		"plain":       "42 (otelcol)" + rest,
		"with spaces": "42 (a b) R 1 (c d)" + rest,
	} {
		got, err := parseStat(stat)
		require.NoError(t, err, name)
		require.Equal(t, 2810*time.Millisecond, got, name)
	}
	for _, stat := range []string{"", "42 (otelcol) S 1 2", "42 (otelcol) S 1 2 3 4 5 6 7 8 9 10 x 31 14", "42 (otelcol) S 1 2 3 4 5 6 7 8 9 10 250 x 14"} {
		_, err := parseStat(stat)
		require.ErrorContains(t, err, "/proc/*/stat", "%q", stat)
	}
}

func TestCPUTimeGrows(t *testing.T) {
	before, err := cpuTime(os.Getpid())
	require.NoError(t, err)
	work := 0
	require.Eventually(t, func() bool {
		for i := range 10_000_000 {
			work += i
		}
		now, err := cpuTime(os.Getpid())
		return err == nil && now > before
	}, time.Minute, time.Millisecond, "after %d", work)
	_, err = cpuTime(-1)
	require.ErrorIs(t, err, os.ErrNotExist)
}

package wrapper

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	hera     = `{"type":"audit","event":"pkce_failed","ts":"2026-05-20T10:00:00.000Z"}`
	maxLine  = 1 << 20
	shortMax = 10
)

var (
	ten     = time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC)
	formats = []Format{Auto, None, Docker, CRI, Compose, Journald, CloudWatch, OktaEventHook}
)

// got is a Line with its text as a string, so that it can be compared and kept.
type got struct {
	Text      string
	Offset    int64
	Index     int
	Time      time.Time
	Truncated bool
}

func of(lines []Line) []got {
	var all []got
	for _, l := range lines {
		all = append(all, got{string(l.Text), l.Offset, l.Index, l.Time, l.Truncated})
	}
	return all
}

// add adds lines at offsets 0, 100, 200, …, and flushes. It reads the texts at
// the very end, as a caller with a batch does.
func add(u *Unwrapper, lines ...string) []got {
	var dst []Line
	for i, l := range lines {
		dst = u.Add(dst, []byte(l), int64(i)*100, false)
	}
	all := of(u.Flush(dst))
	u.Release()
	return all
}

// samples returns the lines of IdPs of testdata.
func samples(t testing.TB) [][]byte {
	t.Helper()
	var lines [][]byte
	paths, err := filepath.Glob("testdata/*.ndjson")
	require.NoError(t, err)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		lines = append(lines, bytes.Split(bytes.TrimSpace(data), []byte{'\n'})...)
	}
	require.Len(t, lines, 15+12+6)
	return lines
}

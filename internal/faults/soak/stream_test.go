//go:build unix

package soak

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

func newStream(t *testing.T, mayDelete bool) *stream {
	t.Helper()
	templates, err := loadTemplates("../../../testdata/sample/hera.ndjson", heraKeys)
	require.NoError(t, err)
	return &stream{
		path: filepath.Join(t.TempDir(), "hera.log"), templates: templates, ledger: ledger.New(),
		rng: rand.New(rand.NewPCG(1, 2)), index: 1, step: 4, done: newFaultCounts(),
		mayDelete: mayDelete, turnover: time.Second,
	}
}

// arrive reads all files of the folder, and notes what nobody has noted yet: a
// reader that keeps up.
func arrive(t *testing.T, s *stream) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(s.path), "*.log*"))
	require.NoError(t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if strings.HasSuffix(path, ".gz") {
			z, err := gzip.NewReader(bytes.NewReader(text))
			require.NoError(t, err)
			text, err = io.ReadAll(z)
			require.NoError(t, err)
		}
		for i := range s.written {
			if !s.ledger.Seen(s.sequence(i)) && bytes.Contains(text, s.client(i)) {
				s.ledger.Arrived(s.sequence(i), path)
			}
		}
	}
}

func (s *stream) client(i int) []byte {
	t := template{parts: [][]byte{nil, nil}, holes: []hole{holeClient}}
	return bytes.TrimSpace(t.append(nil, s.sequence(i), time.Time{}))
}

// TestStreamLosesNothing: whatever is done to the files, a reader that keeps up
// finds every line of the stream, and the disk does not fill.
func TestStreamLosesNothing(t *testing.T) {
	for _, mayDelete := range []bool{false, true} {
		s := newStream(t, mayDelete)
		now := time.Now()
		require.NoError(t, s.open(now))
		for range 400 {
			now = now.Add(100 * time.Millisecond)
			arrive(t, s)
			writable, err := s.turn(now)
			require.NoError(t, err)
			if writable {
				arrive(t, s)
				require.NoError(t, s.write(2, now))
			}
		}
		require.NoError(t, s.flush())
		require.NoError(t, s.file.Close())
		arrive(t, s)
		for _, f := range fileFaults {
			assert.Positive(t, s.done.of(f), f)
		}
		paths, err := filepath.Glob(filepath.Dir(s.path) + "/*")
		require.NoError(t, err)
		assert.LessOrEqual(t, len(paths), keep+1)
		if !mayDelete { // else the reader would have to hold files open
			assert.Zero(t, s.missing(0, s.written))
		}
	}
}

// TestStreamWaits: what has not arrived is neither truncated nor forgotten, and
// only deleted where the process that has it open goes on.
func TestStreamWaits(t *testing.T) {
	s := newStream(t, false)
	now := time.Now()
	require.NoError(t, s.open(now))
	for range 3000 {
		now = now.Add(100 * time.Millisecond)
		writable, err := s.turn(now)
		require.NoError(t, err)
		if writable {
			require.NoError(t, s.write(2, now))
		}
	}
	require.NoError(t, s.flush())
	require.NoError(t, s.file.Close())
	assert.Zero(t, s.done.of(truncated, deleted))
	assert.Greater(t, s.done.of(renamed, gzipped), 2*keep)
	arrive(t, s)
	assert.Zero(t, s.missing(0, s.written))
}

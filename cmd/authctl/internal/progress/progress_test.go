package progress

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMeter(t *testing.T) {
	var out bytes.Buffer
	clock := time.Unix(1000, 0)
	m := newMeter(&out, 12800, func() time.Time { return clock })
	for range 64 {
		m.Line(100)
	}
	assert.Empty(t, out.String(), "nothing before half a second has passed")
	clock = clock.Add(2 * time.Second)
	for range 64 {
		m.Line(50)
	}
	assert.Equal(t, "\r128 lines, 64/s, 75%, 1s left\x1b[K", out.String())
	m.Done()
	m.Done()
	assert.Equal(t, "\r128 lines, 64/s, 75%, 1s left\x1b[K\r\x1b[K", out.String())
}

func TestNothingWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	m := New(&out, 0)
	m.last = m.last.Add(-time.Hour)
	for range 1000 {
		m.Line(1)
	}
	m.Done()
	assert.Empty(t, out.String())
	assert.EqualValues(t, 1000, m.lines)
	(*Meter)(nil).Line(1)
	(*Meter)(nil).Done()
}

func TestSizeOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	require.NoError(t, os.WriteFile(path, []byte("12345"), 0o600))
	file, err := os.Open(path)
	require.NoError(t, err)
	assert.EqualValues(t, 5, SizeOf(file))
	assert.False(t, IsTerminal(file))
	require.NoError(t, file.Close())
	assert.Zero(t, SizeOf(file))
	assert.Zero(t, SizeOf(&bytes.Buffer{}))
}

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
	m.Read(6400)
	for range 64 {
		m.Line()
	}
	assert.Empty(t, out.String(), "nothing before half a second has passed")
	clock = clock.Add(2 * time.Second)
	m.bytes += 3200
	for range 64 {
		m.Line()
	}
	assert.Equal(t, "\r128 lines, 64/s, 75%, 1s left\x1b[K", out.String())
	m.Done()
	m.Done()
	assert.Equal(t, "\r128 lines, 64/s, 75%, 1s left\x1b[K\r\x1b[K", out.String())
}

// TestMeterOfBytes: of a document, and of an input whose size nobody knows,
// or that has grown.
func TestMeterOfBytes(t *testing.T) {
	for want, total := range map[string]int64{
		"\r3 MB, 1.5 MB/s\x1b[K":                0,
		"\r3 MB, 1.5 MB/s, 30%, 5s left\x1b[K":  10_000_000,
		"\r3 MB, 1.5 MB/s, 100%, 0s left\x1b[K": 1_000_000,
	} {
		var out bytes.Buffer
		clock := time.Unix(1000, 0)
		m := newMeter(&out, total, func() time.Time { return clock })
		clock = clock.Add(2 * time.Second)
		m.Line()
		m.Read(3_000_000)
		assert.Equal(t, want, out.String())
	}
}

// TestMost: of a sample that ends with its file, or before.
func TestMost(t *testing.T) {
	for want, most := range map[string]int{
		"\r64 lines, 32/s, 64%, 1s left\x1b[K": 100,
		"\r64 lines, 32/s, 40%, 3s left\x1b[K": 1000,
	} {
		var out bytes.Buffer
		clock := time.Unix(1000, 0)
		m := newMeter(&out, 100, func() time.Time { return clock })
		m.Most(most)
		m.Read(40)
		clock = clock.Add(2 * time.Second)
		for range 64 {
			m.Line()
		}
		assert.Equal(t, want, out.String())
	}
}

func TestCountdown(t *testing.T) {
	var out bytes.Buffer
	clock := time.Unix(1000, 0)
	c := newCountdown(&out, 20*time.Second, func() time.Time { return clock })
	c.Tick("a")
	assert.Empty(t, out.String())
	clock = clock.Add(5 * time.Second)
	c.Tick("b")
	c.Tick("not again so soon")
	assert.Equal(t, "\rb, 25%, 15s left\x1b[K", out.String())
	c.Done()
	c.Done()
	out.Reset()
	clock = clock.Add(time.Minute) // the last pass ends when it ends
	c.Tick("c")
	assert.Equal(t, "\rc, 100%, 0s left\x1b[K", out.String())
}

func TestNothingWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	m := New(&out, 0)
	m.last = m.last.Add(-time.Hour)
	for range 1000 {
		m.Line()
		m.Read(1)
	}
	m.Done()
	c := NewCountdown(&out, time.Second)
	c.last = c.last.Add(-time.Hour)
	c.Tick("x")
	c.Done()
	assert.Empty(t, out.String())
	assert.EqualValues(t, 1000, m.lines)
	assert.EqualValues(t, 1000, m.bytes)
	(*Meter)(nil).Line()
	(*Meter)(nil).Most(1)
	(*Meter)(nil).Read(1)
	(*Meter)(nil).Done()
	(*Countdown)(nil).Tick("x")
	(*Countdown)(nil).Done()
}

func TestIsTerminal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "x"))
	require.NoError(t, err)
	assert.False(t, IsTerminal(file))
	require.NoError(t, file.Close())
	assert.False(t, IsTerminal(file), "is closed")
	assert.False(t, IsTerminal(&bytes.Buffer{}))
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	require.NoError(t, err)
	assert.False(t, IsTerminal(null), "who sends output there sees progress all the same")
	require.NoError(t, null.Close())
}

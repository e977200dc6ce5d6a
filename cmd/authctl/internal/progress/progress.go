// Package progress shows on a terminal how far a long input was read.
package progress

import (
	"fmt"
	"io"
	"os"
	"time"
)

// every is how often the line is written anew, and the first time after which it is.
const every = 500 * time.Millisecond

// IsTerminal says whether v is a file that is a terminal.
func IsTerminal(v any) bool {
	file, ok := v.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// SizeOf is how many bytes there are in what is read; 0 where nobody knows, as of
// a pipe.
func SizeOf(v any) int64 {
	file, ok := v.(*os.File)
	if !ok {
		return 0
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	return info.Size()
}

// Meter writes lines, rate and time left, where it writes to a terminal: else it
// only counts. A nil Meter does nothing. It is for one goroutine.
type Meter struct {
	out          io.Writer // nil where nothing is shown
	now          func() time.Time
	start, last  time.Time
	lines, bytes int64
	total        int64
	shown        bool
}

// New makes a meter that writes to out if that is a terminal. total is the size of
// the input in bytes, 0 where it is not known.
func New(out io.Writer, total int64) *Meter {
	if !IsTerminal(out) {
		out = nil
	}
	return newMeter(out, total, time.Now)
}

func newMeter(out io.Writer, total int64, now func() time.Time) *Meter {
	start := now()
	return &Meter{out: out, now: now, start: start, last: start, total: total}
}

// Line counts a line of so many bytes, its end included.
func (m *Meter) Line(bytes int) {
	if m == nil {
		return
	}
	m.lines++
	m.bytes += int64(bytes)
	if m.out == nil || m.lines%64 != 0 { // a look at the clock costs more than a short line
		return
	}
	if now := m.now(); now.Sub(m.last) >= every {
		m.last, m.shown = now, true
		_, _ = fmt.Fprint(m.out, "\r", m.status(now), "\x1b[K") // nothing depends on it
	}
}

// Done takes the line off the terminal.
func (m *Meter) Done() {
	if m != nil && m.shown {
		_, _ = fmt.Fprint(m.out, "\r\x1b[K")
		m.shown = false
	}
}

// status is what the line says.
func (m *Meter) status(now time.Time) string {
	elapsed := now.Sub(m.start)
	text := fmt.Sprintf("%d lines, %.0f/s", m.lines, float64(m.lines)/elapsed.Seconds())
	if m.total > 0 && m.bytes > 0 {
		left := time.Duration(float64(elapsed) * (float64(m.total)/float64(m.bytes) - 1))
		text += fmt.Sprintf(", %d%%, %s left", min(100, 100*m.bytes/m.total), max(0, left).Round(time.Second))
	}
	return text
}

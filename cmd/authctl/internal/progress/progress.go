// Package progress shows on a terminal how far a long work has come.
package progress

import (
	"fmt"
	"io"
	"math"
	"time"
)

// Meter shows how far an input was read, lines, rate and time left, where it writes
// to a terminal: else it only counts. A nil Meter does nothing. It is for one
// goroutine.
type Meter struct {
	screen
	lines, bytes int64
	total        int64
	most         int64 // lines; 0 for all
}

// New makes a meter that writes to out if that is a terminal. total is the size of
// the input in bytes, 0 where it is not known.
func New(out io.Writer, total int64) *Meter {
	return newMeter(onTerminal(out), total, time.Now)
}

func newMeter(out io.Writer, total int64, now func() time.Time) *Meter {
	return &Meter{screen: newScreen(out, now), total: total}
}

// Most says that the work ends with so many lines, if there are as many.
func (m *Meter) Most(lines int) {
	if m != nil {
		m.most = int64(lines)
	}
}

// Read counts bytes of the input, as they stand there: of a compressed file those
// of the file.
func (m *Meter) Read(bytes int) {
	if m == nil {
		return
	}
	m.bytes += int64(bytes)
	m.show(m.status)
}

// few lines are not worth a look.
const few = 64

// Line counts a line.
func (m *Meter) Line() {
	if m == nil {
		return
	}
	m.lines++
	if m.lines%few == 0 { // a look at the clock costs more than a short line
		m.show(m.status)
	}
}

// Done takes the line off the terminal. What is counted after it shows again.
func (m *Meter) Done() {
	if m != nil {
		m.clear()
	}
}

// Counts are what was counted, and the size of the input.
func (m *Meter) Counts() (lines, bytes, total int64) { return m.lines, m.bytes, m.total }

// status is what the line says.
func (m *Meter) status(elapsed time.Duration) string {
	text := fmt.Sprintf("%d lines, %.0f/s", m.lines, float64(m.lines)/elapsed.Seconds())
	if m.lines < few { // of a document, or of lines that are whole batches, they tell nothing
		const mega = 1e6
		text = fmt.Sprintf("%.0f MB, %.1f MB/s", float64(m.bytes)/mega, float64(m.bytes)/mega/elapsed.Seconds())
	}
	if share := m.share(); share > 0 {
		left := time.Duration(float64(elapsed) * (1/share - 1))
		text += fmt.Sprintf(", %.0f%%, %s left", math.Floor(100*share), left.Round(time.Second))
	}
	return text
}

// share is how much of the work was done, 0 where nobody knows.
func (m *Meter) share() (share float64) {
	if m.total > 0 {
		share = float64(m.bytes) / float64(m.total)
	}
	if m.most > 0 {
		share = max(share, float64(m.lines)/float64(m.most))
	}
	return min(1, share)
}

// Countdown shows how much is left of a work that takes a time that is known. A nil
// Countdown does nothing. It is for one goroutine.
type Countdown struct {
	screen
	total time.Duration
}

// NewCountdown makes a countdown, from now on, that writes to out if that is a
// terminal.
func NewCountdown(out io.Writer, total time.Duration) *Countdown {
	return newCountdown(onTerminal(out), total, time.Now)
}

func newCountdown(out io.Writer, total time.Duration, now func() time.Time) *Countdown {
	return &Countdown{newScreen(out, now), total}
}

// Tick shows the time, and what is being done.
func (c *Countdown) Tick(what string) {
	if c == nil {
		return
	}
	c.show(func(elapsed time.Duration) string {
		left := max(0, c.total-elapsed)
		return fmt.Sprintf("%s, %d%%, %s left", what, min(100, 100*elapsed/c.total), left.Round(time.Second))
	})
}

// Done takes the line off the terminal. The next Tick shows it again.
func (c *Countdown) Done() {
	if c != nil {
		c.clear()
	}
}

package progress

import (
	"fmt"
	"io"
	"os"
	"time"
)

// every is how often the line is written anew, and the first time after which it is.
const every = 500 * time.Millisecond

// IsTerminal says whether v is a file that is a terminal: a device of characters, and
// not the one that takes what nobody wants.
func IsTerminal(v any) bool {
	file, ok := v.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

// screen is one line of a terminal, which is written over and over.
type screen struct {
	out         io.Writer // nil where nothing is shown
	now         func() time.Time
	start, last time.Time
	shown       bool
}

func newScreen(out io.Writer, now func() time.Time) screen {
	start := now()
	return screen{out: out, now: now, start: start, last: start}
}

// onTerminal is out, if that is a terminal.
func onTerminal(out io.Writer) io.Writer {
	if !IsTerminal(out) {
		return nil
	}
	return out
}

// show writes what status says, if it is time for that.
func (s *screen) show(status func(elapsed time.Duration) string) {
	if s.out == nil {
		return
	}
	if now := s.now(); now.Sub(s.last) >= every {
		s.last, s.shown = now, true
		_, _ = fmt.Fprint(s.out, "\r", status(now.Sub(s.start)), "\x1b[K") // nothing depends on it
	}
}

// clear takes the line off the terminal.
func (s *screen) clear() {
	if s.shown {
		_, _ = fmt.Fprint(s.out, "\r\x1b[K")
		s.shown = false
	}
}

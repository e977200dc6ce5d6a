package line

import (
	"os"
	"time"
)

// tick is how often a load writes: often enough that a reader meets it in the
// middle of its work, seldom enough to cost next to nothing.
const tick = 5 * time.Millisecond

// Load appends lines to a file in the background, as an IdP does under load.
type Load struct {
	stop chan struct{}
	done chan struct{}
	next int // the first sequence number not written, once done is closed
	err  error
}

// StartLoad appends about perSecond lines a second to the file, from a sequence
// number on. Chunks end in the middle of a line as often as not.
func StartLoad(path string, from, perSecond int) *Load {
	l := &Load{stop: make(chan struct{}), done: make(chan struct{}), next: from}
	go func() {
		defer close(l.done)
		l.err = l.run(path, perSecond)
	}()
	return l
}

// Stop ends the load with a whole line, and returns the first sequence number
// that was not written.
func (l *Load) Stop() (next int, err error) {
	close(l.stop)
	<-l.done
	return l.next, l.err
}

func (l *Load) run(path string, perSecond int) (err error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	begin, first := time.Now(), l.next
	var lines []byte
	for {
		select {
		case <-l.stop:
			_, err = f.Write(lines)
			return err
		case <-ticker.C:
		}
		// What is due by now, rather than a fixed number: a late tick is made up for.
		due := first + int(time.Since(begin).Seconds()*float64(perSecond))
		for ; l.next < due; l.next++ {
			lines = Append(lines, l.next)
		}
		whole := len(lines) - len(lines)/7
		if _, err := f.Write(lines[:whole]); err != nil {
			return err
		}
		lines = append(lines[:0], lines[whole:]...)
	}
}

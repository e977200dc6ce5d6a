package sink

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Down closes the port, and all connections. Down and Up are for one goroutine.
func (s *Sink) Down() error { return s.server.Close() }

// Up opens the same port again. It tries until ctx ends: somebody's connection
// may have the port as its own end for a moment.
func (s *Sink) Up(ctx context.Context) error {
	for {
		err := s.listen(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// RetryAfter has each refusal from now on ask the sender to wait so many
// seconds; 0 asks for nothing.
func (s *Sink) RetryAfter(seconds int) { s.wait.seconds.Store(int64(seconds)) }

// Early counts the requests that came before the time that the last refusal
// asked for. It means something only where the sender has one request under way.
func (s *Sink) Early() int { return int(s.wait.early.Load()) }

// wait is what refusals ask for, and whether it is honoured.
type wait struct {
	begun   time.Time
	seconds atomic.Int64
	until   atomic.Int64 // in ns since begun
	early   atomic.Int64
}

// arrived notes a request.
func (w *wait) arrived() {
	if int64(time.Since(w.begun)) < w.until.Load() {
		w.early.Add(1)
	}
}

// ask adds the header to a refusal. The time begins here, before the sender has
// the answer: who waits as long as it was asked to is never early.
func (w *wait) ask(header http.Header) {
	seconds := w.seconds.Load()
	if seconds == 0 {
		return
	}
	header.Set("Retry-After", strconv.FormatInt(seconds, 10))
	w.until.Store(int64(time.Since(w.begun) + time.Duration(seconds)*time.Second))
}

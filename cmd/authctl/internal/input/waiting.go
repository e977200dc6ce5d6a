package input

import (
	"context"
	"io"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/progress"
)

// waiting reads what may let its reader wait, as a pipe and a terminal do, and waits
// no longer than until ctx is done. It counts what comes.
type waiting struct {
	ctx   context.Context
	in    io.Reader
	meter *progress.Meter
	buf   []byte // of the read that is under way
	rest  []byte // of buf: what nobody has taken yet
	err   error  // stays: after its end a terminal would begin anew
}

type got struct {
	n   int
	err error
}

func (w *waiting) Read(p []byte) (int, error) {
	if len(w.rest) == 0 {
		if w.err != nil {
			return 0, w.err
		}
		w.next()
	}
	n := copy(p, w.rest)
	w.rest = w.rest[n:]
	if n == 0 && len(p) > 0 {
		return 0, w.err
	}
	return n, nil
}

// next reads once more. A read can't be called off. One that ctx leaves behind keeps
// its buffer, and ends with the process or with what it waits for: none follows it.
func (w *waiting) next() {
	if w.err = w.ctx.Err(); w.err != nil {
		return
	}
	if w.buf == nil {
		w.buf = make([]byte, bufferSize)
	}
	done := make(chan got, 1)
	go func() {
		n, err := w.in.Read(w.buf)
		done <- got{n, err}
	}()
	select {
	case r := <-done:
		w.rest, w.err = w.buf[:r.n], reason(r.err)
		w.meter.Read(r.n)
	case <-w.ctx.Done():
		w.err = w.ctx.Err()
	}
}

package tail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"time"
)

const (
	// chunkSize is what one read takes: what a pipe holds on Linux.
	chunkSize = 64 << 10
	// maxStreamLines bounds one call of the handler.
	maxStreamLines = 500
)

// Stream hands out the lines of a reader that can't be positioned, such as
// standard input: what is read and not taken when it is shut down is gone.
//
// It hands out the lines of each read at once, and waits for no more. The
// reader's end ends the last line. The last call of the handler has End set,
// also where Shutdown ends reading, unless lines were refused before.
type Stream struct {
	r           io.Reader
	handle      Handler
	onEnd       func(error)
	maxLineSize int
	origin      Origin

	free   chan []byte // buffers that the reading goroutine may fill
	chunks chan []byte // what it filled; there is room for all buffers
	ended  bool        // r is at its end; set before chunks is closed, as is
	err    error       // why it ended, where that is not io.EOF
	cancel context.CancelFunc
	worked chan struct{} // closed when work has returned
	// abandoned is set where Shutdown did not wait for work.
	abandoned atomic.Bool

	offset  int64  // of the byte behind what was split
	partial []byte // beginning of a line whose end is not read yet, at most maxLineSize+lineEnd bytes
	size    int64  // of that line so far, with what partial has no room for
}

// NewStream prepares to read r; reading begins with Start. onEnd is called once
// all lines are taken and r is at its end, with nil, or with the error that r
// ended with. It is not called where Shutdown comes first, and must not call it.
func NewStream(r io.Reader, maxLineSize int, handle Handler, onEnd func(error)) *Stream {
	return &Stream{
		r: r, handle: handle, onEnd: onEnd, maxLineSize: maxLineSize,
		// Random: nothing tells one run of a stream from the next.
		origin: Origin{ID: rand.Uint64()},
		chunks: make(chan []byte, 2),
		free:   make(chan []byte, 2),
		worked: make(chan struct{}),
	}
}

// Start begins to read.
func (s *Stream) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	for range cap(s.free) {
		s.free <- make([]byte, chunkSize)
	}
	go s.read(ctx)
	go func() {
		defer close(s.worked)
		s.work(ctx)
	}()
}

// Shutdown hands over what was read, as long as it is taken at once, and ends
// reading. It does not wait for a read that blocks, which nothing can interrupt
// on most kinds of standard input: the goroutine of that read ends with it, or
// with the process, and what it reads is gone. For a handler it waits as long as
// ctx lasts. Shutdown may be called twice.
func (s *Stream) Shutdown(ctx context.Context) error {
	if s.cancel == nil {
		return nil
	}
	s.cancel()
	if r, ok := s.r.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = r.SetReadDeadline(time.Now()) // where it works, the read ends now
	}
	select {
	case <-s.worked:
		return nil
	case <-ctx.Done():
		s.abandoned.Store(true)
		return errAbandoned
	}
}

// read fills buffers until r ends.
func (s *Stream) read(ctx context.Context) {
	defer close(s.chunks)
	for {
		var buf []byte
		select {
		case buf = <-s.free:
		case <-ctx.Done():
			return
		}
		n, err := s.r.Read(buf)
		if n > 0 {
			s.chunks <- buf[:n]
		} else {
			s.free <- buf
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			s.ended = true
			return
		case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil:
			return // Shutdown interrupted the read
		default:
			s.ended, s.err = true, err
			return
		}
	}
}

// work splits chunks into lines until they end, or ctx is done and those that
// were read by then are handed over.
func (s *Stream) work(ctx context.Context) {
	for {
		var chunk []byte
		var ok, idle bool
		select {
		case chunk, ok = <-s.chunks:
		case <-ctx.Done():
			select {
			case chunk, ok = <-s.chunks:
			default:
				idle = true // the reading goroutine may be blocked: leave it
			}
		}
		if !ok {
			s.finishInput(ctx, !idle && s.ended)
			return
		}
		if s.split(ctx, chunk) != nil {
			return
		}
		s.free <- chunk[:cap(chunk)]
	}
}

// finishInput hands over the last line, which has no end, and says that nothing
// follows; then it reports the end of r.
func (s *Stream) finishInput(ctx context.Context, ended bool) {
	// A line that shutdown cuts in two is no line, unless it shows to be whole.
	l := &Lines{Origin: s.origin}
	if s.size > 0 && (ended || isWholeObject(s.partial)) {
		l = s.finish(l, nil)
	}
	l.End = true
	if s.handOver(ctx, l) != nil {
		return
	}
	if ended && ctx.Err() == nil {
		s.onEnd(s.err)
	}
}

// split hands over the lines that end in chunk, and keeps the beginning of the
// one that does not.
func (s *Stream) split(ctx context.Context, chunk []byte) error {
	l := &Lines{Origin: s.origin}
	for {
		i := bytes.IndexByte(chunk, '\n')
		if i < 0 {
			break
		}
		l = s.finish(l, chunk[:i+1])
		chunk = chunk[i+1:]
		if len(l.Lines) == maxStreamLines {
			if err := s.handOver(ctx, l); err != nil {
				return err
			}
			l = &Lines{Origin: s.origin}
		}
	}
	if len(l.Lines) > 0 {
		if err := s.handOver(ctx, l); err != nil {
			return err
		}
	}
	// Only now: a line handed over may have stood in partial.
	s.keep(chunk)
	return nil
}

// handOver calls the handler, unless what it hands on to may be gone.
func (s *Stream) handOver(ctx context.Context, l *Lines) error {
	if s.abandoned.Load() {
		return errAbandoned
	}
	return s.handle(ctx, l)
}

// finish adds the line that ends with tail: the partial one and tail, or tail alone.
func (s *Stream) finish(l *Lines, tail []byte) *Lines {
	line := tail
	if s.size > 0 {
		s.keep(tail)
		line = s.partial
	} else {
		s.size = int64(len(tail))
	}
	text, truncated := TrimEnd(line, s.maxLineSize)
	l.Lines = append(l.Lines, Line{Text: text, Offset: s.offset, Truncated: truncated})
	l.Bytes += s.size
	s.offset += s.size
	s.size = 0
	s.partial = s.partial[:0]
	return l
}

// keep adds b to the partial line, as far as there is room: two bytes more than
// the maximum hold its line end, and show where it is longer.
func (s *Stream) keep(b []byte) {
	s.size += int64(len(b))
	if room := s.maxLineSize + lineEnd - len(s.partial); len(b) > room {
		b = b[:room]
	}
	s.partial = append(s.partial, b...)
}

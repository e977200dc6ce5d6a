package autheventsblob

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/authevents/otelcol-auth/internal/tail"
)

const (
	// readSize is what is read, and handed on, at a time, where lines are not longer.
	readSize = 256 << 10
	// maxCallLines bounds one call of the handler.
	maxCallLines = 1000
	// lineEnd is the room for "\r\n" behind a line of the maximum size.
	lineEnd = 2
)

// lineReader finds the lines of an object. It stands at the beginning of a line
// whenever next returns: that is where reading may go on after a restart.
//
// The texts that next hands out point into buf, and are valid until its next call.
type lineReader struct {
	r           io.Reader
	maxLineSize int
	offset      int64 // of the first byte of unread, decompressed
	buf         []byte
	unread      []byte // within buf
	err         error  // what r ended with
}

// buffers holds those of readSize only: larger ones exist where a line needs
// them, and must not be pinned by a bucket that had one such line.
var buffers = sync.Pool{New: func() any { return new([readSize]byte) }}

func newLineReader(r io.Reader, offset int64, maxLineSize int) *lineReader {
	return &lineReader{r: r, maxLineSize: maxLineSize, offset: offset, buf: buffers.Get().(*[readSize]byte)[:]}
}

// close gives the buffer back.
func (lr *lineReader) close() {
	if cap(lr.buf) == readSize {
		buffers.Put((*[readSize]byte)(lr.buf))
	}
	lr.buf, lr.unread = nil, nil
}

// next sets the lines of l, and its Bytes. It returns io.EOF together with the
// last lines, of which there may be none. With any other error there are none:
// the beginning of a line that broke off is not handed out.
func (lr *lineReader) next(l *tail.Lines) error {
	l.Lines, l.Bytes = l.Lines[:0], 0
	if bytes.IndexByte(lr.unread, '\n') < 0 {
		lr.fill()
	}
	for len(l.Lines) < maxCallLines {
		i := bytes.IndexByte(lr.unread, '\n')
		if i < 0 {
			break
		}
		lr.addLine(l, lr.unread[:i+1])
		lr.unread = lr.unread[i+1:]
	}
	switch {
	case len(l.Lines) > 0:
		return nil
	case lr.err == nil:
		return lr.longLine(l)
	case errors.Is(lr.err, io.EOF) && len(lr.unread) > 0:
		lr.addLine(l, lr.unread)
		lr.unread = nil
	}
	return lr.err
}

// fill reads until buf is full or r ends. Where a line is longer than buf, buf
// grows up to the maximum size of a line.
func (lr *lineReader) fill() {
	for {
		n := copy(lr.buf, lr.unread)
		for n < len(lr.buf) && lr.err == nil {
			var read int
			read, lr.err = lr.r.Read(lr.buf[n:])
			n += read
		}
		lr.unread = lr.buf[:n]
		if lr.err != nil || bytes.IndexByte(lr.unread, '\n') >= 0 || n >= lr.maxLineSize+lineEnd {
			return
		}
		lr.grow()
	}
}

func (lr *lineReader) grow() {
	larger := make([]byte, min(2*len(lr.buf), lr.maxLineSize+lineEnd))
	copy(larger, lr.unread)
	if cap(lr.buf) == readSize {
		buffers.Put((*[readSize]byte)(lr.buf))
	}
	lr.unread, lr.buf = larger[:len(lr.unread)], larger
}

// longLine hands out the beginning of a line that is longer than the maximum,
// once its end is found. What stands between is read over itself: however long
// the line, it takes no more memory.
func (lr *lineReader) longLine(l *tail.Lines) error {
	size := int64(len(lr.unread))
	text, over := lr.buf[:lr.maxLineSize], lr.buf[lr.maxLineSize:]
	lr.unread = nil
	for lr.err == nil {
		var n int
		n, lr.err = lr.r.Read(over)
		if i := bytes.IndexByte(over[:n], '\n'); i >= 0 {
			lr.add(l, text, true, size+int64(i)+1)
			lr.unread = over[i+1 : n]
			return nil
		}
		size += int64(n)
	}
	if errors.Is(lr.err, io.EOF) {
		lr.add(l, text, true, size)
	}
	return lr.err
}

// addLine adds a line, with its end if it has one.
func (lr *lineReader) addLine(l *tail.Lines, line []byte) {
	text, truncated := tail.TrimEnd(line, lr.maxLineSize)
	lr.add(l, text, truncated, int64(len(line)))
}

// add adds a line that takes size bytes of the object.
func (lr *lineReader) add(l *tail.Lines, text []byte, truncated bool, size int64) {
	l.Lines = append(l.Lines, tail.Line{Text: text, Offset: lr.offset, Truncated: truncated})
	l.Bytes += size
	lr.offset += size
}

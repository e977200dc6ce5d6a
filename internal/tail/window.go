package tail

import "sync"

// bufferSize is what is read at once. Measured (BenchmarkRead, lines of 1 KiB):
// more is no faster, and 64 KiB costs a tenth more.
const bufferSize = 256 << 10

// longBufferSize is what is read at once of a file with much to read. There are
// maxLong of these, so that they may be larger: fewer calls of the handler, with
// more lines each, cost the whole receiver about a twentieth less.
const longBufferSize = 1 << 20

// buffers lends read buffers. Only those of the usual size come back to it: one
// for a file with much to read, or that a very long line made grow, would hold
// that memory for lines that don't need it.
type buffers struct{ pool sync.Pool }

func (b *buffers) get(long bool) []byte {
	if long {
		return make([]byte, longBufferSize)
	}
	if buf, ok := b.pool.Get().(*[]byte); ok {
		return *buf
	}
	return make([]byte, bufferSize)
}

func (b *buffers) put(buf []byte) {
	if len(buf) == bufferSize {
		b.pool.Put(&buf)
	}
}

// window is the part of a file that is in memory: buf[:end], of which buf[:pos]
// was handed out. It keeps the last maxDigested bytes before pos, so that the
// place is known again.
type window struct {
	buf      []byte
	base     int64 // offset of buf[0] in the file, decompressed
	pos, end int
}

func (w *window) offset() int64 { return w.base + int64(w.pos) }

// reset empties the window and places it at base.
func (w *window) reset(base int64) { w.base, w.pos, w.end = base, 0, 0 }

// makeRoom drops what is not needed any more, and grows the buffer, up to
// maxSize, where a line fills all of it.
func (w *window) makeRoom(maxSize int) {
	if drop := w.pos - maxDigested; drop > 0 {
		copy(w.buf, w.buf[drop:w.end])
		w.base += int64(drop)
		w.pos -= drop
		w.end -= drop
	}
	if w.end > len(w.buf)/2 && len(w.buf) < maxSize {
		grown := make([]byte, min(2*len(w.buf), maxSize))
		copy(grown, w.buf[:w.end])
		w.buf = grown
	}
}

// before returns what stands before offset, which is in the window: up to
// maxDigested bytes, as far as they are in it. They are valid until the next read.
func (w *window) before(offset int64) []byte {
	from := max(w.base, offset-maxDigested)
	return w.buf[from-w.base : offset-w.base]
}

package wrapper

import (
	"time"
)

// Line is one line within a physical line, or joined of several.
type Line struct {
	// Text is the line without its wrapper and without its end.
	Text []byte
	// Offset is that of the first physical line that it comes from.
	Offset int64
	// Index counts the lines of one physical line, from 0. Offset and Index
	// together are a line's own in its input, and the same when it is read again.
	Index int
	// Time is what the wrapper says; zero for none. Of a joined line it is that
	// of the first part.
	Time time.Time
	// Truncated says that a physical line of it was cut, or that the joined line
	// was longer than the maximum. Text is its beginning.
	Truncated bool
	// InPlace says that Text is the caller's text, as it was handed in.
	InPlace bool
}

// maxEvents bounds the lines of one physical line: an event needs far more room
// as a record than as text. CloudWatch takes no larger batch itself. What stands
// behind them passes unchanged.
const maxEvents = 10_000

// Unwrapper works on the lines of one input, in order. It is not safe for
// concurrent use.
type Unwrapper struct {
	format Format
	// parts of lines, by stream. inner has those of an envelope's lines; it is
	// empty again behind each envelope.
	parts, inner joiner
	// buf holds the texts that do not stand in a caller's text as they are. It
	// is only ever appended to between two calls of Release: where it must grow,
	// the texts handed out stay in the array that they were written to.
	buf []byte
}

// New returns an Unwrapper for one input. maxLineSize, in bytes, bounds a line
// that is joined of parts.
func New(f Format, maxLineSize int) *Unwrapper {
	maxLineSize = max(maxLineSize, 0)
	return &Unwrapper{format: f, parts: joiner{max: maxLineSize}, inner: joiner{max: maxLineSize}}
}

// Add appends to dst the lines that the physical line text completes: often
// one, none for a part of a line, several for an envelope. offset is where text
// begins in the input, truncated says that it was cut.
//
// The lines' texts point into text or into a buffer of the Unwrapper: they are
// valid until Release, and as long as text is. text is not written to.
//
// A part whose rest has not come within 1000 physical lines that are none of its
// own becomes a line as it is, and what then follows another.
func (u *Unwrapper) Add(dst []Line, text []byte, offset int64, truncated bool) []Line {
	whole := Line{Text: text, Offset: offset, Truncated: truncated}
	if u.format == None {
		return append(dst, whole.inPlace())
	}
	return u.overdue(u.add(dst, text, whole), offset)
}

// inPlace is the line as it was handed in.
func (l Line) inPlace() Line {
	l.InPlace = true
	return l
}

// add is Add without regard to what is held for long.
func (u *Unwrapper) add(dst []Line, text []byte, whole Line) []Line {
	f, strict := u.format, false
	body := trimFront(text)
	if f == Auto {
		f, strict = guess(body), true
	}
	if f == None || len(body) == 0 { // nearly always, or a blank line
		return append(dst, whole.inPlace())
	}
	switch f {
	case CloudWatch:
		return u.cloudWatch(dst, body, whole, strict)
	case OktaEventHook:
		return u.oktaEventHook(dst, body, whole)
	}
	p, ok := u.piece(f, body, strict)
	if !ok {
		return append(dst, whole.inPlace())
	}
	return u.join(dst, &u.parts, p, whole)
}

// cutBack takes lines back down to n. Their texts go at once: the caller keeps
// the list for longer than the texts, and clears it no further than its end.
func cutBack(lines []Line, n int) []Line {
	clear(lines[n:])
	return lines[:n]
}

// Held returns the offset of the earliest physical line of which a part is kept,
// because the rest of its line has not come; ok is false where there is none.
func (u *Unwrapper) Held() (offset int64, ok bool) { return u.parts.held() }

// Flush appends what is kept, as it is. It is for the input's end. The texts
// are valid until Release.
func (u *Unwrapper) Flush(dst []Line) []Line { return u.flush(dst, &u.parts) }

// maxKept caps the buffers that an Unwrapper keeps while it has no lines out. A
// collector may follow thousands of files, and each has an Unwrapper: one long
// line must not pin its size in each of them. The texts of a few hundred
// wrapped lines of 1 KB, about a batch, still fit.
const maxKept = 256 << 10

// Release invalidates the texts handed out. What is held stays held: parts of
// lines are copies.
func (u *Unwrapper) Release() {
	if cap(u.buf) > maxKept {
		u.buf = nil
	}
	u.buf = u.buf[:0]
	u.parts.release()
	u.inner.release()
}

// piece is what one physical line, or one event of an envelope, holds.
type piece struct {
	text    []byte
	time    time.Time
	stream  stream
	partial bool // the rest follows in the next piece of the stream
}

// piece takes a wrapper off that holds a single piece. ok is false where text
// has not the format's form; buf is as it was then. strict asks for the
// narrower rules of Auto.
func (u *Unwrapper) piece(f Format, text []byte, strict bool) (p piece, ok bool) {
	switch f {
	case Docker:
		return u.docker(text)
	case CRI:
		if p, ok = cri(text); !ok && strict { // only the time was seen so far
			return compose(text, strict)
		}
		return p, ok
	case Compose:
		return compose(text, strict)
	case Journald:
		return u.journald(text)
	}
	return piece{}, false
}

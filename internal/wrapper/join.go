package wrapper

import "slices"

// stream is where a piece was written to. Pieces of different streams may stand
// between each other, so their parts are kept apart.
type stream uint8

const (
	noStream stream = iota // of a format that cuts no line: never held
	stdout
	stderr
	streams
)

// streamOf returns the stream of that name.
func streamOf(name string) (s stream, ok bool) {
	switch name {
	case "stdout":
		return stdout, true
	case "stderr":
		return stderr, true
	}
	return noStream, false
}

// joiner holds at most one unfinished line for each stream, of at most max
// bytes: no input makes it grow further.
type joiner struct {
	max  int
	open [streams]unfinished
}

// maxBetween is how many physical lines may stand between the parts of a line,
// beside those parts. A runtime writes the parts one after the other, with little
// of the other stream between them; what died in the middle of a line never
// writes the rest. Its part must not hold the position for good: a restart would
// repeat all that came since.
const maxBetween = 1000

// unfinished is a line whose last part has not come.
type unfinished struct {
	held    bool
	line    Line // of the first part; without the text
	text    []byte
	last    int64 // offset of the physical line of the last part
	between int   // physical lines since the first part that are none of its own
}

// add keeps a copy of a part, as far as the maximum allows.
func (o *unfinished) add(p piece, of Line, limit int) {
	if !o.held {
		*o = unfinished{held: true, line: of, text: o.text[:0]}
		o.line.Text, o.line.Time = nil, p.time
	}
	text := p.text
	if room := limit - len(o.text); len(text) > room {
		text, o.line.Truncated = text[:room], true
	}
	o.last = of.Offset
	o.line.Truncated = o.line.Truncated || of.Truncated
	o.text = append(o.text, text...)
}

// join appends the line that p completes, or keeps p. of is the physical line.
func (u *Unwrapper) join(dst []Line, j *joiner, p piece, of Line) []Line {
	o := &j.open[p.stream]
	if !p.partial && !o.held { // nearly always
		of.Text, of.Time = p.text, p.time
		return append(dst, of)
	}
	o.add(p, of, j.max)
	if p.partial {
		return dst
	}
	return u.finish(dst, o)
}

// finish appends an unfinished line as it is. Its text moves to buf, because
// the next part of the stream may come before Release.
func (u *Unwrapper) finish(dst []Line, o *unfinished) []Line {
	start := len(u.buf)
	u.buf = append(u.buf, o.text...)
	line := o.line
	line.Text = slices.Clip(u.buf[start:])
	o.held, o.line, o.text = false, Line{}, o.text[:0]
	return append(dst, line)
}

// overdue finishes what waits for its rest for too long; the physical line at
// offset has just been added. Only lines count, and no time, so that a restart
// that reads them again comes to the same.
func (u *Unwrapper) overdue(dst []Line, offset int64) []Line {
	for i := range u.parts.open {
		o := &u.parts.open[i]
		if !o.held || o.last == offset {
			continue
		}
		if o.between++; o.between > maxBetween {
			dst = u.finish(dst, o)
		}
	}
	return dst
}

// flush finishes what is held, the earliest first.
func (u *Unwrapper) flush(dst []Line, j *joiner) []Line {
	first, second := &j.open[stdout], &j.open[stderr]
	if first.held && second.held && second.line.before(&first.line) {
		first, second = second, first
	}
	for _, o := range [...]*unfinished{first, second} {
		if o.held {
			dst = u.finish(dst, o)
		}
	}
	return dst
}

func (l *Line) before(other *Line) bool {
	return l.Offset < other.Offset || l.Offset == other.Offset && l.Index < other.Index
}

func (j *joiner) held() (offset int64, ok bool) {
	for i := range j.open {
		if o := &j.open[i]; o.held && (!ok || o.line.Offset < offset) {
			offset, ok = o.line.Offset, true
		}
	}
	return offset, ok
}

// discard forgets what is held.
func (j *joiner) discard() {
	for i := range j.open {
		j.open[i].held = false
	}
}

// release gives up buffers that hold nothing and are above the cap.
func (j *joiner) release() {
	for i := range j.open {
		if o := &j.open[i]; !o.held && cap(o.text) > maxKept {
			o.text = nil
		}
	}
}

package tail

import (
	"bytes"
	"context"
)

// skipPast leaves out what stood in the file when it was found.
func (t *turn) skipPast(ctx context.Context) (outcome, error) {
	var at position
	var err error
	if t.f.gzip {
		at, err = t.endOfGzip(ctx)
	} else {
		at, err = t.endOfPlain()
	}
	if err != nil {
		return later, err
	}
	t.f.startAt = 0
	t.f.at, t.f.saved = at, at
	first, err := t.newSource().first()
	if err != nil {
		return later, err
	}
	if !t.files.store.publish(t.f.rec, func(e *entry) {
		e.position, e.head = at, t.files.store.digest.of(first)
	}) {
		return later, errAbandoned
	}
	return notRead, nil
}

// endOfPlain is the position behind the last line that was complete.
func (t *turn) endOfPlain() (position, error) {
	offset := min(t.f.startAt, t.stat.size)
	from := max(0, offset-int64(t.files.cfg.MaxLineSize+lineEnd))
	last, err := readAt(t.f.file, from, int(offset-from))
	if err != nil {
		return position{}, err
	}
	in := atLineStart
	line := bytes.LastIndexByte(last, '\n') + 1
	switch rest := last[line:]; {
	case len(rest) == 0:
	case isWholeObject(rest):
		in = beforeLineEnd
	case line == 0 && from > 0:
		in = inLongLine
	default: // what completes the line comes later, and so does the line
		offset = from + int64(line)
	}
	before, err := readAt(t.f.file, max(0, offset-maxDigested), int(min(offset, maxDigested)))
	return position{offset: offset, in: in, tail: t.files.store.digest.of(before)}, err
}

// endOfGzip is the position at the end of what a compressed file holds.
func (t *turn) endOfGzip(ctx context.Context) (position, error) {
	src := t.newSource()
	w := window{buf: make([]byte, bufferSize)}
	for {
		if ctx.Err() != nil {
			return position{}, ctx.Err()
		}
		w.pos = w.end
		w.makeRoom(len(w.buf))
		_, end, err := src.fill(&w)
		if end == moreFollows && err == nil {
			continue
		}
		before := w.before(w.base + int64(w.end))
		at := position{offset: w.base + int64(w.end), tail: t.files.store.digest.of(before)}
		if n := len(before); n > 0 && before[n-1] != '\n' {
			at.in = beforeLineEnd
		}
		if err != nil && !isDamaged(err) {
			return position{}, err
		}
		return at, nil // reading on from there says what is wrong
	}
}

package tail

import "context"

// maxLines is how many lines one call of a handler has at most.
const maxLines = 1000

// handOut hands out the lines that are in the window.
func (t *turn) handOut(ctx context.Context, end dataEnd) error {
	for {
		data := t.w.buf[t.w.pos:t.w.end]
		lines, n, in := t.files.cutter.cut(t.lines.Lines[:0], data, t.w.offset(), t.f.at.in, end)
		t.lines.Lines = lines
		last := end == endForGood && n == len(data)
		if n == 0 && !last {
			return nil
		}
		if err := t.handOver(ctx, lines, n, in, last); err != nil || last {
			return err
		}
	}
}

// sayEnd hands on the end of the input, where a handler is waiting for it.
func (t *turn) sayEnd(ctx context.Context) error {
	return t.handOver(ctx, nil, 0, t.f.at.in, true)
}

// handOver calls the handler with lines, which span the next n bytes, and moves
// the position once they are taken.
func (t *turn) handOver(ctx context.Context, lines []Line, n int, in lineState, end bool) error {
	f, s := t.f, t.files.store
	if n == 0 && f.handler == nil {
		return nil // nobody knows of the input
	}
	if ctx.Err() != nil {
		return errRefused
	}
	if f.handler == nil {
		s.introduce(ctx, f.rec, f.head)
		f.handler = t.files.open(t.origin)
	}
	s.reserve(ctx, len(lines))
	taken := false
	defer func() { s.settle(len(lines), taken) }()
	t.lines = Lines{Origin: t.origin, Lines: lines, Bytes: int64(n), Lasting: len(lines) > 0 && t.w.lend(), End: end}
	if f.handler(ctx, &t.lines) != nil {
		return errRefused
	}
	next := f.at
	if n > 0 {
		offset := t.w.offset() + int64(n)
		next = t.place(offset, in)
	}
	saved, holding := next, t.lines.holding && !end
	if holding {
		saved = t.heldPlace(next)
	}
	if !s.publish(f.rec, func(e *entry) {
		e.path, e.position = t.path, saved
		if n > 0 {
			e.head = f.head
		}
	}) {
		return errAbandoned
	}
	taken = true
	t.w.pos += n
	f.at, f.saved, f.holding = next, saved, holding
	if n > 0 {
		f.done.Store(t.src.consumed(next.offset))
	}
	if end {
		f.handler = nil
	}
	return nil
}

// place is the position at offset, which is in the window.
func (t *turn) place(offset int64, in lineState) position {
	return position{offset: offset, in: in, tail: t.files.store.digest.of(t.w.before(offset))}
}

// heldPlace is the position to save while the handler holds lines.
func (t *turn) heldPlace(next position) position {
	f, held := t.f, t.lines.held
	switch {
	case held >= next.offset:
		return next
	case held >= f.at.offset:
		return t.place(held, atLineStart)
	case !f.holding:
		return f.at // what was taken without a hold can't be held any more
	case held <= f.saved.offset || f.gzip:
		// The same as before; or a later line of an earlier call. What stands before
		// that is gone from the window: saving less than could be is safe.
		return f.saved
	}
	before, err := readAt(f.file, max(0, held-maxDigested), int(min(held, maxDigested)))
	if err != nil {
		return f.saved
	}
	return position{offset: held, tail: t.files.store.digest.of(before)}
}

// restart begins a new generation of a file that was truncated.
func (t *turn) restart(ctx context.Context) error {
	f := t.f
	if err := t.sayEnd(ctx); err != nil {
		return err
	}
	if f.rec != nil && f.at.offset > 0 {
		f.rec = t.files.store.restart(f.rec)
		// At once: after a crash lines of this generation must not pass for those of
		// another. What goes wrong is logged, and tried again.
		_ = t.files.store.save(context.WithoutCancel(ctx))
	}
	f.at, f.saved, f.head, f.holding, f.detected = position{}, position{}, digest{}, false, false
	f.done.Store(0)
	return nil
}

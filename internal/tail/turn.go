package tail

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"go.uber.org/zap/zapcore"
)

// errRefused says that a handler did not take its lines.
var errRefused = errors.New("the lines are not taken")

// turn is one go at a file: from where its reading stands to its end, or until
// others have to have a turn.
type turn struct {
	files *Files
	f     *follower
	path  string
	final bool // the file is gone: nothing will come
	began time.Duration
	long  bool // no bound: it has its place among those with much to read

	stat fileStat // at the beginning
	src  source
	w    window
	// What the last read of src said.
	end dataEnd
	err error

	lines  Lines
	origin Origin
}

// run reads. The file stays open, unless nothing more is to be read of it.
func (t *turn) run(ctx context.Context) outcome {
	o := t.tryRun(ctx)
	f := t.f
	t.files.store.setReading(f.rec, 0)
	if f.file != nil && (o == setAside || o == over || o == caughtUp && f.gzip) {
		_ = f.file.Close() // it was only read
		f.file = nil
	}
	return o
}

func (t *turn) tryRun(ctx context.Context) outcome {
	if t.f.file == nil {
		if o := t.openFile(ctx); o != notRead {
			return o
		}
	}
	var err error
	if t.stat, err = statFile(t.f.file); err != nil {
		return t.unreadable(err)
	}
	if t.w.lasting = t.long; t.w.lasting {
		t.w.buf = make([]byte, bufferSize)
	} else {
		t.w.buf = t.files.buffers.get()
		defer func() { t.files.buffers.put(t.w.buf) }()
	}
	for ctx.Err() == nil {
		o, err := t.readOn(ctx)
		if err == nil {
			return o
		}
		if !errors.Is(err, errTruncated) {
			return t.failed(ctx, err)
		}
		if t.stat, err = statFile(t.f.file); err != nil {
			return t.unreadable(err)
		}
		if err := t.restart(ctx); err != nil {
			return t.failed(ctx, err)
		}
	}
	return later
}

// openFile opens the file, or returns what came of that.
func (t *turn) openFile(ctx context.Context) outcome {
	if t.final {
		return t.endUnread(ctx)
	}
	file, err := openToRead(t.path)
	if err != nil {
		return t.unreadable(err)
	}
	stat, err := statFile(file)
	if err != nil || stat.key != t.f.key || !stat.regular {
		_ = file.Close()
		return later // another file has taken its place: the next poll sees it
	}
	t.f.file = file
	return notRead
}

// endUnread hands on the end of a file that was closed before it went.
func (t *turn) endUnread(ctx context.Context) outcome {
	t.setOrigin()
	if err := t.sayEnd(ctx); err != nil {
		return later
	}
	return over
}

// readOn looks at the file's beginning, if that was not done, and reads.
func (t *turn) readOn(ctx context.Context) (outcome, error) {
	if !t.f.detected {
		if o, err := t.detect(); o != notRead || err != nil {
			return o, err
		}
	}
	if t.f.rec == nil {
		if o, err := t.identify(ctx); o != notRead || err != nil {
			return o, err
		}
	}
	t.files.store.setReading(t.f.rec, t.began)
	t.setOrigin()
	if err := t.begin(ctx); err != nil {
		return later, err
	}
	return t.readToEnd(ctx)
}

func (t *turn) setOrigin() {
	t.origin = Origin{Name: filepath.Base(t.path), Path: t.path}
	if t.f.rec != nil {
		t.origin.ID = t.f.rec.id
	}
}

// begin opens the source at the position, and sees that what stands before it is
// what was read.
func (t *turn) begin(ctx context.Context) error {
	at := t.f.at
	if !t.f.gzip && t.stat.size < at.offset {
		return errTruncated
	}
	t.src, t.end, t.err = t.newSource(), moreFollows, nil
	if t.f.head.size < maxDigested {
		first, err := t.src.first()
		if err != nil {
			return err
		}
		t.f.head = t.files.store.digest.of(first)
	}
	from := at.offset - int64(at.tail.size)
	t.w.reset(from)
	t.err = t.src.skipTo(ctx, from)
	for t.err == nil && t.end == moreFollows && t.w.end < at.tail.size {
		_, t.end, t.err = t.src.fill(&t.w)
	}
	switch {
	case t.w.end >= at.tail.size && t.files.store.digest.matches(at.tail, t.w.buf[:t.w.end]):
		t.w.pos = at.tail.size
		return nil
	case t.err == nil, t.f.gzip && isDamaged(t.err) && ctx.Err() == nil:
		return errTruncated
	}
	return t.err
}

// readToEnd hands out and reads until the end, or until others have to have a turn.
func (t *turn) readToEnd(ctx context.Context) (outcome, error) {
	maxWindow := max(bufferSize, maxDigested+t.files.cfg.MaxLineSize+lineEnd)
	for budget := quantum; ; {
		if errors.Is(t.err, errTruncated) {
			return later, t.err
		}
		if t.final && t.end == endForNow {
			t.end = endForGood
		}
		if err := t.handOut(ctx, t.end); err != nil {
			return later, err
		}
		if t.end != moreFollows || t.err != nil {
			return t.atEnd(ctx)
		}
		// A compressed file is read on: to come back means to decompress it again.
		if budget <= 0 && !t.long && !t.f.gzip {
			return unfinished, nil
		}
		t.w.makeRoom(maxWindow)
		var n int
		n, t.end, t.err = t.src.fill(&t.w)
		budget -= n
	}
}

// atEnd takes note of the end of what is there.
func (t *turn) atEnd(ctx context.Context) (outcome, error) {
	f := t.f
	switch {
	case t.err == nil:
		t.files.complaints.settle(t.path)
	case t.final: // what could be read is handed on
	case errors.Is(t.err, errIncomplete):
		return incomplete, nil
	case !f.gzip || !isDamaged(t.err):
		return later, t.err
	default:
		t.files.complaints.say(zapcore.ErrorLevel, t.path, cause(t.err),
			"The compressed file is damaged. What stands before the damage is read; what follows it is not.")
		if err := t.sayEnd(ctx); err != nil {
			return later, err
		}
		t.end = endForGood
	}
	ok := t.files.store.publish(f.rec, func(e *entry) {
		e.path, e.ended = t.path, f.gzip && t.end == endForGood
		if !f.holding { // else a restart has something to read
			e.size, e.mtime = t.stat.size, t.stat.mtime
		}
	})
	if !ok {
		return later, errAbandoned
	}
	f.done.Store(max(t.stat.size, f.done.Load()))
	if t.final {
		return over, nil
	}
	return caughtUp, nil
}

// unreadable complains about a file that can't be opened or looked at.
func (t *turn) unreadable(err error) outcome {
	if !errors.Is(err, fs.ErrNotExist) { // else it was renamed or deleted since the poll
		t.files.complaints.say(zapcore.ErrorLevel, t.path, cause(err), "The file can't be read. It is tried again at each poll.")
	}
	return later
}

// failed says why a turn ended early, unless that was the handler's will.
func (t *turn) failed(ctx context.Context, err error) outcome {
	if errors.Is(err, errRefused) || errors.Is(err, errAbandoned) || ctx.Err() != nil {
		return later
	}
	return t.unreadable(err)
}

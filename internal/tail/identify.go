package tail

import (
	"bytes"
	"context"
	"errors"

	"go.uber.org/zap/zapcore"
)

const (
	// waitForCopy is how many turns a file that looks like a copy in the making
	// waits, after it last changed, for whether it is one.
	waitForCopy = 2
	// maxCandidates bounds the files that a new one is compared with: for a
	// compressed one each means to decompress it up to that file's position.
	maxCandidates = 4
	// encodingBytes is how many bytes are needed to tell the encoding.
	encodingBytes = 4
)

func (t *turn) newSource() source {
	if t.f.gzip {
		return newGzipSource(t.f.file)
	}
	return &plainSource{file: t.f.file}
}

// detect looks at the first bytes: is the file compressed, and is it in an
// encoding whose lines can be told? It returns notRead where it is to be read.
func (t *turn) detect() (outcome, error) {
	f := t.f
	raw, err := readAt(f.file, 0, 3)
	if err != nil {
		return later, err
	}
	f.gzip = t.files.cfg.Gunzip && isGzip(raw)
	src := t.newSource()
	head, err := src.first()
	if err != nil {
		return t.damagedHead(err)
	}
	if f.at.offset > 0 { // it was read before
		f.detected = true
		return notRead, nil
	}
	if !t.final && !f.gzip && len(head) < encodingBytes && !bytes.ContainsRune(head, '\n') {
		return caughtUp, nil // no line yet, and too little to tell
	}
	if f.gzip && len(head) == 0 {
		return incomplete, nil
	}
	if name := utf16Name(head); name != "" {
		t.files.complaints.say(zapcore.ErrorLevel, t.path, name,
			"The file's encoding is not supported, and it is left out. Have it written as UTF-8; it is read when it was replaced or truncated.")
		return setAside, nil
	}
	f.detected = true
	return notRead, nil
}

// damagedHead is for a file that says it is compressed and shows nothing.
func (t *turn) damagedHead(err error) (outcome, error) {
	if !t.f.gzip || !isDamaged(err) {
		return later, err
	}
	t.files.complaints.say(zapcore.ErrorLevel, t.path, cause(err), "The compressed file is damaged from its beginning, and can't be read.")
	if t.final {
		return over, nil
	}
	return caughtUp, nil
}

// identify finds the record of a file that is not known by its inode: that of
// the file it is a copy of, or a new one. It returns notRead once there is one.
func (t *turn) identify(ctx context.Context) (outcome, error) {
	f, s := t.f, t.files.store
	head, err := t.newSource().first()
	if err != nil {
		return later, err
	}
	candidates := s.candidates(head, maxCandidates)
	wait, short := false, false
	for _, c := range candidates {
		if f.startAt > 0 {
			break
		}
		same, err := t.continues(ctx, c.entry.position)
		switch {
		case errors.Is(err, errIncomplete):
			wait, short = true, true
		case err != nil:
			return later, err
		case same && c.live:
			wait = true
		case same:
			if e, ok := s.takeOver(c, f.key, t.path); ok {
				f.rec, f.head, f.at, f.saved = c.record, e.head, e.position, e.position
				return notRead, nil
			}
			return later, nil
		}
	}
	if wait && !t.final && t.waitsForCopy(short) {
		return later, nil
	}
	rec, _ := s.create(f.key, t.path)
	f.rec = rec
	if f.startAt > 0 {
		return t.skipPast(ctx)
	}
	return notRead, nil
}

// waitsForCopy says whether to wait for another turn. A plain file may be
// written for ever, and waits only once; a compressed one is left time while it
// is too short to tell.
func (t *turn) waitsForCopy(short bool) bool {
	f, now := t.f, t.files.now()
	if f.waited == 0 || f.gzip && !f.waitedAt.sameContent(t.stat) {
		f.waited, f.waitedFrom = 0, now
	}
	f.waitedAt = t.stat
	f.waited++
	return f.waited <= waitForCopy || short && now-f.waitedFrom < incompleteInterval
}

// continues says whether the file has, before at, what the file had whose
// position that is. errIncomplete says that it does not reach that far yet.
func (t *turn) continues(ctx context.Context, at position) (bool, error) {
	if !t.f.gzip && t.stat.size < at.offset {
		return false, nil
	}
	if at.tail.size == 0 {
		return true, nil // of the previous release: the beginning has to do
	}
	src := t.newSource()
	from := at.offset - int64(at.tail.size)
	w := window{buf: make([]byte, at.tail.size), base: from}
	err := src.skipTo(ctx, from)
	for end := moreFollows; err == nil && end == moreFollows && w.end < at.tail.size; {
		_, end, err = src.fill(&w)
	}
	switch {
	case w.end == at.tail.size:
		return t.files.store.digest.of(w.buf) == at.tail, nil
	case errors.Is(err, errIncomplete), err != nil && !isDamaged(err), ctx.Err() != nil:
		return false, err
	}
	return false, nil
}

package tail

import (
	"bytes"
	"context"

	"go.uber.org/zap/zapcore"
)

// encodingBytes is how many bytes are needed to tell the encoding.
const encodingBytes = 4

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
	if f.startAt == 0 {
		if o, err := t.isCopy(ctx, head); o != notRead || err != nil || f.rec != nil {
			return o, err
		}
	}
	f.rec = s.create(f.key, t.path)
	if f.startAt > 0 {
		return t.skipPast(ctx)
	}
	return notRead, nil
}

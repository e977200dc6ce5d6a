package tail

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"time"
)

const (
	// waitForCopy is how many turns a file that looks like a copy waits for its
	// original to go, be it deleted or truncated.
	waitForCopy = 2
	// defaultCopyWait is how long a compressed copy waits for that after it last
	// changed: gzip has it written to the disk before it deletes the original. A
	// plain copy that is still shorter than what was read waits six times that,
	// and no longer: it may be one of two files that are written side by side.
	defaultCopyWait = 10 * time.Second
	plainCopyWaits  = 6
	// A new file is compared with so many others that begin like it. For a
	// compressed one each means to decompress it up to that file's position.
	maxCandidates     = 100
	maxGzipCandidates = 8
)

func (t *turn) maxCandidates() int {
	if t.f.gzip {
		return maxGzipCandidates
	}
	return maxCandidates
}

// isCopy looks for the file that this one is a copy of. It returns notRead where
// there is none or its record was taken over, and later to look again.
func (t *turn) isCopy(ctx context.Context, head []byte) (outcome, error) {
	f, s := t.f, t.files.store
	if f.waitedFirst == 0 {
		f.waitedFirst = t.files.now()
	}
	wait, short, ending := false, false, false
	for _, c := range s.candidates(head, t.maxCandidates()) {
		same, err := t.continues(ctx, c)
		switch {
		case errors.Is(err, errIncomplete):
			wait, short = true, true
		case err != nil:
			return later, err
		case same && c.live:
			// A turn that began before this file was there may be held up by its
			// handler, and shows only then what became of the original. (Where
			// nothing was taken of that, there is nothing to repeat.)
			held := c.entry.offset > 0 && c.reading > 0 && c.reading < f.waitedFirst
			wait, ending = true, ending || c.missing || held
		case same:
			e, ok := s.takeOver(c, f.key, t.path)
			if !ok {
				return later, nil // another was quicker
			}
			f.rec, f.head, f.at, f.saved = c.record, e.head, e.position, e.position
			return notRead, nil
		}
	}
	if f.gzip && len(head) < maxDigested && isCutShort(f.file) {
		wait, short = true, true // too little to tell
	}
	if wait && !t.final && (ending || t.mayWait(short)) {
		return later, nil
	}
	return notRead, nil
}

// mayWait says whether to wait for another turn; short, because the file does
// not reach as far yet as the one that it may be a copy of was read. (Where the
// original is missing, or in a turn that began before, and only has to be read
// to its end, there is no limit.)
func (t *turn) mayWait(short bool) bool {
	f, now := t.f, t.files.now()
	if f.waited == 0 || f.gzip && !f.waitedAt.sameContent(t.stat) {
		f.waited, f.waitedFrom = 0, now
	}
	if f.waitedShort && !short { // whole now
		f.waited = 0
	}
	f.waitedAt, f.waitedShort = t.stat, short
	f.waited++
	limit := time.Duration(0)
	switch {
	case f.gzip:
		limit = t.files.copyWait
	case short:
		limit = plainCopyWaits * t.files.copyWait
	}
	return f.waited <= waitForCopy || now-f.waitedFrom < limit
}

// continues says whether the file has, before the position of c, what c had.
// errIncomplete says that it does not reach that far yet.
func (t *turn) continues(ctx context.Context, c candidate) (bool, error) {
	at := c.entry.position
	if !t.f.gzip && t.stat.size < at.offset {
		if c.live && t.isBeginningOf(c.entry.path) {
			return false, errIncomplete
		}
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

// isBeginningOf says whether the end of the file stands, at the same place, in
// the one under path: then it is likely being copied. An original that is
// gone, or shorter than that, went or was truncated after this turn looked at the
// file, which may be whole by now: the next turn tells.
func (t *turn) isBeginningOf(path string) bool {
	original, err := openToRead(path)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	defer func() { _ = original.Close() }() // it was only read
	from := max(0, t.stat.size-maxDigested)
	have, err := readAt(t.f.file, from, int(t.stat.size-from))
	if err != nil {
		return false
	}
	want, err := readAt(original, from, len(have))
	return err == nil && (len(want) < len(have) || bytes.Equal(have, want))
}

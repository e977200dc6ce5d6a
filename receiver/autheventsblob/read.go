package autheventsblob

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// Outcomes of reading an object, beside nil and errors of the bucket.
var (
	// errReplaced: it is no longer the version that was listed.
	errReplaced = errors.New("replaced since it was listed")
	// errNotTaken: shut down before the next component took all of it.
	errNotTaken = errors.New("shut down before all lines were taken")
	// errCut: the bucket gave less than it has.
	errCut = errors.New("the object ended too soon")
)

// brokenObject is an object that can't be read to its end, now or later.
type brokenObject struct{ reason string }

func (e *brokenObject) Error() string { return e.reason }

// reading is what it takes to read one object.
type reading struct {
	origin tail.Origin
	bucket *blob.Bucket
	object *object
	limits limits
	handle tail.Handler
	// taken is told how far all lines are taken.
	taken func(offset int64, plain bool, lines int)
}

// run reads the object from offset on, hands out its lines, and returns nil
// once all are taken. plain says that it was found not to be compressed.
func (r *reading) run(ctx context.Context, offset int64, plain bool) error {
	if r.object.size == 0 || plain && offset >= r.object.size {
		return nil // no service gives a range of no bytes
	}
	// Apart from ctx: a read that stalls ends reading, not what was read.
	readCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	var from int64
	l := r.limits
	if plain {
		from, l.compression = offset, compressionNone
	}
	stored, err := r.open(readCtx, cancel, from)
	if err != nil {
		return err
	}
	defer func() { _ = stored.Close() }() // it was only read
	s := &source{r: stored, cancel: cancel, stall: stallTimeout, size: from, whole: r.object.size}
	d, err := decompress(s, l)
	if err != nil {
		return s.blame(err)
	}
	defer d.close()
	if d.size = from; from < offset {
		// What was taken before is decompressed again: a compressed stream has no
		// other way to the place.
		if _, err := io.CopyN(io.Discard, d, offset-from); err != nil {
			return s.blame(err)
		}
	}
	return r.lines(ctx, d, offset)
}

// lines hands out the lines from offset on, where d stands. The last call of the
// handler comes with the end of the object, also where it has no lines left.
func (r *reading) lines(ctx context.Context, d *decompressed, offset int64) error {
	lines := newLineReader(d, offset, r.limits.line)
	defer lines.close()
	var batch tail.Lines
	for {
		batch = tail.Lines{Origin: r.origin, Lines: batch.Lines} // nothing is held any more
		err := lines.next(&batch)
		if err != nil && !errors.Is(err, io.EOF) {
			err = d.source.blame(err)
		}
		batch.End = errors.Is(err, io.EOF) || errors.As(err, new(*brokenObject))
		if len(batch.Lines) > 0 || batch.End {
			if r.handle(ctx, &batch) != nil {
				return errNotTaken
			}
			taken := lines.offset
			if held, holding := batch.Held(); holding && !batch.End {
				taken = held // parts of a line, whose rest has not come
			}
			r.taken(taken, d.plain, len(batch.Lines))
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// blame returns the error of the bucket where there was one: then err, what a
// decompressor makes of it, tells nothing. Else the object itself is broken.
func (s *source) blame(err error) error {
	switch {
	case s.err != nil:
		return s.err
	case errors.Is(err, errTooLarge), errors.Is(err, errRatio):
		return &brokenObject{err.Error()}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &brokenObject{"compressed, and not complete"}
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return &brokenObject{"compressed by zstd with a window of more than 32 MiB"}
	default:
		return &brokenObject{"compressed, and damaged"}
	}
}

// open opens the version that was listed, at offset from. cancel ends ctx.
func (r *reading) open(ctx context.Context, cancel func(), from int64) (*blob.Reader, error) {
	var options *blob.ReaderOptions
	if r.object.tag != "" {
		options = &blob.ReaderOptions{BeforeRead: onlyVersion(r.object.tag)}
	}
	timer := time.AfterFunc(stallTimeout, cancel)
	reader, err := r.bucket.NewRangeReader(ctx, r.object.key, from, -1, options)
	timer.Stop()
	if gcerrors.Code(err) == gcerrors.FailedPrecondition {
		return nil, errReplaced
	}
	if err != nil {
		return nil, err
	}
	if reader.Size() != r.object.size || r.object.tag == "" && reader.ModTime().UnixNano() != r.object.modTime {
		_ = reader.Close() // it was only opened
		return nil, errReplaced
	}
	return reader, nil
}

package ingest

import (
	"context"
	"math"
	"time"

	"github.com/authevents/otelcol-auth/internal/tail"
	"github.com/authevents/otelcol-auth/internal/wrapper"
)

// reader makes batches of the lines of one file, stream or request, in their
// order. It keeps parts of lines from one call to the next.
type reader struct {
	source    *source
	unwrapper *wrapper.Unwrapper
}

// read borrows a batch with the records of l; done gives it back.
func (r *reader) read(l *tail.Lines) *batch {
	b, _ := r.readUpTo(l, math.MaxInt)
	return b
}

// readUpTo is read for what may be maxLines lines, without their wrappers. Where
// there are more, the batch has no records.
func (r *reader) readUpTo(l *tail.Lines, maxLines int) (b *batch, ok bool) {
	b = r.source.batches.Get().(*batch)
	if ok = b.unwrap(l, r.unwrapper, time.Now(), maxLines); ok {
		b.build()
	}
	return b, ok
}

// done lets go of the batch and of the texts that the unwrapper lent.
func (r *reader) done(b *batch) {
	b.end()
	r.unwrapper.Release()
	r.source.batches.Put(b)
}

// acknowledged counts what became of the lines, once they are done with.
func (r *reader) acknowledged(ctx context.Context, b *batch) {
	r.source.telemetry.acknowledged(ctx, b)
	r.source.drift.report(b.drift)
}

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
	b := r.borrow()
	r.unwrap(b, l, math.MaxInt)
	b.build()
	return b
}

// borrow lends a batch without lines; done takes it back.
func (r *reader) borrow() *batch { return r.source.batches.Get().(*batch) }

// unwrap gives b the lines of l without their wrappers. It says whether they are
// no more than maxLines.
func (r *reader) unwrap(b *batch, l *tail.Lines, maxLines int) bool {
	return b.unwrap(l, r.unwrapper, time.Now(), maxLines)
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

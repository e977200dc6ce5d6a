package ingest

import (
	"context"
	"time"

	"github.com/authevents/otelcol-auth/internal/tail"
)

// reader makes batches of the lines of one file, stream or request, in their
// order.
type reader struct {
	input *Input
}

// read borrows a batch with the records of l; done gives it back.
func (r *reader) read(l *tail.Lines) *batch {
	b := r.input.batches.Get().(*batch)
	b.begin(l, time.Now())
	return b
}

func (r *reader) done(b *batch) {
	b.end()
	r.input.batches.Put(b)
}

// handle is a tail.Handler: it returns nil when the lines are done with: taken,
// or refused for good.
func (r *reader) handle(ctx context.Context, l *tail.Lines) error {
	b := r.read(l)
	defer r.done(b)
	if b.records.Len() > 0 {
		if err := r.input.deliver(ctx, b); err != nil {
			return err
		}
	}
	r.input.telemetry.acknowledged(ctx, b)
	return nil
}

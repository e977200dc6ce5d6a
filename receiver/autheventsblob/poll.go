package autheventsblob

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"gocloud.dev/blob"

	"github.com/authevents/otelcol-auth/internal/ingest"
	"github.com/authevents/otelcol-auth/receiver/autheventsblob/internal/metadata"
)

// poller reads the objects of a bucket, again and again.
type poller struct {
	uids         *ingest.Identities
	bucket       *blob.Bucket
	id           bucketID
	filter       filter
	limits       limits
	interval     time.Duration
	concurrency  int
	input        *ingest.Input
	state        *state
	checkpoints  *checkpoints
	complaints   *complaints
	builder      *metadata.TelemetryBuilder
	logger       *zap.Logger
	done, failed metric.MeasurementOption
}

// ofResult are the attributes of an object's result.
func ofResult(result string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("result", result)))
}

// run polls until ctx is done.
func (p *poller) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		p.pass(ctx)
		timer.Reset(p.interval)
	}
}

// pass reads what is not done yet of all the bucket. Where the listing fails,
// the next pass goes on from the page that this one came to.
func (p *poller) pass(ctx context.Context) {
	cursor := p.state.beginPass(time.Now())
	// resumed pages stand before cursor. Only the beginning of a listing does:
	// the order of keys is not everywhere what it should be.
	resumed := cursor != ""
	held := false // too much fails: this pass only tries again what did
	err := pages(ctx, p.bucket, p.id, p.filter.prefix, func(page []object, last bool) error {
		held = held || p.state.full()
		var wanted []object
		for i := range page {
			o := &page[i]
			resumed = resumed && o.key <= cursor
			if p.filter.takes(o.key) && p.state.wants(o, resumed || held) {
				wanted = append(wanted, *o)
			}
			resumed = resumed && o.key != cursor
		}
		if err := p.readAll(ctx, wanted); err != nil {
			return err
		}
		if !resumed && !held && !last {
			p.endPage(ctx, page)
		}
		return nil
	})
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, errTooManyFiles):
		p.logger.Error(err.Error())
	case err != nil:
		p.complaints.add(ctx, operationList, err)
	default:
		p.endPass(ctx, held)
	}
}

func (p *poller) endPage(ctx context.Context, page []object) {
	if len(page) == 0 {
		return
	}
	if forgotten := p.state.endPage(page, page[len(page)-1].key); forgotten > 0 {
		p.builder.AuthEventsBlobForgotten.Add(ctx, int64(forgotten))
		p.logger.Warn("More objects are younger than lookback than can be remembered: the oldest are forgotten, and an object as old that arrives later is left out. Shorten lookback.",
			zap.Int("forgotten", forgotten))
	}
}

func (p *poller) endPass(ctx context.Context, held bool) {
	gone := p.state.dropGone()
	if gone > 0 {
		p.builder.AuthEventsBlobObjects.Add(ctx, int64(gone), p.failed)
		p.logger.Error("Objects were deleted before they were read to their end: the rest of them is lost", zap.Int("objects", gone))
	}
	if held {
		p.logger.Error("Too many objects can't be read: others wait until some of them can, or are deleted", zap.Int("objects", maxFailing))
	} else {
		p.state.endPass()
	}
	p.complaints.passEnded()
}

// readAll reads objects of one page, the oldest first, several at a time. The
// error is errNotTaken.
func (p *poller) readAll(ctx context.Context, objects []object) error {
	slices.SortFunc(objects, func(a, b object) int {
		return cmp.Or(cmp.Compare(a.modTime, b.modTime), cmp.Compare(a.key, b.key))
	})
	var group errgroup.Group
	group.SetLimit(p.concurrency)
	for i := range objects {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error { return p.read(ctx, &objects[i]) })
	}
	return cmp.Or(group.Wait(), ctx.Err())
}

// read reads one object and notes what became of it.
func (p *poller) read(ctx context.Context, o *object) error {
	offset, plain := p.state.position(o)
	origin := o.origin(p.uids)
	r := reading{
		bucket: p.bucket, object: o, origin: origin, limits: p.limits, handle: p.input.Open(origin),
		taken: func(offset int64, plain bool, lines int) {
			if p.state.taken(o, offset, plain, lines) >= checkpointLines {
				p.checkpoints.save(context.WithoutCancel(ctx))
			}
		},
	}
	err := r.run(ctx, offset, plain)
	var broken *brokenObject
	switch {
	case err == nil:
		p.state.finish(o)
		p.builder.AuthEventsBlobObjects.Add(ctx, 1, p.done)
	case errors.As(err, &broken):
		p.state.finish(o)
		p.builder.AuthEventsBlobObjects.Add(ctx, 1, p.failed)
		p.logger.Error("An object can't be read to its end, and is not tried again; its lines up to there are delivered",
			zap.String("key", o.key), zap.String("reason", broken.reason))
	case ctx.Err() != nil:
		return errNotTaken // wherever it broke off, shutdown is why
	case errors.Is(err, errReplaced):
		p.state.replaced(o)
	default:
		p.state.fail(o)
		p.complaints.add(ctx, operationRead, err)
	}
	return nil
}

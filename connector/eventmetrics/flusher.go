package eventmetrics

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
)

// errFlush stands for the next consumers' errors, whose text may quote points.
var errFlush = errors.New("it refused a flush of event metrics; its own log says why")

// flusher sends the engine's series on. It belongs to one goroutine at a time.
type flusher struct {
	engine    *eventmetrics.Engine
	output    eventmetrics.Output
	pipelines []*downstream
	store     *store // nil without storage
	tel       *telemetry
}

// use gives each pipeline a cursor of its own.
func (f *flusher) use(engine *eventmetrics.Engine, temporality eventmetrics.Temporality) {
	f.engine = engine
	for _, p := range f.pipelines {
		p.cursor = engine.NewCursor(p.name, temporality)
	}
}

// flush sends what each pipeline is to have now. What is sent is stored first,
// as if it had arrived: after a crash the counts go on from no less than what
// was sent, and no delta is sent a second time.
func (f *flusher) flush(ctx context.Context) error {
	now := time.Now()
	f.tel.counted(ctx, f.engine.Advance(now)) // what was abandoned counts from now on
	f.output.Snapshot = f.store != nil
	collection := f.engine.Collect(now, f.output, f.cursors()...)
	if f.store != nil {
		if err := f.store.save(ctx, collection.Snapshot); err != nil {
			f.refuseAll()
			return err
		}
		f.store.saveSketches(ctx, f.engine, now)
	}
	errs := make([]error, len(f.pipelines))
	var wg sync.WaitGroup // a pipeline that waits must not keep the others waiting
	for i, p := range f.pipelines {
		wg.Go(func() { errs[i] = p.send(ctx, collection.Metrics[i]) })
	}
	wg.Wait()
	err := errors.Join(errs...)
	if err == nil {
		return nil
	}
	// The snapshot counts as sent what was refused.
	if f.store != nil {
		err = errors.Join(err, f.store.save(ctx, f.engine.Snapshot(f.cursors()...)))
	}
	return err
}

// finish stores the state a last time, after the last flush.
func (f *flusher) finish(ctx context.Context) error {
	return f.store.finish(ctx, f.engine, f.engine.Snapshot(f.cursors()...))
}

func (f *flusher) refuseAll() {
	for _, p := range f.pipelines {
		p.cursor.Refuse()
	}
}

func (f *flusher) cursors() []*eventmetrics.Cursor {
	list := make([]*eventmetrics.Cursor, len(f.pipelines))
	for i, p := range f.pipelines {
		list[i] = p.cursor
	}
	return list
}

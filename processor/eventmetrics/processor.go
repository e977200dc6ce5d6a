package eventmetrics

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
)

// eventMetrics is the processor of one pipeline: it counts what the next
// consumer took.
type eventMetrics struct {
	counter *counter
	release func() // gives counter back
	next    consumer.Logs

	mu      sync.Mutex // guards the lifecycle below
	started bool
	stopped bool
}

func (p *eventMetrics) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start has the counts shown.
func (p *eventMetrics) Start(context.Context, component.Host) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started || p.stopped {
		return nil
	}
	if err := p.counter.start(); err != nil {
		return err
	}
	p.started = true
	return nil
}

// ConsumeLogs hands the batch on and counts it if it was taken. What it adds
// is worked out before, because the batch belongs to the next consumer then.
func (p *eventMetrics) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	tx := p.counter.engine.Compute(ld)
	defer tx.Discard() // does nothing after Commit
	if err := p.next.ConsumeLogs(ctx, ld); err != nil {
		return err
	}
	p.counter.tel.record(ctx, tx.Commit())
	return nil
}

// Shutdown has the counts exported a last time, if no other processor of the
// same id still counts.
func (p *eventMetrics) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return nil
	}
	p.stopped = true
	defer p.release()
	if !p.started {
		return nil
	}
	return p.counter.stop(ctx)
}

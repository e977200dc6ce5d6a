package eventmetrics

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// eventMetrics counts what the next consumer took.
type eventMetrics struct {
	engine      *eventmetrics.Engine
	instruments *instruments
	next        consumer.Logs
	tel         *telemetry

	mu      sync.Mutex // guards the lifecycle below
	started bool
	stopped bool
}

func newProcessor(set component.TelemetrySettings, cfg *Config, next consumer.Logs) (*eventMetrics, error) {
	instruments, err := newInstruments(set)
	if err != nil {
		return nil, err
	}
	engine, err := eventmetrics.New(catalogue.Builtin(), eventmetrics.Settings{
		Start:     time.Now(),
		MaxSeries: cfg.MaxSeries,
		Observe:   instruments.record,
	})
	if err != nil {
		return nil, err
	}
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	return &eventMetrics{engine: engine, instruments: instruments, next: next, tel: newTelemetry(builder)}, nil
}

func (p *eventMetrics) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start has the readers of the collector's own metrics ask for the counts.
func (p *eventMetrics) Start(context.Context, component.Host) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started || p.stopped {
		return nil
	}
	if err := p.instruments.register(p.engine); err != nil {
		return err
	}
	p.started = true
	return nil
}

// ConsumeLogs hands the batch on and counts it if it was taken. What it adds
// is worked out before, because the batch belongs to the next consumer then.
func (p *eventMetrics) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	tx := p.engine.Compute(ld)
	defer tx.Discard() // does nothing after Commit
	if err := p.next.ConsumeLogs(ctx, ld); err != nil {
		return err
	}
	p.tel.Record(ctx, tx.Commit())
	return nil
}

// Shutdown has the readers take the counts a last time, and takes them back.
func (p *eventMetrics) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return nil
	}
	p.stopped = true
	defer p.tel.builder.Shutdown()
	if !p.started {
		return nil
	}
	return p.instruments.unregister(ctx)
}

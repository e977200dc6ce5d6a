package eventmetrics

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// eventMetrics counts what it consumes, and flushes on an interval.
type eventMetrics struct {
	engine   *eventmetrics.Engine
	interval time.Duration
	flusher  flusher
	tel      *telemetry

	mu      sync.Mutex // guards the lifecycle below
	started bool
	stopped bool
	stop    chan struct{}      // closed by Shutdown: flush no more
	cancel  context.CancelFunc // of a flush under way
	done    chan struct{}      // closed by the goroutine as it ends
}

func newConnector(set component.TelemetrySettings, cfg *Config, next consumer.Metrics) (*eventMetrics, error) {
	engine, err := eventmetrics.New(catalogue.Builtin(), eventmetrics.Settings{Start: time.Now(), MaxSeries: cfg.MaxSeries})
	if err != nil {
		return nil, err
	}
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	tel := newTelemetry(builder)
	return &eventMetrics{
		engine:   engine,
		interval: cfg.Interval,
		flusher:  flusher{engine: engine, next: next, resource: identity(set.Resource), logger: set.Logger, tel: tel},
		tel:      tel,
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
	}, nil
}

// identity is what tells the metrics of two collectors apart.
func identity(collector pcommon.Resource) pcommon.Resource {
	resource := pcommon.NewResource()
	for _, name := range []string{"service.name", "service.instance.id"} {
		if v, ok := collector.Attributes().Get(name); ok {
			v.CopyTo(resource.Attributes().PutEmpty(name))
		}
	}
	return resource
}

func (c *eventMetrics) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start begins to flush. Its context ends with the start, so flushes have one
// of their own.
func (c *eventMetrics) Start(context.Context, component.Host) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started || c.stopped {
		return nil
	}
	c.started = true
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	go c.run(ctx)
	return nil
}

func (c *eventMetrics) run(ctx context.Context) {
	defer close(c.done)
	ticker := time.NewTicker(c.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = c.flusher.flush(ctx) // it counts and logs the refusal, and the next flush makes it good
		case <-c.stop:
			return
		}
	}
}

// ConsumeLogs counts the batch. It never fails: nothing downstream is asked.
func (c *eventMetrics) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	c.tel.Record(ctx, c.engine.Compute(ld).Commit())
	return nil
}

// Shutdown waits for a flush under way and flushes a last time, both no
// longer than ctx lasts.
func (c *eventMetrics) Shutdown(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return nil
	}
	c.stopped = true
	defer c.tel.builder.Shutdown()
	if !c.started {
		return nil
	}
	defer c.cancel()
	close(c.stop)
	select {
	case <-c.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.flusher.flush(ctx)
}

package eventmetrics

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// eventMetrics counts what it consumes, and flushes on an interval.
type eventMetrics struct {
	id     component.ID
	cfg    *Config
	engine *eventmetrics.Engine
	// sketches takes what other collectors count.
	sketches *sketchReceiver
	flusher  flusher
	loop     *loop
	logger   *zap.Logger
	tel      *telemetry
}

func newConnector(set connector.Settings, cfg *Config, next consumer.Metrics) (*eventMetrics, error) {
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	c := &eventMetrics{
		id:     set.ID,
		cfg:    cfg,
		logger: set.Logger,
		tel:    newTelemetry(builder),
	}
	c.loop = newLoop(cfg.Interval, c.flusher.flush)
	c.flusher = flusher{
		tel:    c.tel,
		output: eventmetrics.Output{Resource: identity(set.Resource), Scope: metadata.ScopeName, ExpireAfter: cfg.ExpireAfter},
	}
	if c.flusher.pipelines, err = newDownstreams(next, set.Logger, c.tel); err != nil {
		return nil, err
	}
	return c, c.count(unique.RandomKey())
}

// count begins to count, with users hashed by the key of the configuration, or
// by this one where it has none.
func (c *eventMetrics) count(key unique.Key) error {
	set, err := c.cfg.Counting.Set()
	if err != nil {
		return err
	}
	settings := c.cfg.Counting.Engine(time.Now())
	if c.cfg.Counting.Unique.Secret == "" {
		settings.UniqueKey = key
	}
	engine, err := eventmetrics.New(set, settings)
	if err != nil {
		return err
	}
	c.engine = engine
	c.sketches = newSketchReceiver(engine, c.logger)
	c.sketches.counted = c.tel.counted
	c.flusher.use(engine, c.cfg.temporality())
	return nil
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

// Start restores the counts and begins to flush.
func (c *eventMetrics) Start(ctx context.Context, host component.Host) error {
	return c.loop.start(func() error { return c.restore(ctx, host) })
}

// ConsumeLogs counts the batch. It never fails: nothing downstream is asked.
func (c *eventMetrics) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	if c.sketches.receive(ctx, ld) {
		c.tel.counted(ctx, c.engine.Compute(ld).Commit())
	}
	return nil
}

// Shutdown flushes a last time. With a storage the counts are stored in any
// case.
func (c *eventMetrics) Shutdown(ctx context.Context) error {
	return c.loop.shutdown(ctx, func(err error) error {
		defer c.tel.builder.Shutdown()
		if c.flusher.store != nil {
			err = errors.Join(err, c.flusher.finish(ctx))
		}
		return err
	})
}

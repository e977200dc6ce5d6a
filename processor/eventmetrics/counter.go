package eventmetrics

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// counter counts for all processors of one id.
type counter struct {
	id          component.ID
	engine      *eventmetrics.Engine
	instruments *instruments
	tel         *telemetry
	users       int // guarded by counters

	mu      sync.Mutex
	running int // processors that were started and not yet shut down
}

func newCounter(set processor.Settings, cfg *Config) (*counter, error) {
	defined, err := cfg.Counting.Set()
	if err != nil {
		return nil, err
	}
	instruments, err := newInstruments(set.TelemetrySettings, defined.Metrics)
	if err != nil {
		return nil, err
	}
	engineSettings := cfg.Counting.Engine(time.Now())
	engineSettings.Observe = instruments.record
	engine, err := eventmetrics.New(defined, engineSettings)
	if err != nil {
		return nil, err
	}
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &counter{id: set.ID, engine: engine, instruments: instruments, tel: newTelemetry(builder)}, nil
}

// inCommon returns a metric that both count.
func (c *counter) inCommon(other *counter) (name string, both bool) {
	for _, m := range c.instruments.metrics {
		for _, n := range other.instruments.metrics {
			if m.Name == n.Name {
				return m.Name, true
			}
		}
	}
	return "", false
}

// start has the readers of the collector's own metrics ask for the counts,
// with the first processor that starts.
func (c *counter) start() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running == 0 {
		if err := c.instruments.register(c.engine, c.tel.record); err != nil {
			return err
		}
	}
	c.running++
	return nil
}

// stop has the readers take the counts a last time, and takes them back, with
// the last processor that stops: others still count until then.
func (c *counter) stop(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running > 0 {
		return nil
	}
	return c.instruments.unregister(ctx)
}

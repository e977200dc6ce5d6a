package eventmetrics

import (
	"context"
	"fmt"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
)

// counters are the counters of one collector, by the id of the component.
//
// The collector makes a processor for each pipeline that names one. Those of
// one id share a counter, so that a record which passes two pipelines is known
// by its uid and counts once. Those of two ids would add to each other's
// series, and fill the SDK's bound of an instrument together, which is why no
// two may have a metric in common.
type counters struct {
	mu   sync.Mutex
	list []*counter // in the order of their creation
}

func (c *counters) createLogs(_ context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	counter, err := c.acquire(set, cfg.(*Config))
	if err != nil {
		return nil, err
	}
	return &eventMetrics{counter: counter, release: func() { c.release(counter) }, next: next}, nil
}

// acquire returns the counter of the component, made if it is the first to ask.
func (c *counters) acquire(set processor.Settings, cfg *Config) (*counter, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, other := range c.list {
		if other.id == set.ID {
			other.users++
			return other, nil
		}
	}
	made, err := newCounter(set, cfg)
	if err != nil {
		return nil, err
	}
	for _, other := range c.list {
		if name, both := made.inCommon(other); both {
			made.tel.builder.Shutdown()
			return nil, fmt.Errorf("counts %s, and so does %s: both would add to the same series of the collector's own metrics; "+
				"put one of them into both pipelines, or give one another prefix and its custom metrics other names", name, other.id)
		}
	}
	made.users = 1
	c.list = append(c.list, made)
	return made, nil
}

// release gives a counter back, which ends with its last user.
func (c *counters) release(counter *counter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if counter.users--; counter.users > 0 {
		return
	}
	counter.tel.builder.Shutdown()
	for i, other := range c.list {
		if other == counter {
			c.list = append(c.list[:i:i], c.list[i+1:]...)
			return
		}
	}
}

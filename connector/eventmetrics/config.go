package eventmetrics

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/counting"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

const (
	defaultInterval = 15 * time.Second
	// minInterval is above whatever a number without a unit could mean: 15
	// arrives here as 15 nanoseconds.
	minInterval = 100 * time.Millisecond
)

// Values of the key temporality.
const (
	temporalityCumulative = "cumulative"
	temporalityDelta      = "delta"
)

// Config of the connector.
type Config struct {
	// Interval is the time between two flushes.
	Interval time.Duration `mapstructure:"interval"`
	// Temporality of sums and histograms: cumulative or delta.
	Temporality string `mapstructure:"temporality"`
	// Storage is the extension that keeps the counts over a restart; without it
	// they begin anew.
	Storage *component.ID `mapstructure:"storage"`
	// ExpireAfter is how long a series without events is sent on; 0 is for ever.
	ExpireAfter time.Duration `mapstructure:"expire_after"`
	// Counting is what both event_metrics components have in common.
	Counting counting.Config `mapstructure:",squash"`
}

func defaultConfig() *Config {
	return &Config{
		Interval: defaultInterval, Temporality: temporalityCumulative, Counting: counting.Default(eventmetrics.DefaultMaxSeries),
	}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate reports all problems of the config at once.
func (c *Config) Validate() error {
	return errors.Join(c.validateDelivery(), c.Counting.Check())
}

// validateDelivery checks what is said of when and how metrics are sent.
func (c *Config) validateDelivery() error {
	var errs []error
	if c.Interval < minInterval {
		errs = append(errs, fmt.Errorf("interval must be %s or more, such as 15s (got %s): write a unit, "+
			"because a number without one is nanoseconds", minInterval, c.Interval))
	}
	if c.Temporality != temporalityCumulative && c.Temporality != temporalityDelta {
		errs = append(errs, fmt.Errorf("temporality must be %s or %s (got %q)", temporalityCumulative, temporalityDelta, c.Temporality))
	}
	if c.ExpireAfter != 0 && c.ExpireAfter < max(c.Interval, minInterval) {
		errs = append(errs, fmt.Errorf("expire_after must be 0 for never, or as long as the interval of %s or longer, such as 24h (got %s): "+
			"write a unit, because a number without one is nanoseconds", c.Interval, c.ExpireAfter))
	}
	return errors.Join(errs...)
}

func (c *Config) temporality() eventmetrics.Temporality {
	if c.Temporality == temporalityDelta {
		return eventmetrics.Delta
	}
	return eventmetrics.Cumulative
}

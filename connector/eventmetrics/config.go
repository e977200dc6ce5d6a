package eventmetrics

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

const defaultInterval = 15 * time.Second

// Config of the connector.
type Config struct {
	// Interval is the time between two flushes.
	Interval time.Duration `mapstructure:"interval"`
	// MaxSeries bounds the series of each metric; what goes beyond counts in
	// one overflow series.
	MaxSeries int `mapstructure:"max_series"`
}

func defaultConfig() *Config {
	return &Config{Interval: defaultInterval, MaxSeries: eventmetrics.DefaultMaxSeries}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate reports all problems of the config at once.
func (c *Config) Validate() error {
	var errs []error
	if c.Interval <= 0 {
		errs = append(errs, fmt.Errorf("interval must be a positive duration, such as 15s (got %s)", c.Interval))
	}
	if c.MaxSeries <= 0 {
		errs = append(errs, fmt.Errorf("max_series must be a positive number, such as %d (got %d)",
			eventmetrics.DefaultMaxSeries, c.MaxSeries))
	}
	return errors.Join(errs...)
}

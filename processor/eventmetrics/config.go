package eventmetrics

import (
	"fmt"

	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

const (
	defaultMaxSeries = 1500
	// maxMaxSeries stays well below the 2,000 attribute sets at which the SDK
	// of the collector's own metrics puts what is new into an overflow of its
	// own, which would then hold a part of each count and not be counted here.
	maxMaxSeries = 1500
)

// Config of the processor.
type Config struct {
	// MaxSeries bounds the series of each metric; what goes beyond counts in
	// one overflow series.
	MaxSeries int `mapstructure:"max_series"`
}

func defaultConfig() *Config { return &Config{MaxSeries: defaultMaxSeries} }

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate refuses bounds that the SDK could not keep.
func (c *Config) Validate() error {
	if c.MaxSeries < 1 || c.MaxSeries > maxMaxSeries {
		return fmt.Errorf("max_series must be from 1 to %d, because the collector's own metrics overflow at 2000 series "+
			"(got %d): lower it, or use the event_metrics connector", maxMaxSeries, c.MaxSeries)
	}
	return nil
}

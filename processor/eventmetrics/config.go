package eventmetrics

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/counting"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
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
	// Counting is what both event_metrics components have in common.
	Counting counting.Config `mapstructure:",squash"`
}

func defaultConfig() *Config { return &Config{Counting: counting.Default(defaultMaxSeries)} }

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate reports all problems of the config at once: those of counting, and
// what the collector's own metrics can't show.
func (c *Config) Validate() error {
	errs := []error{c.Counting.Check()}
	if c.Counting.MaxSeries > maxMaxSeries {
		errs = append(errs, fmt.Errorf("max_series: must be %d or less, because the collector's own metrics overflow at 2000 series "+
			"(got %d): lower it, or use the event_metrics connector", maxMaxSeries, c.Counting.MaxSeries))
	}
	if c.Counting.Exemplars {
		errs = append(errs, errors.New("exemplars: the collector's own counters have none: leave it out, or use the event_metrics connector"))
	}
	set, err := c.Counting.Set()
	if err != nil {
		return errors.Join(errs...) // reported by Check
	}
	return errors.Join(append(errs, refuseExponential(set.Metrics))...)
}

// refuseExponential refuses what no instrument can be: which buckets a
// histogram has is decided where the collector's own metrics are configured.
func refuseExponential(metrics []definition.Metric) error {
	var errs []error
	for _, m := range metrics {
		if m.Kind == definition.ExponentialHistogram {
			errs = append(errs, fmt.Errorf("custom::%s::type: an exponential_histogram can't be shown here: use type histogram and a view of it under "+
				"service::telemetry::metrics::views, which decide on buckets, or use the event_metrics connector", m.Name))
		}
	}
	return errors.Join(errs...)
}

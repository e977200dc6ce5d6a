package counting

import (
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
)

// Config is the part of the configuration that both components have. It has
// no Unmarshal of its own, so that a component's can tell all its keys, and no
// Validate, which the collector would call under the name of a Go field.
type Config struct {
	// MaxSeries bounds the series of each metric; what goes beyond counts in
	// one overflow series.
	MaxSeries int `mapstructure:"max_series"`
	// Prefix stands in for "auth." in the names of the built-in metrics.
	Prefix string `mapstructure:"prefix"`
	// Exemplars puts the trace and span id of a record on the points.
	Exemplars bool `mapstructure:"exemplars"`
	// Time is what windows, funnels and pairs go by: event, the record's own
	// time, or observed, the time of reading.
	Time string `mapstructure:"time"`
	// MaxEarly is how far ahead of the clock an event's time may be; what is
	// further ahead counts as of now.
	MaxEarly time.Duration `mapstructure:"max_early"`
	// Metrics changes built-in metrics, by their built-in name.
	Metrics MetricConfigs `mapstructure:"metrics"`
	// Custom adds metrics, by name.
	Custom map[string]CustomConfig `mapstructure:"custom"`
	// Funnels adds funnels, by name, or switches built-in ones off.
	Funnels FunnelConfigs `mapstructure:"funnels"`
	// Pairs adds pairs, by name, or switches built-in ones off.
	Pairs PairConfigs `mapstructure:"pairs"`
	// Unique is for all metrics that count distinct users.
	Unique UniqueConfig `mapstructure:"unique"`
	// Declare lists combinations of the common attributes of which points with
	// a zero are there before the first event.
	Declare []map[string]string `mapstructure:"declare"`
}

// UniqueConfig is for all metrics that count distinct users.
type UniqueConfig struct {
	// Secret keys the hash of the users. Collectors whose sketches are to be
	// merged need the same; without one the key is random.
	Secret configopaque.String `mapstructure:"secret"`
	// Windows of the built-in metrics, and of those of Custom that name none.
	Windows []time.Duration `mapstructure:"windows"`
}

const (
	timeEvent    = "event"
	timeObserved = "observed"

	builtinPrefix   = "auth."
	defaultMaxEarly = 5 * time.Minute
)

// Default is the configuration without any key, for a component that holds so
// many series of each metric.
func Default(maxSeries int) Config {
	return Config{
		MaxSeries: maxSeries,
		Prefix:    builtinPrefix,
		Time:      timeEvent,
		MaxEarly:  defaultMaxEarly,
	}
}

package counting

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// Engine returns the settings of the engine as far as the configuration says
// them. The clock and what observes the engine are the component's. Each call
// without a secret has a random key of its own.
func (c Config) Engine(start time.Time) eventmetrics.Settings {
	key := unique.RandomKey()
	if c.Unique.Secret != "" {
		key = unique.NewKey([]byte(c.Unique.Secret))
	}
	return eventmetrics.Settings{
		Start:        start,
		MaxSeries:    c.MaxSeries,
		UniqueKey:    key,
		Exemplars:    c.Exemplars,
		MaxEarly:     c.MaxEarly,
		ObservedTime: c.Time == timeObserved,
		Declare:      c.Declare,
	}
}

package settings

import "github.com/authevents/otelcol-auth/internal/eventmetrics"

// Engine returns the settings of the engine as far as the configuration says
// them; Start and what observes it are the component's.
func (c Config) Engine() eventmetrics.Settings {
	return eventmetrics.Settings{MaxSeries: c.MaxSeries}
}

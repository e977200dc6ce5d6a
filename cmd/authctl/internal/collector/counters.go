package collector

import (
	"go.opentelemetry.io/collector/component"

	connector "github.com/authevents/otelcol-auth/connector/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/counting"
	processor "github.com/authevents/otelcol-auth/processor/eventmetrics"
)

// Counter is an event_metrics of a pipeline.
type Counter struct {
	ID component.ID
	// Connector: it counts what leaves the pipeline. Else it is the processor
	// at After, and counts what leaves those before it.
	Connector bool
	After     int
	Counting  counting.Config
	// Config is the component's own, of which Counting is a part.
	Config component.Config
}

// Counters are the event_metrics of a pipeline, processors first, in its order.
func (c *Config) Counters(p Pipeline) ([]Counter, error) {
	var counters []Counter
	ofProcessor, ofConnector := processor.NewFactory(), connector.NewFactory()
	for i, id := range p.Processors {
		if id.Type() != ofProcessor.Type() {
			continue
		}
		cfg, err := decode[*processor.Config]("processors", id, c.processors[id], ofProcessor.CreateDefaultConfig)
		if err != nil {
			return nil, err
		}
		counters = append(counters, Counter{ID: id, After: i, Counting: cfg.Counting, Config: cfg})
	}
	for _, id := range p.Exporters {
		if id.Type() != ofConnector.Type() {
			continue
		}
		cfg, err := decode[*connector.Config]("connectors", id, c.connectors[id], ofConnector.CreateDefaultConfig)
		if err != nil {
			return nil, err
		}
		counters = append(counters, Counter{ID: id, Connector: true, After: len(p.Processors), Counting: cfg.Counting, Config: cfg})
	}
	return counters, nil
}

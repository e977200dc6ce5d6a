package eventmetrics

import (
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"

	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// NewFactory returns the factory of the event_metrics processor. The processors
// of one factory know of each other, see counters: a collector makes its
// factories anew for each configuration.
func NewFactory() processor.Factory {
	shared := &counters{}
	return processor.NewFactory(
		metadata.Type,
		func() component.Config { return defaultConfig() },
		processor.WithLogs(shared.createLogs, metadata.LogsStability),
	)
}

package eventmetrics

import (
	"github.com/authevents/otelcol-auth/internal/eventmetrics/selfmetrics"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// telemetry is what the processor says of its own work.
type telemetry struct {
	*selfmetrics.Recorder
	builder *metadata.TelemetryBuilder
}

func newTelemetry(builder *metadata.TelemetryBuilder) *telemetry {
	return &telemetry{builder: builder, Recorder: selfmetrics.New("processor", selfmetrics.Counters{
		Records:          builder.EventMetricsRecords,
		FoldedValues:     builder.EventMetricsFoldedValues,
		Overflow:         builder.EventMetricsOverflow,
		InvalidDurations: builder.EventMetricsInvalidDurations,
	})}
}

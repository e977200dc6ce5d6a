package eventmetrics

import (
	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/selfmetrics"
)

// telemetry is what the connector says of its own work.
type telemetry struct {
	*selfmetrics.Recorder
	builder *metadata.TelemetryBuilder
}

func newTelemetry(builder *metadata.TelemetryBuilder) *telemetry {
	return &telemetry{builder: builder, Recorder: selfmetrics.New("connector", selfmetrics.Counters{
		Records:          builder.EventMetricsRecords,
		FoldedValues:     builder.EventMetricsFoldedValues,
		Overflow:         builder.EventMetricsOverflow,
		InvalidDurations: builder.EventMetricsInvalidDurations,
	})}
}

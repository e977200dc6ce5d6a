package eventmetrics

import (
	"context"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/selfmetrics"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// telemetry is what the processor says of its own work.
type telemetry struct {
	recorder *selfmetrics.Recorder
	builder  *metadata.TelemetryBuilder
}

func newTelemetry(builder *metadata.TelemetryBuilder) *telemetry {
	return &telemetry{builder: builder, recorder: selfmetrics.New("processor", selfmetrics.Counters{
		Records:          builder.EventMetricsRecords,
		FoldedValues:     builder.EventMetricsFoldedValues,
		Overflow:         builder.EventMetricsOverflow,
		InvalidDurations: builder.EventMetricsInvalidDurations,
	})}
}

// record adds what became of a batch, or of what the clock has overtaken.
func (t *telemetry) record(ctx context.Context, batch eventmetrics.Result) {
	t.recorder.Record(ctx, batch)
	t.recorder.Add(ctx, t.builder.EventMetricsEarlyEvents, batch.Early)
	t.recorder.Add(ctx, t.builder.EventMetricsLateEvents, batch.Late)
	t.recorder.Add(ctx, t.builder.EventMetricsEvictions, batch.Evicted)
	t.recorder.Add(ctx, t.builder.EventMetricsRefusedZeros, batch.ZerosRefused)
}

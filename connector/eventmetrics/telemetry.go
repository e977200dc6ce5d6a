package eventmetrics

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/selfmetrics"
)

const kind = "connector"

// telemetry is what the connector says of its own work.
type telemetry struct {
	*selfmetrics.Recorder
	builder *metadata.TelemetryBuilder
	kind    metric.RecordOption
}

func newTelemetry(builder *metadata.TelemetryBuilder) *telemetry {
	return &telemetry{
		builder: builder,
		kind:    metric.WithAttributeSet(attribute.NewSet(attribute.String("otelcol.component.kind", kind))),
		Recorder: selfmetrics.New(kind, selfmetrics.Counters{
			Records:          builder.EventMetricsRecords,
			FoldedValues:     builder.EventMetricsFoldedValues,
			Overflow:         builder.EventMetricsOverflow,
			InvalidDurations: builder.EventMetricsInvalidDurations,
		}),
	}
}

// counted tells what became of a batch, or of what the clock has overtaken.
func (t *telemetry) counted(ctx context.Context, batch eventmetrics.Result) {
	t.Record(ctx, batch)
	t.Add(ctx, t.builder.EventMetricsEarlyEvents, batch.Early)
	t.Add(ctx, t.builder.EventMetricsLateEvents, batch.Late)
	t.Add(ctx, t.builder.EventMetricsEvictions, batch.Evicted)
	t.Add(ctx, t.builder.EventMetricsRefusedZeros, batch.ZerosRefused)
}

// snapshot tells of one that was stored, of so many bytes.
func (t *telemetry) snapshot(ctx context.Context, size int) {
	t.Add(ctx, t.builder.EventMetricsSnapshots, 1)
	t.builder.EventMetricsSnapshotSize.Record(ctx, int64(size), t.kind)
}

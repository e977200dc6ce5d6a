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

// counted tells of a batch.
func (t *telemetry) counted(ctx context.Context, batch eventmetrics.Result) {
	t.Record(ctx, batch)
	t.Add(ctx, t.builder.EventMetricsEvictions, batch.Evicted)
}

// advanced tells what became of what was abandoned: it is no record.
func (t *telemetry) advanced(ctx context.Context, result eventmetrics.Result) {
	t.Add(ctx, t.builder.EventMetricsFoldedValues, result.Folded)
	t.Add(ctx, t.builder.EventMetricsOverflow, result.Overflowed)
	t.Add(ctx, t.builder.EventMetricsEvictions, result.Evicted)
}

// snapshot tells of one that was stored, of so many bytes.
func (t *telemetry) snapshot(ctx context.Context, size int) {
	t.Add(ctx, t.builder.EventMetricsSnapshots, 1)
	t.builder.EventMetricsSnapshotSize.Record(ctx, int64(size), t.kind)
}

package eventmetrics

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
)

// telemetry is what the connector says of its own work.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	// Options are built once: each batch would else build them anew.
	kind, counted, duplicate, skipped metric.AddOption
}

func newTelemetry(builder *metadata.TelemetryBuilder) *telemetry {
	kind := attribute.String("otelcol.component.kind", "connector")
	option := func(attributes ...attribute.KeyValue) metric.AddOption {
		return metric.WithAttributeSet(attribute.NewSet(append(attributes, kind)...))
	}
	return &telemetry{
		builder:   builder,
		kind:      option(),
		counted:   option(attribute.String("result", "counted")),
		duplicate: option(attribute.String("result", "duplicate")),
		skipped:   option(attribute.String("result", "skipped")),
	}
}

// record adds what became of a batch.
func (t *telemetry) record(ctx context.Context, r eventmetrics.Result) {
	add(ctx, t.builder.EventMetricsRecords, r.Counted, t.counted)
	add(ctx, t.builder.EventMetricsRecords, r.Duplicates, t.duplicate)
	add(ctx, t.builder.EventMetricsRecords, r.Skipped, t.skipped)
	add(ctx, t.builder.EventMetricsFoldedValues, r.Folded, t.kind)
	add(ctx, t.builder.EventMetricsOverflow, r.Overflowed, t.kind)
	add(ctx, t.builder.EventMetricsInvalidDurations, r.InvalidDurations, t.kind)
}

// add leaves out zeros, so that what never happened has no series.
func add(ctx context.Context, counter metric.Int64Counter, n int, option metric.AddOption) {
	if n > 0 {
		counter.Add(ctx, int64(n), option)
	}
}

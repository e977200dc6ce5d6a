package piiscrub

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadata"
)

// telemetry adds the counts of a batch to the processor's own metrics. Every
// attribute set there can be is built once.
type telemetry struct {
	builder  *metadata.TelemetryBuilder
	scrubbed metric.MeasurementOption
	dropped  metric.MeasurementOption
	reasons  [scrub.NumReasons]metric.MeasurementOption
	values   [pii.NumKinds][scrub.NumActions][scrub.NumFoundBy]metric.MeasurementOption
}

func newTelemetry(set component.TelemetrySettings) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{
		builder:  builder,
		scrubbed: attributes(attribute.String("result", "scrubbed")),
		dropped:  attributes(attribute.String("result", "dropped")),
	}
	for reason := range t.reasons {
		t.reasons[reason] = attributes(attribute.String("reason", scrub.Reason(reason).String()))
	}
	for kind := range t.values {
		for action := range t.values[kind] {
			for by := range t.values[kind][action] {
				t.values[kind][action][by] = attributes(
					attribute.String("kind", pii.Kind(kind).String()),
					attribute.String("action", scrub.Action(action).String()),
					attribute.String("found_by", scrub.FoundBy(by).String()))
			}
		}
	}
	return t, nil
}

func attributes(kvs ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(kvs...))
}

// record adds what a batch came to.
func (t *telemetry) record(ctx context.Context, stats scrub.Stats) {
	add(ctx, t.builder.PiiScrubRecords, stats.Records-stats.Dropped, t.scrubbed)
	add(ctx, t.builder.PiiScrubRecords, stats.Dropped, t.dropped)
	for reason, n := range stats.Bodies {
		add(ctx, t.builder.PiiScrubRedactedBodies, n, t.reasons[reason])
	}
	for kind := range stats.Values {
		for action := range stats.Values[kind] {
			for by, places := range stats.Values[kind][action] {
				n := 0
				for _, found := range places {
					n += int(found)
				}
				add(ctx, t.builder.PiiScrubValues, n, t.values[kind][action][by])
			}
		}
	}
}

// add leaves out zeros: most combinations never occur under a policy.
func add(ctx context.Context, counter metric.Int64Counter, n int, attrs metric.MeasurementOption) {
	if n > 0 {
		counter.Add(ctx, int64(n), attrs)
	}
}

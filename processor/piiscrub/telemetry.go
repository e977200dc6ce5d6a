package piiscrub

import (
	"context"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadata"
)

// telemetry adds the counts of a batch to the processor's own metrics. Each
// attribute set is built once. Each has the processor's id: there is one policy
// per destination, and what one changes another may keep.
type telemetry struct {
	builder  *metadata.TelemetryBuilder
	id       attribute.KeyValue
	residual metric.MeasurementOption
	scrubbed metric.MeasurementOption
	dropped  metric.MeasurementOption
	redacted metric.MeasurementOption
	reasons  [scrub.NumDropReasons]metric.MeasurementOption
	unlisted [scrub.NumUnlisted]metric.MeasurementOption
	bodies   [scrub.NumReasons]metric.MeasurementOption
	values   valueAttributes
}

func newTelemetry(set component.TelemetrySettings, id component.ID) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder, id: attribute.String("processor", id.String())}
	t.residual = attributes(t.id)
	t.scrubbed = attributes(t.id, attribute.String("result", "scrubbed"))
	t.dropped = attributes(t.id, attribute.String("result", "dropped"))
	t.redacted = attributes(t.id, attribute.String("result", "redacted"))
	for reason := range t.reasons {
		t.reasons[reason] = attributes(t.id, attribute.String("reason", scrub.DropReason(reason).String()))
	}
	for action := range t.unlisted {
		t.unlisted[action] = attributes(t.id, attribute.String("action", scrub.Unlisted(action).String()))
	}
	for reason := range t.bodies {
		t.bodies[reason] = attributes(t.id, attribute.String("reason", scrub.Reason(reason).String()))
	}
	return t, nil
}

func attributes(kvs ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(kvs...))
}

// record adds what a batch came to. It is safe for concurrent use.
func (t *telemetry) record(ctx context.Context, stats *scrub.Stats) {
	add(ctx, t.builder.PiiScrubRecords, stats.Records-stats.Dropped-stats.Redacted, t.scrubbed)
	add(ctx, t.builder.PiiScrubRecords, stats.Dropped, t.dropped)
	add(ctx, t.builder.PiiScrubRecords, stats.Redacted, t.redacted)
	for reason, n := range stats.DroppedBy {
		add(ctx, t.builder.PiiScrubDropped, n, t.reasons[reason])
	}
	for action, n := range stats.Unlisted {
		add(ctx, t.builder.PiiScrubUnlisted, n, t.unlisted[action])
	}
	for reason, n := range stats.Bodies {
		add(ctx, t.builder.PiiScrubRedactedBodies, n, t.bodies[reason])
	}
	add(ctx, t.builder.PiiScrubResidual, stats.Residual, t.residual)
	t.values.add(ctx, t.builder.PiiScrubValues, t.id, &stats.Values)
	t.values.add(ctx, t.builder.PiiScrubChanged, t.id, &stats.Changed)
}

// add leaves out zeros: most combinations never occur under a policy.
func add(ctx context.Context, counter metric.Int64Counter, n int, attrs metric.MeasurementOption) {
	if n > 0 {
		counter.Add(ctx, int64(n), attrs)
	}
}

// valueAttributes has the attribute set of each combination that scrub.Counts
// can count. There are some thousand, of which a policy meets a few dozen, so
// each is built when it is first met.
type valueAttributes [pii.NumKinds][scrub.NumActions][scrub.NumFoundBy][scrub.NumPlaces]atomic.Pointer[metric.MeasurementOption]

func (v *valueAttributes) add(ctx context.Context, counter metric.Int64Counter, id attribute.KeyValue, counts *scrub.Counts) {
	// Most kinds do not occur in a batch, nor most actions of a kind: comparing
	// them whole is most of the cost of a batch of one record.
	var noKind [scrub.NumActions][scrub.NumFoundBy][scrub.NumPlaces]uint32
	var noAction [scrub.NumFoundBy][scrub.NumPlaces]uint32
	for kind := range counts {
		if counts[kind] == noKind {
			continue
		}
		for action := range counts[kind] {
			if counts[kind][action] == noAction {
				continue
			}
			for by := range counts[kind][action] {
				for place, n := range counts[kind][action][by] {
					if n > 0 {
						attrs := v.of(id, pii.Kind(kind), scrub.Action(action), scrub.FoundBy(by), scrub.Place(place))
						counter.Add(ctx, int64(n), attrs)
					}
				}
			}
		}
	}
}

// of returns the attribute set of a combination. Two that build it at the same
// time build the same.
func (v *valueAttributes) of(id attribute.KeyValue, kind pii.Kind, action scrub.Action, by scrub.FoundBy, place scrub.Place) metric.MeasurementOption {
	slot := &v[kind][action][by][place]
	if built := slot.Load(); built != nil {
		return *built
	}
	built := attributes(
		id,
		attribute.String("kind", kind.String()),
		attribute.String("action", action.String()),
		attribute.String("found_by", by.String()),
		attribute.String("place", place.String()))
	slot.Store(&built)
	return built
}

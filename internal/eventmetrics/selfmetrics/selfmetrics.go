// Package selfmetrics is what the components that count events say of their
// own work. Each has its instruments from its own metadata.yaml.
package selfmetrics

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
)

// Counters are the instruments that the components have in common.
type Counters struct {
	Records, FoldedValues, Overflow, InvalidDurations metric.Int64Counter
}

// Recorder adds to the counters of one component.
type Recorder struct {
	counters Counters
	// Options are built once: each batch would else build them anew.
	kind, counted, duplicate, skipped metric.AddOption
}

// New makes the recorder of a component of the kind, such as "processor".
func New(kind string, counters Counters) *Recorder {
	component := attribute.String("otelcol.component.kind", kind)
	result := func(name string) metric.AddOption {
		return metric.WithAttributeSet(attribute.NewSet(attribute.String("result", name), component))
	}
	return &Recorder{
		counters:  counters,
		kind:      metric.WithAttributeSet(attribute.NewSet(component)),
		counted:   result("counted"),
		duplicate: result("duplicate"),
		skipped:   result("skipped"),
	}
}

// Record adds what became of a batch.
func (r *Recorder) Record(ctx context.Context, batch eventmetrics.Result) {
	add(ctx, r.counters.Records, batch.Counted, r.counted)
	add(ctx, r.counters.Records, batch.Duplicates, r.duplicate)
	add(ctx, r.counters.Records, batch.Skipped, r.skipped)
	r.Add(ctx, r.counters.FoldedValues, batch.Folded)
	r.Add(ctx, r.counters.Overflow, batch.Overflowed)
	r.Add(ctx, r.counters.InvalidDurations, batch.InvalidDurations)
}

// Add adds n to a counter, under the component's kind alone.
func (r *Recorder) Add(ctx context.Context, counter metric.Int64Counter, n int) {
	add(ctx, counter, n, r.kind)
}

// add leaves out zeros, so that what never happened has no series.
func add(ctx context.Context, counter metric.Int64Counter, n int, option metric.AddOption) {
	if n > 0 {
		counter.Add(ctx, int64(n), option)
	}
}

package ingest

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/ingest/internal/metadata"
)

// maxLineKinds bounds the series of auth_events_lines of one input. Reasons and
// sources are few and fixed; should they ever not be, the rest counts without.
const maxLineKinds = 64

// telemetry counts what one input reads.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	input   attribute.KeyValue
	ofInput metric.MeasurementOption

	mu    sync.Mutex
	lines map[authevent.Result]metric.MeasurementOption
}

func newTelemetry(set component.TelemetrySettings, input string) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{
		builder: builder,
		input:   attribute.String("input", input),
		lines:   map[authevent.Result]metric.MeasurementOption{},
	}
	t.ofInput = metric.WithAttributeSet(attribute.NewSet(t.input))
	return t, nil
}

// acknowledged counts a batch.
func (t *telemetry) acknowledged(ctx context.Context, b *batch) {
	t.builder.AuthEventsBytes.Add(ctx, b.bytes, t.ofInput)
	for _, c := range b.results {
		t.builder.AuthEventsLines.Add(ctx, c.lines, t.ofResult(c.result))
	}
	if b.truncated > 0 {
		t.builder.AuthEventsTruncatedLines.Add(ctx, b.truncated, t.ofInput)
	}
	for _, d := range b.drift {
		t.builder.AuthEventsDrift.Add(ctx, int64(d.Count), t.ofDrift(d))
	}
}

// ofDrift leaves the name out: it comes from a line.
func (t *telemetry) ofDrift(d authevent.Drift) metric.MeasurementOption {
	list := []attribute.KeyValue{t.input, attribute.String("kind", string(d.Kind))}
	if d.Source != "" {
		list = append(list, attribute.String("source", d.Source))
	}
	return metric.WithAttributeSet(attribute.NewSet(list...))
}

func (t *telemetry) retried(ctx context.Context) {
	t.builder.AuthEventsRetries.Add(ctx, 1, t.ofInput)
}

func (t *telemetry) refused(ctx context.Context, records int) {
	t.builder.AuthEventsRefused.Add(ctx, int64(records), t.ofInput)
}

// ofResult returns the attributes of lines with that result, made once.
func (t *telemetry) ofResult(r authevent.Result) metric.MeasurementOption {
	t.mu.Lock()
	defer t.mu.Unlock()
	if option, ok := t.lines[r]; ok {
		return option
	}
	if len(t.lines) >= maxLineKinds {
		return t.attributes(authevent.Result{Kind: r.Kind})
	}
	option := t.attributes(r)
	t.lines[r] = option
	return option
}

func (t *telemetry) attributes(r authevent.Result) metric.MeasurementOption {
	list := []attribute.KeyValue{t.input, attribute.String("result", resultName(r))}
	if r.Reason != "" {
		list = append(list, attribute.String("reason", r.Reason))
	}
	if r.Source != "" {
		list = append(list, attribute.String("source", r.Source))
	}
	return metric.WithAttributeSet(attribute.NewSet(list...))
}

// resultName tells lines of an unknown source from those that are broken: the
// first are a profile to write, the second a writer to mend.
func resultName(r authevent.Result) string {
	switch {
	case r.Kind == authevent.Event:
		return "event"
	case r.Kind == authevent.Skipped:
		return "skipped"
	case r.Reason == reasonNoEvent:
		return "unknown"
	default:
		return "unparsed"
	}
}

// reasonNoEvent is internal/authevent's code for an object that no profile takes.
const reasonNoEvent = "no_event"

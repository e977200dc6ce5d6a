package eventsampler

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/processor/eventsampler/internal/metadata"
)

const (
	// maxSources is how many sources have series of their own.
	maxSources = 16
	// maxSourceLength is in bytes; the built-in profiles' names have ten at most.
	maxSourceLength = 32
	otherSource     = "_OTHER"
)

// telemetry is what the processor says of its own work.
type telemetry struct {
	builder *metadata.TelemetryBuilder

	mu      sync.Mutex
	sources map[string]*[numResults]metric.MeasurementOption // by auth.source, at most maxSources and otherSource
}

func newTelemetry(set component.TelemetrySettings) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder, sources: map[string]*[numResults]metric.MeasurementOption{}}
	t.add(otherSource)
	return t, nil
}

// record adds what became of a batch, once that is final.
func (t *telemetry) record(ctx context.Context, b *batch) {
	for i := range b.sources {
		options := t.optionsOf(b.sources[i].source)
		for r, n := range b.sources[i].results {
			if n > 0 {
				t.builder.EventSamplerRecords.Add(ctx, n, options[r])
			}
		}
	}
	if b.overflow > 0 {
		t.builder.EventSamplerOverflow.Add(ctx, b.overflow)
	}
}

func (t *telemetry) optionsOf(source string) *[numResults]metric.MeasurementOption {
	t.mu.Lock()
	defer t.mu.Unlock()
	if options, ok := t.sources[source]; ok {
		return options
	}
	if len(t.sources) > maxSources || !isName(source) {
		return t.sources[otherSource]
	}
	return t.add(string([]byte(source))) // a copy, which does not hold the request
}

func (t *telemetry) add(source string) *[numResults]metric.MeasurementOption {
	options := new([numResults]metric.MeasurementOption)
	for r := range options {
		options[r] = metric.WithAttributeSet(attribute.NewSet(
			attribute.String(attr.Source, source), attribute.String("result", result(r).String())))
	}
	t.sources[source] = options
	return options
}

// isName reports whether a text looks like a profile's name. The attribute may
// come from anywhere, and what is no name is not shown in a metric.
func isName(text string) bool {
	if text == "" || len(text) > maxSourceLength || text[0] < 'a' || text[0] > 'z' {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

package eventmetrics

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// flushTimeout bounds the last export: a reader whose endpoint is away must
// not hold up the collector's shutdown.
const flushTimeout = 5 * time.Second

// instruments are those of the catalogue on the collector's meter provider.
type instruments struct {
	provider metric.MeterProvider
	meter    metric.Meter
	logger   *zap.Logger

	// By index in the catalogue; each has a value for metrics of its kind.
	counters   []metric.Int64ObservableCounter
	histograms []metric.Float64Histogram

	registration metric.Registration // nil before register
}

func newInstruments(set component.TelemetrySettings) (*instruments, error) {
	metrics := catalogue.Builtin().Metrics
	i := &instruments{
		provider:   set.MeterProvider,
		meter:      metadata.Meter(set),
		logger:     set.Logger,
		counters:   make([]metric.Int64ObservableCounter, len(metrics)),
		histograms: make([]metric.Float64Histogram, len(metrics)),
	}
	var errs []error
	for n, m := range metrics {
		var err error
		switch m.Kind {
		case definition.Sum:
			i.counters[n], err = i.meter.Int64ObservableCounter(m.Name,
				metric.WithUnit(m.Unit), metric.WithDescription(m.Description))
		case definition.Histogram:
			i.histograms[n], err = i.meter.Float64Histogram(m.Name,
				metric.WithUnit(m.Unit), metric.WithDescription(m.Description),
				metric.WithExplicitBucketBoundaries(definition.DefaultBounds()...))
		}
		errs = append(errs, err)
	}
	return i, errors.Join(errs...)
}

// register has one callback observe all sums of the engine.
func (i *instruments) register(engine *eventmetrics.Engine) error {
	var observables []metric.Observable
	for _, c := range i.counters {
		if c != nil {
			observables = append(observables, c)
		}
	}
	registration, err := i.meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		for _, p := range engine.Sums() {
			o.ObserveInt64(i.counters[p.Metric], p.Value, metric.WithAttributeSet(attributeSet(p.Attributes)))
		}
		return nil
	}, observables...)
	if err != nil {
		return err // the registration may be nil, or one of part of the sums
	}
	i.registration = registration
	return nil
}

// record adds one value to a histogram, which no callback could observe.
func (i *instruments) record(index int, attributes []eventmetrics.Attribute, seconds float64) {
	i.histograms[index].Record(context.Background(), seconds, metric.WithAttributeSet(attributeSet(attributes)))
}

// unregister exports the counts first, where the provider can: a reader that
// exports on an interval would lose what came since its last export, because
// components are shut down before the readers are.
func (i *instruments) unregister(ctx context.Context) error {
	if provider, ok := i.provider.(interface{ ForceFlush(context.Context) error }); ok {
		ctx, cancel := context.WithTimeout(ctx, flushTimeout)
		defer cancel()
		if err := provider.ForceFlush(ctx); err != nil {
			// No reason to fail the shutdown: the readers' owner shows the error itself.
			i.logger.Warn("The collector's own metrics could not be exported a last time; the newest counts may be missing")
		}
	}
	return i.registration.Unregister()
}

func attributeSet(attributes []eventmetrics.Attribute) attribute.Set {
	kvs := make([]attribute.KeyValue, len(attributes))
	for n, a := range attributes {
		if a.IsBool {
			kvs[n] = attribute.Bool(a.Name, a.Bool)
			continue
		}
		kvs[n] = attribute.String(a.Name, a.Value)
	}
	return attribute.NewSet(kvs...)
}

package eventmetrics

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
)

// flushTimeout bounds the last export: a reader whose endpoint is away must
// not hold up the collector's shutdown.
const flushTimeout = 5 * time.Second

// instruments are those of the metrics on the collector's meter provider.
type instruments struct {
	metrics  []definition.Metric
	provider metric.MeterProvider
	meter    metric.Meter
	logger   *zap.Logger

	// By index in metrics; each has a value for metrics of its kind.
	counters   []metric.Int64ObservableCounter   // sums of records
	fractions  []metric.Float64ObservableCounter // sums of a value
	gauges     []metric.Int64ObservableGauge     // unique counts
	histograms []metric.Float64Histogram

	registration metric.Registration // nil before register
}

func newInstruments(set component.TelemetrySettings, metrics []definition.Metric) (*instruments, error) {
	if err := refuseExponential(metrics); err != nil {
		return nil, err
	}
	i := &instruments{
		metrics:    metrics,
		provider:   set.MeterProvider,
		meter:      metadata.Meter(set),
		logger:     set.Logger,
		counters:   make([]metric.Int64ObservableCounter, len(metrics)),
		fractions:  make([]metric.Float64ObservableCounter, len(metrics)),
		gauges:     make([]metric.Int64ObservableGauge, len(metrics)),
		histograms: make([]metric.Float64Histogram, len(metrics)),
	}
	var errs []error
	for n, m := range metrics {
		errs = append(errs, i.make(n, m))
	}
	return i, errors.Join(errs...)
}

func (i *instruments) make(n int, m definition.Metric) (err error) {
	unit, description := metric.WithUnit(m.Unit), metric.WithDescription(m.Description)
	switch {
	case m.Kind == definition.Unique:
		i.gauges[n], err = i.meter.Int64ObservableGauge(m.Name, unit, description)
	case m.Kind == definition.Histogram:
		bounds := m.Bounds
		if bounds == nil {
			bounds = definition.DefaultBounds()
		}
		i.histograms[n], err = i.meter.Float64Histogram(m.Name, unit, description, metric.WithExplicitBucketBoundaries(bounds...))
	case hasValue(m):
		i.fractions[n], err = i.meter.Float64ObservableCounter(m.Name, unit, description)
	default:
		i.counters[n], err = i.meter.Int64ObservableCounter(m.Name, unit, description)
	}
	return err
}

// hasValue says whether a sum may have fractions. An instrument has one type
// of number for good, so this goes by the definition and not by the events.
func hasValue(m definition.Metric) bool {
	return slices.ContainsFunc(m.Rules, func(r definition.Rule) bool { return r.Value.In != definition.Unset })
}

// register has one callback observe all sums and unique counts of the engine.
// What became of events that the clock has overtaken is told to advanced.
func (i *instruments) register(engine *eventmetrics.Engine, advanced func(context.Context, eventmetrics.Result)) error {
	var observables []metric.Observable
	for n := range i.metrics {
		switch {
		case i.counters[n] != nil:
			observables = append(observables, i.counters[n])
		case i.fractions[n] != nil:
			observables = append(observables, i.fractions[n])
		case i.gauges[n] != nil:
			observables = append(observables, i.gauges[n])
		}
	}
	registration, err := i.meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		advanced(ctx, engine.Advance(time.Now())) // what was abandoned counts from now on
		i.observe(engine, o)
		return nil
	}, observables...)
	if err != nil {
		return err // the registration may be nil, or one of part of the sums
	}
	i.registration = registration
	return nil
}

// observe shows what the engine holds now.
func (i *instruments) observe(engine *eventmetrics.Engine, o metric.Observer) {
	for _, p := range engine.Sums() {
		set := metric.WithAttributeSet(attributeSet(p.Attributes))
		if c := i.counters[p.Metric]; c != nil {
			o.ObserveInt64(c, p.Value, set)
			continue
		}
		o.ObserveFloat64(i.fractions[p.Metric], float64(p.Value)+p.Fraction, set)
	}
	for _, p := range engine.Gauges() {
		o.ObserveInt64(i.gauges[p.Metric], p.Value, metric.WithAttributeSet(attributeSet(p.Attributes)))
	}
}

// record adds one value to a histogram, which no callback could observe.
func (i *instruments) record(index int, attributes []eventmetrics.Attribute, value float64) {
	i.histograms[index].Record(context.Background(), value, metric.WithAttributeSet(attributeSet(attributes)))
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

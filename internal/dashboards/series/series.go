// Package series knows the series that a dashboard or an alert may ask for: what
// the built-in catalogue counts, and what the collector says of itself. The
// names come from where the metrics are defined, and are typed nowhere else.
package series

import (
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/otlptranslator"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

// Kind is the shape of a metric in Prometheus.
type Kind uint8

const (
	// Counter is a sum that only grows.
	Counter Kind = iota
	// Gauge is a value that goes up and down.
	Gauge
	// Histogram is a distribution with buckets.
	Histogram
)

// Series is one metric as Prometheus has it.
type Series struct {
	// Name in Prometheus, such as auth_events_total; a histogram's without
	// _bucket, _count or _sum.
	Name string
	Kind Kind
	// Labels by their names in Prometheus, without job and instance.
	Labels []Label
}

// Label of a Series.
type Label struct {
	Name string
	// Values that it may have; nil for any.
	Values []string
}

// Label returns the label by which Prometheus knows an attribute, and whether
// the series has it.
func (s *Series) Label(attribute string) (Label, bool) {
	name, _ := naming.Label(attribute)
	i := slices.IndexFunc(s.Labels, func(l Label) bool { return l.Name == name })
	if i < 0 {
		return Label{Name: name}, false
	}
	return s.Labels[i], true
}

// Names are all series, by the metric's name in OpenTelemetry.
type Names map[string]Series

// Load reads the catalogue, and the metadata of the components below root, the
// project's folder, and of the collector's own modules.
func Load(ctx context.Context, root string) (Names, error) {
	names := Names{}
	if err := names.addCatalogue(); err != nil {
		return nil, err
	}
	if err := names.addComponents(root); err != nil {
		return nil, err
	}
	if err := names.addCore(ctx, root); err != nil {
		return nil, err
	}
	return names, nil
}

// Find returns a metric by its name in OpenTelemetry.
func (n Names) Find(metric string) (Series, error) {
	s, ok := n[metric]
	if !ok {
		return s, fmt.Errorf("no metric %q: neither the catalogue nor a metadata.yaml has it", metric)
	}
	return s, nil
}

// translate returns a metric's name in Prometheus, with unit and type, as the
// exporters and the configs of this project have it.
func translate(name, unit string, kind Kind) (string, error) {
	types := map[Kind]otlptranslator.MetricType{
		Counter: otlptranslator.MetricTypeMonotonicCounter, Gauge: otlptranslator.MetricTypeGauge, Histogram: otlptranslator.MetricTypeHistogram,
	}
	namer := otlptranslator.NewMetricNamer("", otlptranslator.UnderscoreEscapingWithSuffixes)
	return namer.Build(otlptranslator.Metric{Name: name, Unit: unit, Type: types[kind]})
}

package series

import (
	"errors"
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

// addCatalogue adds what event_metrics counts out of the box.
func (n Names) addCatalogue() error {
	var errs []error
	set := catalogue.Builtin()
	for _, m := range set.Metrics {
		s := Series{Kind: map[definition.Kind]Kind{
			definition.Sum: Counter, definition.Unique: Gauge,
			definition.Histogram: Histogram, definition.ExponentialHistogram: Histogram,
		}[m.Kind]}
		var err error
		s.Name, err = translate(m.Name, m.Unit, s.Kind)
		errs = append(errs, err)
		for _, attribute := range definition.Common() {
			s.add(attribute, nil)
		}
		for _, d := range m.Dimensions {
			s.add(d.Name, valuesOf(d, set))
		}
		if m.Kind == definition.Unique {
			s.add(definition.WindowAttribute, windowsOf(m))
		}
		n[m.Name] = s
	}
	return errors.Join(errs...)
}

func (s *Series) add(attribute string, values []string) {
	name, _ := naming.Label(attribute)
	s.Labels = append(s.Labels, Label{Name: name, Values: values})
}

// valuesOf are the values that the catalogue lists for a dimension; nil where a
// source may have any.
func valuesOf(d definition.Dimension, set definition.Set) []string {
	var values []string
	switch d.Name {
	case definition.FunnelAttribute:
		for _, f := range set.Funnels {
			values = append(values, f.Name)
		}
	case definition.StepAttribute:
		for _, f := range set.Funnels {
			for _, step := range f.Steps {
				values = append(values, step.Name)
			}
		}
	default:
		for _, list := range d.Allowed {
			values = append(values, list...)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

func windowsOf(m definition.Metric) []string {
	var values []string
	for _, w := range m.Unique.Windows {
		values = append(values, shortly(w))
	}
	return values
}

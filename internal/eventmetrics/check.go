package eventmetrics

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/prometheus/otlptranslator"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// instrumentName is OpenTelemetry's syntax of names.
var instrumentName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]{0,254}$`)

// reservedLabels mean something else in Prometheus, by name as it has them.
var reservedLabels = []string{"le", "quantile", "job", "instance", "otel_metric_overflow"}

// checkNames refuses names that are none, and two metrics that become one in
// Prometheus, be it with its suffixes for unit and type or without.
func checkNames(metrics []definition.Metric) []error {
	var errs []error
	first := map[string]string{}
	for _, m := range metrics {
		if !instrumentName.MatchString(m.Name) {
			errs = append(errs, fmt.Errorf("metric %q: its name must begin with a letter and go on with letters, digits, "+
				"_, ., - and /, at most 255 in all", m.Name))
			continue
		}
		var taken string
		for _, name := range exportedNames(m) {
			if other, ok := first[name]; ok && other != "" && taken == "" {
				taken = other
				errs = append(errs, fmt.Errorf("metric %q: Prometheus has it under the name %s, as it has %q: rename one",
					m.Name, name, other))
			}
		}
		for _, name := range exportedNames(m) {
			if _, ok := first[name]; !ok {
				first[name] = m.Name
			}
		}
	}
	return errs
}

// exportedNames are all names under which a metric has series in Prometheus,
// in any of its translations.
func exportedNames(m definition.Metric) []string {
	var kind otlptranslator.MetricType = otlptranslator.MetricTypeMonotonicCounter
	suffixes := []string{""}
	switch m.Kind {
	case definition.Histogram, definition.ExponentialHistogram:
		kind = otlptranslator.MetricTypeHistogram
		suffixes = []string{"", "_count", "_sum", "_bucket"}
	case definition.Unique:
		kind = otlptranslator.MetricTypeGauge
	}
	var names []string
	for _, strategy := range []otlptranslator.TranslationStrategyOption{
		otlptranslator.UnderscoreEscapingWithSuffixes, otlptranslator.UnderscoreEscapingWithoutSuffixes,
	} {
		namer := otlptranslator.NewMetricNamer("", strategy)
		name, err := namer.Build(otlptranslator.Metric{Name: m.Name, Unit: m.Unit, Type: kind})
		if err != nil {
			continue // a name without a letter or digit, which instrumentName refuses
		}
		for _, suffix := range suffixes {
			if exported := name + suffix; !slices.Contains(names, exported) {
				names = append(names, exported)
			}
		}
	}
	return names
}

// checkLabels refuses names that are none, that Prometheus needs itself, or
// that it takes for one.
func checkLabels(dimensions []definition.Dimension, problem problemFunc) {
	namer := otlptranslator.LabelNamer{}
	first := map[string]string{}
	for _, d := range dimensions {
		name, err := namer.Build(d.Name)
		switch other, taken := first[name]; {
		case err != nil:
			problem("attribute %q: it is no name that Prometheus can have: rename it", d.Name)
		case slices.Contains(reservedLabels, name):
			problem("attribute %q: Prometheus has a meaning of its own for %s: rename it", d.Name, name)
		case taken && other == d.Name:
			problem("attribute %q is there twice", d.Name)
		case taken:
			problem("attribute %q: Prometheus has it under the name %s, as it has %q: rename one", d.Name, name, other)
		default:
			first[name] = d.Name
		}
	}
}

// checkPersonal refuses what would put personal data on points.
func checkPersonal(d definition.Dimension, place definition.Place, problem problemFunc) {
	names := []string{d.Name}
	if place.In != definition.Body {
		names = append(names, place.Name)
	}
	for _, name := range names {
		if kind, personal := personalKind(name); personal {
			problem("attribute %q holds personal data (%s): it can be no label. "+
				"If it has to be one, say i_accept_personal_data: true", d.Name, kind)
			return
		}
	}
}

// personalKind returns the kind of personal data of a known attribute.
func personalKind(name string) (pii.Kind, bool) {
	if kind, known := attr.KindOf(name); known {
		return kind, kind != pii.Public
	}
	for _, a := range attr.Elsewhere() {
		if a.Name == name {
			return a.Kind, a.Kind != pii.Public
		}
	}
	return pii.Public, false
}

// checkCondition refuses conditions that hold always or never, and those that
// single out a person.
func checkCondition(c definition.Condition, problem problemFunc) {
	if len(c.Values) == 0 {
		problem("a condition on %q has no values: list some, or * for any", c.Place.Name)
	}
	if c.Place.In == definition.Body || slices.Equal(c.Values, []string{"*"}) {
		return
	}
	if kind, personal := personalKind(c.Place.Name); personal {
		problem("a condition compares %q, which holds personal data (%s): it may only ask whether there is a value",
			c.Place.Name, kind)
	}
}

// Package naming says what the names of metrics and attributes become in
// Prometheus, and where two become one. The engine and the settings both ask it,
// so that what one lets pass the other does.
package naming

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/otlptranslator"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Metric is OpenTelemetry's syntax of an instrument's name.
var Metric = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./\-]{0,254}$`)

// Collision is two metrics, by index, that are one to Prometheus under a name.
type Collision struct {
	First, Second int
	Name          string
}

// Collisions finds metrics that are one to Prometheus: with the suffixes of unit
// and type, as the exporters have it by default, or without, as the collector's
// own endpoint has. A metric that collides in several ways is told of once.
func Collisions(metrics []definition.Metric) []Collision {
	var found []Collision
	told := map[int]bool{}
	for _, strategy := range []otlptranslator.TranslationStrategyOption{
		otlptranslator.UnderscoreEscapingWithSuffixes,
		otlptranslator.UnderscoreEscapingWithoutSuffixes,
	} {
		namer := otlptranslator.NewMetricNamer("", strategy)
		taken := map[string]int{}
		for i, m := range metrics {
			for _, name := range exposed(namer, m) {
				first, collides := taken[name]
				if !collides {
					taken[name] = i
					continue
				}
				if first != i && !told[i] {
					told[i] = true
					found = append(found, Collision{First: first, Second: i, Name: name})
				}
			}
		}
	}
	return found
}

// histogramSuffixes are what Prometheus puts behind a histogram's name.
var histogramSuffixes = []string{"", "_bucket", "_count", "_sum"}

// exposed are the names that a metric has at a Prometheus endpoint. Case does not
// count for the SDK.
func exposed(namer otlptranslator.MetricNamer, m definition.Metric) []string {
	translated := otlptranslator.Metric{Name: m.Name, Unit: m.Unit}
	suffixes := []string{""}
	switch m.Kind {
	case definition.Sum:
		translated.Type = otlptranslator.MetricTypeMonotonicCounter
	case definition.Unique:
		translated.Type = otlptranslator.MetricTypeGauge
	case definition.Histogram:
		translated.Type, suffixes = otlptranslator.MetricTypeHistogram, histogramSuffixes
	case definition.ExponentialHistogram:
		// What can't show native histograms shows it as the other kind.
		translated.Type, suffixes = otlptranslator.MetricTypeExponentialHistogram, histogramSuffixes
	}
	base, err := namer.Build(translated)
	if err != nil {
		return nil // no name at all, which Metric refuses
	}
	var names []string
	for _, suffix := range suffixes {
		names = append(names, strings.ToLower(base+suffix))
	}
	// OpenMetrics names a counter's family without the suffix of its samples,
	// and the family must not be another metric's either.
	if family, ok := strings.CutSuffix(names[0], "_total"); ok {
		names = append(names, family)
	}
	return names
}

// Label is an attribute's name as Prometheus has it; false if it can have none.
func Label(attribute string) (string, bool) {
	translated, err := (&otlptranslator.LabelNamer{}).Build(attribute)
	return translated, err == nil
}

// reserved are the labels that Prometheus and its exporters write themselves: a
// second one makes the whole endpoint fail, or is renamed.
var reserved = []string{"le", "quantile", "job", "instance", "otel_metric_overflow", "auth_window"}

// IsReserved says whether a label is one that exporters write themselves.
func IsReserved(label string) bool {
	return slices.Contains(reserved, label) || strings.HasPrefix(label, "otel_scope_")
}

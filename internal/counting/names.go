package counting

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/otlptranslator"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// metricName is the API's syntax of an instrument's name.
var metricName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./\-]{0,254}$`)

// newName checks the name of a metric of the user's own.
func (c *compiler) newName(at path, name string) bool {
	switch {
	case !metricName.MatchString(name):
		c.fail(at, "%q is no name of a metric: use letters, digits, dots and underscores, and begin with a letter", name)
	case c.isBuiltin(name) || name == funnelMetric:
		c.fail(at, "is the name of a built-in metric: change that under metrics::%s, or use another name", name)
	default:
		return true
	}
	return false
}

// named is a metric with the place of its name in the configuration.
type named struct {
	metric definition.Metric
	at     path
}

// histogramSuffixes are what Prometheus puts behind a histogram's name.
var histogramSuffixes = []string{"", "_bucket", "_count", "_sum"}

// refuseCollisions refuses two metrics that are one to Prometheus: with the
// suffixes of unit and type, as the exporters have it by default, and without,
// as the collector's own endpoint has. Case does not count for the SDK.
func (c *compiler) refuseCollisions(metrics []named) {
	for _, strategy := range []otlptranslator.TranslationStrategyOption{
		otlptranslator.UnderscoreEscapingWithSuffixes,
		otlptranslator.UnderscoreEscapingWithoutSuffixes,
	} {
		namer := otlptranslator.NewMetricNamer("", strategy)
		taken := map[string]named{}
		for _, m := range metrics {
			for _, exposed := range exposedNames(namer, m.metric) {
				first, collides := taken[exposed]
				if !collides {
					taken[exposed] = m
					continue
				}
				if !c.told[m.at] { // one name may collide in several forms
					c.told[m.at] = true
					c.fail(m.at, "is %s to Prometheus, and so is %s (%s): rename one", exposed, first.metric.Name, first.at)
				}
				break
			}
		}
	}
}

// exposedNames are the names that a metric has at a Prometheus endpoint.
func exposedNames(namer otlptranslator.MetricNamer, m definition.Metric) []string {
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
		return nil // no name at all; reported by newName
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

// reservedLabels are those that Prometheus and its exporters write themselves:
// a second one makes the whole endpoint fail, or is renamed.
var reservedLabels = []string{"le", "quantile", "job", "instance", "otel_metric_overflow", "auth_window"}

// label is the attribute's name as Prometheus has it.
func label(attribute string) string {
	translated, err := (&otlptranslator.LabelNamer{}).Build(attribute)
	if err != nil {
		return attribute
	}
	return translated
}

// labelName checks the name of an attribute on points.
func (c *compiler) labelName(at path, name string) bool {
	translated := label(name)
	switch {
	case name == "":
		c.fail(at, "is missing: give the attribute's name on the points")
	case !attributeName.MatchString(name):
		c.fail(at, "%q is no attribute: use letters, digits, dots and underscores", name)
	case slices.Contains(definition.Common(), name):
		c.fail(at, "%s is on every point: leave it out", name)
	case slices.Contains(reservedLabels, translated) || strings.HasPrefix(translated, "otel_scope_"):
		c.fail(at, "%s is a label that exporters write themselves: use another name, and attribute: %s", name, name)
	default:
		return true
	}
	return false
}

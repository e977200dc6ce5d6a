// Package promql builds queries from series that are known, so that none asks
// for a metric, a label or a value that does not exist. What is wrong with a
// query travels with it: Err says so at the end.
package promql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/dashboards/series"
)

// Selector picks series of one metric.
type Selector struct {
	series   series.Series
	matchers []string
	errs     []error
}

// Select begins with all series of a metric.
func Select(names series.Names, metric string) Selector {
	s, err := names.Find(metric)
	if err != nil {
		return Selector{errs: []error{err}}
	}
	return Selector{series: s}
}

// Is keeps the series of which an attribute has one of the values; "" is a
// series without it.
func (s Selector) Is(attribute string, values ...string) Selector {
	return s.compare("=", attribute, values)
}

// IsNot leaves the series out of which an attribute has one of the values.
func (s Selector) IsNot(attribute string, values ...string) Selector {
	return s.compare("!=", attribute, values)
}

// asRegexp are the operators that take a regular expression.
var asRegexp = map[string]string{"=": "=~", "!=": "!~"}

func (s Selector) compare(operator, attribute string, values []string) Selector {
	label, ok := s.series.Label(attribute)
	if !ok {
		return s.failed("%s has no label for %q", s.series.Name, attribute)
	}
	var alternatives []string
	for _, value := range values {
		if label.Values != nil && value != "" && !slices.Contains(label.Values, value) {
			return s.failed("%s: %s is never %q", s.series.Name, label.Name, value)
		}
		alternatives = append(alternatives, regexp.QuoteMeta(value))
	}
	if len(values) == 1 {
		return s.matching(label.Name, operator, values[0])
	}
	return s.matching(label.Name, asRegexp[operator], strings.Join(alternatives, "|"))
}

// Like keeps the series of which an attribute matches a regular expression,
// such as a variable's. What it may match is not checked.
func (s Selector) Like(attribute, expression string) Selector {
	label, ok := s.series.Label(attribute)
	if !ok {
		return s.failed("%s has no label for %q", s.series.Name, attribute)
	}
	return s.matching(label.Name, "=~", expression)
}

// Target keeps the series of what Prometheus scraped, by its own labels job and
// instance.
func (s Selector) Target(label, expression string) Selector {
	return s.matching(label, "=~", expression)
}

// HasLabel says whether the series have a label for the attribute.
func (s Selector) HasLabel(attribute string) bool {
	_, ok := s.series.Label(attribute)
	return ok
}

func (s Selector) matching(label, operator, value string) Selector {
	s.matchers = append(slices.Clip(s.matchers), fmt.Sprintf("%s%s%q", label, operator, value))
	return s
}

func (s Selector) failed(format string, args ...any) Selector {
	s.errs = append(slices.Clip(s.errs), fmt.Errorf(format, args...))
	return s
}

// text is the selector with the suffix of a histogram's parts.
func (s Selector) text(suffix string) string {
	if len(s.matchers) == 0 {
		return s.series.Name + suffix
	}
	return s.series.Name + suffix + "{" + strings.Join(s.matchers, ",") + "}"
}

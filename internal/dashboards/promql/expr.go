package promql

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/dashboards/series"
)

// Windows that Grafana fills in.
const (
	RateInterval = "$__rate_interval"
	Range        = "$__range"
)

// Expr is a query.
type Expr struct {
	text string
	// by are the labels of the result, for the legend.
	by   []string
	errs []error
}

// String is the query's text.
func (e Expr) String() string { return e.text }

// Labels are those of the result, if it was summed up by any.
func (e Expr) Labels() []string { return e.by }

// Err says what is wrong with the query.
func (e Expr) Err() error { return errors.Join(e.errs...) }

// function turns a selector into a vector, such as its rate.
type function func(Selector) string

func rate(s Selector) string { return "rate(" + s.text("") + "[" + RateInterval + "])" }

func increase(s Selector) string { return "increase(" + s.text("") + "[" + Range + "])" }

// Rate is how much counters grow in a second, summed up by the attributes.
func Rate(s Selector, by ...string) Expr { return s.kind(series.Counter).sum(rate, by) }

// Increase is by how much counters grew in the dashboard's time.
func Increase(s Selector, by ...string) Expr { return s.kind(series.Counter).sum(increase, by) }

// Value is that of gauges, summed up by the attributes.
func Value(s Selector, by ...string) Expr {
	return s.kind(series.Gauge).sum(func(s Selector) string { return s.text("") }, by)
}

// Max is the largest value of gauges by the attributes.
func Max(s Selector, by ...string) Expr {
	s = s.kind(series.Gauge)
	e := s.sum(func(s Selector) string { return s.text("") }, by)
	e.text = "max" + strings.TrimPrefix(e.text, "sum")
	return e
}

// Latest is the largest value of counters, for what is of interest as it stands.
func Latest(s Selector, by ...string) Expr {
	e := s.kind(series.Counter).sum(func(s Selector) string { return s.text("") }, by)
	e.text = "max" + strings.TrimPrefix(e.text, "sum")
	return e
}

// Raw are the series as they are, with their labels; for tables and annotations.
func Raw(s Selector) Expr { return Expr{text: s.text(""), errs: s.errs} }

// Count is Increase for what is rare: increase() knows no value before a series'
// first, and would not see the first event of all. What began within the time
// counts whole, in series that are summed up first: a restarted collector's are
// new, and their counts are not. Where one collector had counted before, what
// another one begins with is seen by the sum alone.
func Count(s Selector, by ...string) Expr {
	s = s.kind(series.Counter)
	now := s.sum(func(s Selector) string { return s.text("") }, by)
	before := s.sum(func(s Selector) string { return "last_over_time(" + s.text("") + "[1h] offset " + Range + ")" }, by)
	grown := s.sum(increase, by)
	now.text = "((" + now.text + " unless " + before.text + ")" +
		"\n  or " + now.text + " - " + before.text + " > " + grown.text +
		"\n  or " + grown.text + ")"
	return now
}

// Share is what the rate of a part is of the whole's, from 0 to 1. Who has no
// part has 0, and who has no whole is left out.
func Share(part, whole Selector, by ...string) Expr { return share(rate, part, whole, by) }

// ShareOfRange is Share over the dashboard's time.
func ShareOfRange(part, whole Selector, by ...string) Expr { return share(increase, part, whole, by) }

func share(f function, part, whole Selector, by []string) Expr {
	p, w := part.kind(series.Counter).sum(f, by), whole.kind(series.Counter).sum(f, by)
	return Expr{
		text: "(" + p.text + "\n    or 0 * " + w.text + ")\n  / (" + w.text + " > 0)",
		by:   w.by, errs: slices.Concat(p.errs, w.errs),
	}
}

// Quantile of a histogram, by the attributes.
func Quantile(q float64, s Selector, by ...string) Expr { return quantile(RateInterval, q, s, by) }

// QuantileOfRange is Quantile over the dashboard's time, for one number of it.
func QuantileOfRange(q float64, s Selector, by ...string) Expr { return quantile(Range, q, s, by) }

func quantile(window string, q float64, s Selector, by []string) Expr {
	s = s.kind(series.Histogram)
	labels, errs := s.labels(by)
	return Expr{
		text: fmt.Sprintf("histogram_quantile(%g, sum by (%s) (rate(%s[%s])))", q, strings.Join(append([]string{"le"}, labels...), ", "), s.text("_bucket"), window),
		by:   labels, errs: errs,
	}
}

// Events is how many values a histogram took in the dashboard's time.
func Events(s Selector, by ...string) Expr {
	return s.kind(series.Histogram).sum(func(s Selector) string { return "increase(" + s.text("_count") + "[" + Range + "])" }, by)
}

// TopK keeps the k largest.
func TopK(k int, e Expr) Expr {
	e.text = fmt.Sprintf("topk(%d, %s)", k, e.text)
	return e
}

// Over is one query through another of the same labels, where that is above 0.
func Over(part, whole Expr) Expr {
	part.text += "\n  / (" + whole.text + " > 0)"
	part.errs = slices.Concat(part.errs, whole.errs)
	return part
}

// OverAll is each of a query's results through one number.
func OverAll(part, whole Expr) Expr {
	if len(whole.by) > 0 {
		part.errs = append(slices.Clip(part.errs), errors.New("OverAll takes one number"))
	}
	part.text += "\n  / on () group_left () (" + whole.text + " > 0)"
	part.errs = slices.Concat(part.errs, whole.errs)
	return part
}

// Minus is one query less another; who is missing in the other has 0 there.
func Minus(e, less Expr) Expr {
	e.text = "(" + e.text + "\n  - (" + less.text + " or 0 * " + e.text + "))"
	e.errs = slices.Concat(e.errs, less.errs)
	return e
}

// Above keeps what is above a number.
func Above(e Expr, than float64) Expr {
	e.text = fmt.Sprintf("%s > %g", e.text, than)
	return e
}

// Below keeps what is below a number.
func Below(e Expr, than float64) Expr {
	e.text = fmt.Sprintf("%s < %g", e.text, than)
	return e
}

func (s Selector) kind(k series.Kind) Selector {
	if len(s.errs) == 0 && s.series.Kind != k {
		return s.failed("%s is another kind of metric than the function takes", s.series.Name)
	}
	return s
}

func (s Selector) sum(f function, by []string) Expr {
	labels, errs := s.labels(by)
	if len(labels) == 0 {
		return Expr{text: "sum(" + f(s) + ")", errs: errs}
	}
	return Expr{text: "sum by (" + strings.Join(labels, ", ") + ") (" + f(s) + ")", by: labels, errs: errs}
}

// targetLabels are those that Prometheus gives to what it scrapes.
var targetLabels = []string{"job", "instance"}

func (s Selector) labels(attributes []string) (labels []string, errs []error) {
	errs = slices.Clone(s.errs)
	for _, attribute := range attributes {
		if slices.Contains(targetLabels, attribute) {
			labels = append(labels, attribute)
			continue
		}
		label, ok := s.series.Label(attribute)
		if !ok && len(s.errs) == 0 {
			errs = append(errs, fmt.Errorf("%s has no label for %q", s.series.Name, attribute))
		}
		labels = append(labels, label.Name)
	}
	return labels, errs
}

package eventmetrics

import (
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

// checkNames refuses names that are none, and two metrics that become one in
// Prometheus, be it with its suffixes for unit and type or without.
func checkNames(metrics []definition.Metric) []error {
	var errs []error
	for _, m := range metrics {
		if !naming.Metric.MatchString(m.Name) {
			errs = append(errs, fmt.Errorf("metric %q: its name must begin with a letter and go on with letters, digits, "+
				"_, ., - and /, at most 255 in all", m.Name))
		}
	}
	for _, c := range naming.Collisions(metrics) {
		errs = append(errs, fmt.Errorf("metric %q: Prometheus has it under the name %s, as it has %q: rename one",
			metrics[c.Second].Name, c.Name, metrics[c.First].Name))
	}
	return errs
}

// checkLabels refuses names that are none, that Prometheus needs itself, or
// that it takes for one.
func checkLabels(dimensions []definition.Dimension, problem problemFunc) {
	first := map[string]string{}
	for _, d := range dimensions {
		name, ok := naming.Label(d.Name)
		switch other, taken := first[name]; {
		case !ok:
			problem("attribute %q: it is no name that Prometheus can have: rename it", d.Name)
		case naming.IsReserved(name):
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
		if kind, personal := naming.Personal(name); personal {
			problem("attribute %q holds personal data (%s): it can be no label. "+
				"If it has to be one, say i_accept_personal_data: true", d.Name, kind)
			return
		}
	}
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
	if kind, personal := naming.Personal(c.Place.Name); personal {
		problem("a condition compares %q, which holds personal data (%s): it may only ask whether there is a value",
			c.Place.Name, kind)
	}
}

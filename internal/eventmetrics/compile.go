package eventmetrics

import (
	"errors"
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// rule is a Rule made ready: attributes are fields, names are patterns.
type rule struct {
	metric     int
	source     string
	events     []pattern
	except     []pattern
	conditions []condition
	defaults   []defaultValue
}

type condition struct {
	field  field
	values []pattern
}

type defaultValue struct {
	field field
	value string
}

// pattern is an event name, or what stands before and after its "*".
type pattern struct {
	prefix, suffix string
	wildcard       bool
}

func (p pattern) matches(name string) bool {
	if !p.wildcard {
		return name == p.prefix
	}
	return len(name) >= len(p.prefix)+len(p.suffix) &&
		strings.HasPrefix(name, p.prefix) && strings.HasSuffix(name, p.suffix)
}

// takes reports whether the rule looks at records of this source and name.
func (r *rule) takes(source, event string) bool {
	return (r.source == "" || r.source == source) && anyMatches(r.events, event) && !anyMatches(r.except, event)
}

// applies reports whether the rule counts a record that it takes.
func (r *rule) applies(rec *record) bool {
	for _, c := range r.conditions {
		if !anyMatches(c.values, rec.values[c.field]) {
			return false
		}
	}
	return true
}

// value is the record's value of a field, or what the rule puts for it.
func (r *rule) value(rec *record, f field) string {
	if v := rec.values[f]; v != "" {
		return v
	}
	for _, d := range r.defaults {
		if d.field == f {
			return d.value
		}
	}
	return ""
}

// compile checks the metrics and makes them ready. All problems are joined.
func compile(catalogue []definition.Metric, maxSeries int) ([]*metric, []rule, error) {
	var (
		metrics []*metric
		rules   []rule
		errs    []error
	)
	names := map[string]string{}
	for i, m := range catalogue {
		problem := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("metric %q: %w", m.Name, fmt.Errorf(format, args...)))
		}
		if first, taken := names[exported(m.Name)]; taken {
			problem("its name is that of %q once dots have become underscores: rename one", first)
		}
		names[exported(m.Name)] = m.Name

		attributes := definition.Common()
		for _, d := range m.Dimensions {
			attributes = append(attributes, d.Name)
		}
		if len(attributes) > maxDimensions {
			problem("has %d attributes with the common ones: use at most %d", len(attributes), maxDimensions)
			continue
		}
		compiled := newMetric(m, maxSeries)
		for _, name := range attributes {
			f, err := labelField(name)
			if err != nil {
				problem("%w", err)
				continue
			}
			compiled.addDimension(f)
		}
		metrics = append(metrics, compiled)

		for _, r := range m.Rules {
			ready, err := compileRule(i, r)
			if err != nil {
				problem("%w", err)
			}
			rules = append(rules, ready)
		}
	}
	return metrics, rules, errors.Join(errs...)
}

func compileRule(index int, r definition.Rule) (rule, error) {
	var errs []error
	ready := rule{metric: index, source: r.Source}
	if len(r.Events) == 0 {
		errs = append(errs, errors.New("a rule has no events: name at least one"))
	}
	for _, name := range r.Events {
		ready.events = append(ready.events, compilePattern(name))
	}
	for _, name := range r.Except {
		ready.except = append(ready.except, compilePattern(name))
	}
	for _, c := range r.Conditions {
		f, err := labelField(c.Place.Name)
		errs = append(errs, err)
		values := make([]pattern, len(c.Values))
		for i, value := range c.Values {
			values[i] = compilePattern(value)
		}
		ready.conditions = append(ready.conditions, condition{f, values})
	}
	for _, d := range r.Defaults {
		f, err := labelField(d.Dimension)
		errs = append(errs, err)
		ready.defaults = append(ready.defaults, defaultValue{f, d.Value})
	}
	return ready, errors.Join(errs...)
}

func compilePattern(name string) pattern {
	prefix, suffix, wildcard := strings.Cut(name, "*")
	return pattern{prefix, suffix, wildcard}
}

// labelField refuses attributes that hold personal data, whatever the rules
// say, and those that the engine does not read.
func labelField(attribute string) (field, error) {
	if kind, _ := attr.KindOf(attribute); kind != pii.None && kind != pii.Public {
		return 0, fmt.Errorf("attribute %q holds personal data (%s): it can be no label", attribute, kind)
	}
	f, ok := fieldOf(attribute)
	if !ok {
		return 0, fmt.Errorf("attribute %q is none that points can carry", attribute)
	}
	return f, nil
}

// exported is the name as backends see it that know no dots.
func exported(name string) string { return strings.ReplaceAll(name, ".", "_") }

func anyMatches(patterns []pattern, name string) bool {
	for _, p := range patterns {
		if p.matches(name) {
			return true
		}
	}
	return false
}

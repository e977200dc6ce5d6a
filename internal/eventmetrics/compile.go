package eventmetrics

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// operation is what a rule has a record do.
type operation uint8

const (
	opAdd    operation = iota // to a sum or histogram
	opUnique                  // a user to the windows of a metric
	opStep                    // of a funnel
	opBegin                   // of a pair
	opEnd                     // of a pair
)

// rule is a definition.Rule made ready: places are fields, names are patterns.
type rule struct {
	operation operation
	// target is the index of a metric, of a funnel or of a pair.
	target int
	// metric takes the record's labels; nil for the side of a pair that no
	// metric counts.
	metric *metric
	// group is the same for rules of which only the first that applies counts.
	group int
	step  int // of a funnel

	source     string
	events     []pattern
	except     []pattern
	conditions []condition
	defaults   []definition.Default
	// value is the field of a number, where one is counted.
	value    field
	hasValue bool
	// identity is an index into the compiler's identities, for users.
	identity int
	match    []field // of a pair
}

// takes reports whether the rule looks at records of this source and name.
func (r *rule) takes(source, event string) bool {
	return (r.source == "" || r.source == source) && anyMatches(r.events, event) && !anyMatches(r.except, event)
}

// compiler makes a definition.Set ready, and collects what is wrong with it.
type compiler struct {
	settings   Settings
	fields     *fields
	metrics    []*metric
	byName     map[string]*metric
	rules      []rule
	identities []identity
	funnels    []funnel
	pairs      []pair
	groups     int
	errs       []error
}

// problemOf returns what collects the problems of one thing, such as a metric.
func (c *compiler) problemOf(kind, name string) func(format string, args ...any) {
	return func(format string, args ...any) {
		c.errs = append(c.errs, fmt.Errorf("%s %q: %w", kind, name, fmt.Errorf(format, args...)))
	}
}

// compile checks a set and makes it ready. All problems are joined.
func compile(set definition.Set, settings Settings) (*compiler, error) {
	c := &compiler{settings: settings, fields: newFields(), byName: map[string]*metric{}}
	c.errs = append(c.errs, checkNames(set.Metrics)...)
	for _, m := range set.Metrics {
		c.metric(m)
	}
	for _, f := range set.Funnels {
		c.funnel(f)
	}
	for _, p := range set.Pairs {
		c.pair(p)
	}
	c.listed()
	c.checkDeclared()
	return c, errors.Join(c.errs...)
}

func (c *compiler) metric(m definition.Metric) {
	problem := c.problemOf("metric", m.Name)
	compiled := &metric{Metric: m, index: len(c.metrics), maxSeries: c.settings.MaxSeries, series: map[key]*series{}}
	c.metrics = append(c.metrics, compiled)
	c.byName[m.Name] = compiled

	dimensions := slices.Concat(commonDimensions(), m.Dimensions)
	if len(dimensions) > maxDimensions {
		problem("has %d attributes with the common ones: use at most %d", len(dimensions), maxDimensions)
		dimensions = dimensions[:maxDimensions]
	}
	checkLabels(dimensions, problem)
	for i, d := range dimensions {
		c.dimension(compiled, d, i < len(definition.Common()), problem)
	}
	c.kind(compiled, problem)

	c.groups++
	operation := opAdd
	identity := 0
	if m.Kind == definition.Unique {
		operation = opUnique
		identity = c.identity(m.Unique.By, problem)
	}
	for _, r := range m.Rules {
		ready := c.rule(r, compiled, problem)
		ready.operation, ready.target, ready.identity = operation, compiled.index, identity
		if r.Value != unsetPlace && m.Kind == definition.Unique {
			problem("a rule has a value, and a unique count has none: leave it out")
		}
		c.rules = append(c.rules, ready)
	}
}

func (c *compiler) dimension(m *metric, d definition.Dimension, common bool, problem problemFunc) {
	d = withVocabulary(d)
	place := d.From
	if place == unsetPlace {
		place = definition.Place{In: definition.Attribute, Name: d.Name}
	}
	if !common && !d.AcceptPersonalData {
		checkPersonal(d, place, problem)
	}
	id, err := c.fields.of(place)
	if err != nil {
		problem("attribute %q: %w", d.Name, err)
		return
	}
	if d.Cap < 0 || d.Cap > maxCap {
		problem("attribute %q: cap must be from 1 to %d (got %d)", d.Name, maxCap, d.Cap)
		return
	}
	compiled := dimension{Dimension: d, field: id, common: common,
		dictionary: newDictionary(c.fields.specs[id].table, d.Cap, d.AcceptPersonalData)}
	for _, source := range slices.Sorted(maps.Keys(d.Allowed)) { // the same numbers in each engine
		for _, value := range d.Allowed[source] {
			compiled.list(d.Name, value, problem)
		}
	}
	if d.Default != "" {
		compiled.list(d.Name, d.Default, problem)
	}
	m.dimensions = append(m.dimensions, compiled)
}

// list gives a value a place before any record brings it.
func (d *dimension) list(name, value string, problem problemFunc) {
	switch {
	case value == "":
		problem("attribute %q: an empty value is listed: leave it out, what is empty counts as absent", name)
	case !d.fits(value):
		problem("attribute %q: a listed value is longer than %d bytes, not printable, or looks like an address: "+
			"it can be no label", name, maxValueLength)
	case len(d.values) >= maxCap:
		problem("attribute %q: more than %d values are listed", name, maxCap)
	default:
		d.add(value)
	}
}

// listed ends the time in which values are listed beforehand.
func (c *compiler) listed() {
	for _, m := range c.metrics {
		for i := range m.dimensions {
			m.dimensions[i].listed = len(m.dimensions[i].values)
		}
	}
	for _, spec := range c.fields.specs {
		spec.table.listed = len(spec.table.values)
	}
}

// rule makes ready what rules have in common. m takes the labels; nil for none.
func (c *compiler) rule(r definition.Rule, m *metric, problem problemFunc) rule {
	ready := rule{metric: m, group: c.groups, source: r.Source}
	if len(r.Events) == 0 {
		problem("a rule has no events: name at least one, or * for all")
	}
	ready.events = c.patterns(r.Events, problem)
	ready.except = c.patterns(r.Except, problem)
	for _, condition := range r.Conditions {
		ready.conditions = append(ready.conditions, c.condition(condition, problem))
	}
	if m != nil {
		m.sources = append(m.sources, r.Source)
		ready.defaults = r.Defaults
		for _, d := range r.Defaults {
			i := m.dimensionNamed(d.Dimension)
			if i < 0 {
				problem("a rule has a default for %q, which is none of the attributes: add it to them, or leave the default out",
					d.Dimension)
				continue
			}
			m.dimensions[i].list(d.Dimension, d.Value, problem)
		}
	}
	if r.Value != unsetPlace {
		id, err := c.place(r.Value)
		if err != nil {
			problem("value: %w", err)
		}
		ready.value, ready.hasValue = id, true
	} else if m != nil && m.isHistogram() {
		id, err := c.fields.of(durationPlace)
		if err != nil {
			problem("value: %w", err)
		}
		ready.value, ready.hasValue = id, true
	}
	return ready
}

func (c *compiler) patterns(names []string, problem problemFunc) []pattern {
	patterns := make([]pattern, len(names))
	for i, name := range names {
		var err error
		if patterns[i], err = compilePattern(name); err != nil {
			problem("%w", err)
		}
	}
	return patterns
}

func (c *compiler) condition(def definition.Condition, problem problemFunc) condition {
	checkCondition(def, problem)
	id, err := c.place(def.Place)
	if err != nil {
		problem("a condition: %w", err)
	}
	return condition{field: id, values: c.patterns(def.Values, problem), not: def.Not}
}

// place is the field of a place that must be set.
func (c *compiler) place(place definition.Place) (field, error) {
	if place.In == definition.Unset || place.Name == "" {
		return 0, errors.New("it names no attribute, resource attribute or body path")
	}
	return c.fields.of(place)
}

// dimensionNamed returns the index of a dimension, or -1.
func (m *metric) dimensionNamed(name string) int {
	return slices.IndexFunc(m.dimensions, func(d dimension) bool { return d.Name == name })
}

func (m *metric) isHistogram() bool {
	return m.Kind == definition.Histogram || m.Kind == definition.ExponentialHistogram
}

package eventmetrics

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// numCommon is how many attributes definition.Common has.
const numCommon = 3

// combination is a value for each of definition.Common.
type combination [numCommon]string

// maxCombinations bounds the combinations for which there are zero points.
const maxCombinations = 256

// checkDeclared refuses combinations and zero points that can not be.
func (c *compiler) checkDeclared() {
	for i, declared := range c.settings.Declare {
		for _, name := range slices.Sorted(maps.Keys(declared)) {
			value := declared[name]
			switch {
			case !slices.Contains(definition.Common(), name):
				c.errs = append(c.errs, fmt.Errorf("declare %d names %q: use %q alone", i+1, name, definition.Common()))
			case value == "" || value == Other || !(&dictionary{}).fits(value):
				c.errs = append(c.errs, fmt.Errorf("declare %d has a value for %q that can be no label: "+
					"give a printable text of at most %d bytes that is no address", i+1, name, maxValueLength))
			}
		}
	}
	if len(c.settings.Declare) > maxCombinations {
		c.errs = append(c.errs, fmt.Errorf("declare has %d combinations: use at most %d", len(c.settings.Declare), maxCombinations))
	}
}

// zeros checks a metric's zero points and lists their values.
func (c *compiler) zeros(m *metric, problem problemFunc) {
	for _, zero := range m.Zeros {
		for _, name := range slices.Sorted(maps.Keys(zero)) {
			i := m.dimensionNamed(name)
			if i < 0 {
				problem("a zero point has %q, which is none of the attributes: add it to them, or leave it out", name)
				continue
			}
			m.dimensions[i].list(name, zero[name], problem)
		}
	}
}

// declare adds the zero points of what was declared.
func (e *Engine) declare() {
	for _, declared := range e.settings.Declare {
		var c combination
		for i, name := range definition.Common() {
			c[i] = declared[name]
		}
		e.combine(c)
	}
}

// meet adds the zero points that come with the common attributes of a new
// series, where it is the first with these.
func (e *Engine) meet(m *metric, k key, result *Result) {
	var c combination
	for i := range c {
		if k[i] == otherID {
			return // no combination of its own
		}
		c[i] = m.dimensions[i].values[k[i]]
	}
	if _, met := e.combinations[c]; met {
		return
	}
	if len(e.combinations) >= maxCombinations {
		result.ZerosRefused++
		return
	}
	e.combine(c)
}

func (e *Engine) combine(c combination) {
	e.combinations[c] = struct{}{}
	for _, m := range e.metrics {
		for _, zero := range m.Zeros {
			m.zero(c, zero, e)
		}
	}
}

// zero adds one zero point. It takes no room that would have an attribute
// folded, and leaves out what is there already.
func (m *metric) zero(c combination, zero map[string]string, e *Engine) {
	if !slices.Contains(m.sources, c[0]) && !slices.Contains(m.sources, "") || len(m.series) >= m.maxSeries-m.reserve() {
		return
	}
	var k key
	for i := range m.dimensions {
		d := &m.dimensions[i]
		value := zero[d.Name]
		if i < len(c) {
			if value != "" && value != c[i] {
				return // a zero point of another source or environment
			}
			value = c[i]
		}
		// What the records without a value count as: nothing adds to a point
		// that has none.
		if value = cmp.Or(value, d.Default); value == "" {
			continue
		}
		if k[i] = d.find(value); k[i] == absentID {
			k[i] = d.admit(value)
		}
		if k[i] == otherID {
			return
		}
	}
	if _, there := m.series[k]; !there {
		m.create(k, e.settings.UniqueKey)
	}
}

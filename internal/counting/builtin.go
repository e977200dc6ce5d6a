package counting

import (
	"maps"
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// builtins takes over the built-in set as Metrics, Funnels and Pairs change
// it. What a switched-off metric leaves without purpose goes as well.
func (c *compiler) builtins() {
	names := c.builtinNames()
	for _, name := range sortedKeys(c.cfg.Metrics) {
		if !slices.Contains(names, name) {
			c.fail(path("metrics").key(name), "is no built-in metric: %s", nearest(name, names))
		}
	}
	for _, m := range c.base.Metrics {
		change := c.cfg.Metrics[m.Name]
		if isOff(change.Enabled) {
			continue
		}
		at := path("metrics").key(m.Name)
		m = c.without(at.key("drop_attributes"), m, change.DropAttributes)
		m = c.with(at.key("attributes"), m, change.Attributes)
		if m.Kind == definition.Unique && len(c.cfg.Unique.Windows) > 0 {
			m.Unique.Windows = c.cfg.Unique.Windows
		}
		c.builtin = append(c.builtin, named{m, at})
	}
	for _, f := range c.base.Funnels {
		if !isOff(c.cfg.Funnels[f.Name].Enabled) && find(c.builtin, f.Metric) != nil {
			c.funnels = append(c.funnels, c.changedFunnel(f))
		}
	}
	for _, p := range c.base.Pairs {
		if find(c.builtin, p.Duration) == nil {
			p.Duration = ""
		}
		if find(c.builtin, p.Abandoned) == nil {
			p.Abandoned = ""
		}
		if !isOff(c.cfg.Pairs[p.Name].Enabled) && p.Duration+p.Abandoned != "" {
			c.pairs = append(c.pairs, c.changedPair(p))
		}
	}
}

// without drops attributes of a metric, wherever it speaks of them. It
// changes nothing of the built-in set, which others hold as well.
func (c *compiler) without(at path, m definition.Metric, drop []string) definition.Metric {
	for i, name := range drop {
		at := at.index(i)
		had := slices.ContainsFunc(m.Dimensions, func(d definition.Dimension) bool { return d.Name == name })
		switch {
		case slices.Contains(definition.Common(), name):
			c.fail(at, "%s tells sources and environments apart on every point: it can't be dropped", name)
			continue
		case name == definition.FunnelAttribute || name == definition.StepAttribute:
			c.fail(at, "%s tells funnels apart: it can't be dropped", name)
			continue
		case !had:
			c.fail(at, "%q is no attribute of this metric: its attributes are %s", name, list(dimensionNames(m)))
			continue
		}
		m = dropDimension(m, name)
	}
	return m
}

func dropDimension(m definition.Metric, name string) definition.Metric {
	m.Dimensions = slices.DeleteFunc(slices.Clone(m.Dimensions), func(d definition.Dimension) bool { return d.Name == name })
	m.Rules = slices.Clone(m.Rules)
	for i := range m.Rules {
		m.Rules[i].Defaults = slices.DeleteFunc(slices.Clone(m.Rules[i].Defaults),
			func(d definition.Default) bool { return d.Dimension == name })
	}
	var zeros []map[string]string
	for _, zero := range m.Zeros {
		zero = maps.Clone(zero)
		delete(zero, name)
		same := func(other map[string]string) bool { return maps.Equal(other, zero) }
		if !slices.ContainsFunc(zeros, same) { // two may have differed in it alone
			zeros = append(zeros, zero)
		}
	}
	m.Zeros = zeros
	var breakdowns [][]string
	for _, set := range m.Unique.Breakdowns {
		// A set without one of its attributes would be another statistic.
		if !slices.Contains(set, name) {
			breakdowns = append(breakdowns, set)
		}
	}
	m.Unique.Breakdowns = breakdowns
	return m
}

// with adds attributes to a metric; one of a name that is there takes over
// what it does not say itself.
func (c *compiler) with(at path, m definition.Metric, add []AttributeConfig) definition.Metric {
	m.Dimensions = slices.Clone(m.Dimensions)
	m.Unique.Breakdowns = slices.Clone(m.Unique.Breakdowns)
	twice := map[string]bool{}
	for i, a := range add {
		at := at.index(i)
		had := slices.IndexFunc(m.Dimensions, func(d definition.Dimension) bool { return d.Name == a.Name })
		base := c.fresh(a)
		if had >= 0 {
			base = m.Dimensions[had]
		}
		d, ok := c.dimension(at, a, base)
		switch {
		case !ok:
			continue
		case twice[label(a.Name)]:
			c.fail(at.key("name"), "%q is the label %s, which stands there before: rename one", a.Name, label(a.Name))
			continue
		}
		twice[label(a.Name)] = true
		if had >= 0 {
			m.Dimensions[had] = d
			continue
		}
		if c.collides(at.key("name"), m, d.Name) {
			continue
		}
		m.Dimensions = append(m.Dimensions, d)
		if m.Kind == definition.Unique {
			m.Unique.Breakdowns = append(m.Unique.Breakdowns, []string{d.Name})
		}
	}
	return m
}

// collides refuses a new attribute that is one with another to Prometheus.
func (c *compiler) collides(at path, m definition.Metric, name string) bool {
	for _, other := range slices.Concat(definition.Common(), dimensionNames(m)) {
		if label(other) == label(name) {
			c.fail(at, "%q is the label %s, and so is %s: rename it", name, label(name), other)
			return true
		}
	}
	return false
}

// onlyKeys refuses what a built-in funnel or pair does not take: it would do
// nothing.
func (c *compiler) onlyKeys(at path, given []string, allowed ...string) {
	for _, key := range given {
		if !slices.Contains(allowed, key) {
			c.fail(at.key(key), "can't be changed where it is built in, which takes %s: give one of your own another name", list(allowed))
		}
	}
}

func dimensionNames(m definition.Metric) []string {
	var names []string
	for _, d := range m.Dimensions {
		names = append(names, d.Name)
	}
	return names
}

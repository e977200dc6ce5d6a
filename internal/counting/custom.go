package counting

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// kindNames are the types of custom metrics, by definition.Kind.
var kindNames = []string{
	definition.Sum:                  "sum",
	definition.Histogram:            "histogram",
	definition.ExponentialHistogram: "exponential_histogram",
	definition.Unique:               "unique",
}

// maxBuckets is more than any histogram needs, and less than what would make
// one series as large as a hundred.
const maxBuckets = 200

// customs compiles the users' own metrics, in the order of their names.
func (c *compiler) customs() {
	for _, name := range sortedKeys(c.cfg.Custom) {
		at := path("custom").key(name)
		if !c.newName(at, name) {
			continue
		}
		c.custom = append(c.custom, named{c.customMetric(at, name, c.cfg.Custom[name]), at})
	}
}

func (c *compiler) customMetric(at path, name string, cfg CustomConfig) definition.Metric {
	kind := slices.Index(kindNames, cmp.Or(cfg.Type, kindNames[definition.Sum]))
	if kind < 0 {
		c.fail(at.key("type"), "must be one of %s (got %q)", strings.Join(kindNames, ", "), cfg.Type)
		kind = int(definition.Sum)
	}
	m := definition.Metric{Name: name, Description: cfg.Description, Kind: definition.Kind(kind)}
	if !cfg.Records.isEmpty() || !c.isPaired(name) {
		rule := c.rule(at, cfg.Records)
		rule.Value = c.customValue(at.key("value"), cfg, m.Kind)
		m.Rules = []definition.Rule{rule}
	} else if cfg.Value != (ValueConfig{}) {
		c.fail(at.key("value"), "is of a metric with events: a pair gives this one its values")
	}
	m.Unit = c.customUnit(at.key("unit"), cfg, m.Kind)
	m = c.with(at.key("attributes"), m, cfg.Attributes)
	m.Bounds = c.bounds(at.key("buckets"), cfg.Buckets, m.Kind)
	m.Unique = c.customUnique(at, cfg, m)
	m.Zeros = zeros(m)
	return m
}

func (c *compiler) customValue(at path, cfg CustomConfig, kind definition.Kind) definition.Place {
	place, _ := c.place(at, placeKeys{attribute: cfg.Value.Attribute, body: cfg.Value.Body})
	// The sum of one record, and a histogram's minimum, are the value itself.
	if p, yes := personalAt(place); place.In != definition.Unset && yes && p.singlesOut() {
		c.fail(at, "%s holds personal data (%s), and a sum or a minimum may be one person's: take another place", p.what, p.kindName())
	}
	if kind == definition.Unique && place.In != definition.Unset {
		c.fail(at, "is for sums and histograms: a unique metric counts users, whom by names")
	}
	return place
}

// customUnit fills in what a metric without a unit is counted in.
func (c *compiler) customUnit(at path, cfg CustomConfig, kind definition.Kind) string {
	valued := cfg.Value != ValueConfig{}
	histogram := kind == definition.Histogram || kind == definition.ExponentialHistogram
	if histogram && !valued && cfg.Unit != "" && cfg.Unit != "s" {
		c.fail(at, "must be s where there is no value, because %s is in seconds (got %q)", attr.Duration, cfg.Unit)
		return cfg.Unit
	}
	if cfg.Unit != "" {
		c.unit(at, cfg.Unit)
		return cfg.Unit
	}
	switch {
	case kind == definition.Unique:
		return "{user}"
	case valued:
		return "1"
	case histogram:
		return "s"
	default:
		return "{event}"
	}
}

func (c *compiler) bounds(at path, bounds []float64, kind definition.Kind) []float64 {
	if bounds == nil {
		return nil
	}
	if kind != definition.Histogram {
		c.fail(at, "are of a metric of type histogram alone: leave them out (the type is %s)", kindNames[kind])
		return nil
	}
	if len(bounds) == 0 || len(bounds) > maxBuckets {
		c.fail(at, "must be 1 to %d bounds (got %d)", maxBuckets, len(bounds))
	}
	for i, bound := range bounds {
		switch {
		case math.IsInf(bound, 0) || math.IsNaN(bound):
			c.fail(at.index(i), "must be a finite number: the last bucket takes all that is above the last bound")
		case i > 0 && bound <= bounds[i-1]:
			c.fail(at.index(i), "must be above the bound before it, %v (got %v)", bounds[i-1], bound)
		}
	}
	return bounds
}

// isPaired says whether a pair counts in the metric.
func (c *compiler) isPaired(name string) bool {
	for _, p := range c.cfg.Pairs {
		if p.Duration == name || p.Abandoned == name {
			return true
		}
	}
	return false
}

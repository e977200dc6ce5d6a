package counting

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// userPairs compiles the users' own pairs, in the order of their names.
func (c *compiler) userPairs() {
	builtin := make([]string, len(c.base.Pairs))
	for i, p := range c.base.Pairs {
		builtin[i] = p.Name
	}
	for _, name := range sortedKeys(c.cfg.Pairs) {
		cfg, at := c.cfg.Pairs[name], path("pairs").key(name)
		isBuiltin := slices.Contains(builtin, name)
		given := !cfg.Begin.isEmpty() || !cfg.End.isEmpty()
		switch {
		case isBuiltin && given:
			c.fail(at, "is the name of a built-in pair: give yours another")
		case isBuiltin:
			c.onlyKeys(at, cfg.given, "enabled", "timeout", "max_pending")
		case isOff(cfg.Enabled) && !given:
			c.fail(at, "is no built-in pair: %s", nearest(name, builtin))
		case !isOff(cfg.Enabled):
			c.pairs = append(c.pairs, c.pair(at, name, cfg))
		}
	}
}

// changedPair is a built-in pair with the bounds that the user gave.
func (c *compiler) changedPair(p definition.Pair) definition.Pair {
	cfg, at := c.cfg.Pairs[p.Name], path("pairs").key(p.Name)
	if slices.Contains(cfg.given, "timeout") {
		c.length(at.key("timeout"), cfg.Timeout, "10m")
		p.Timeout = cfg.Timeout
	}
	if slices.Contains(cfg.given, "max_pending") {
		c.held(at.key("max_pending"), cfg.MaxPending)
		p.MaxPending = cfg.MaxPending
	}
	return p
}

func (c *compiler) pair(at path, name string, cfg PairConfig) definition.Pair {
	p := definition.Pair{
		Name:     name,
		Duration: cfg.Duration, Abandoned: cfg.Abandoned,
		Begin:   []definition.Rule{c.rule(at.key("begin"), cfg.Begin)},
		End:     []definition.Rule{c.rule(at.key("end"), cfg.End)},
		By:      cfg.By,
		Match:   cfg.Match,
		Timeout: cfg.Timeout, MaxPending: cfg.MaxPending,
	}
	if len(p.By) == 0 {
		p.By = []string{attr.SessionID, attr.UserID}
	}
	c.names(at.key("by"), cfg.By)
	c.names(at.key("match"), cfg.Match)
	c.length(at.key("timeout"), cfg.Timeout, "10m")
	c.held(at.key("max_pending"), cfg.MaxPending)
	switch {
	case cfg.Duration == "" && cfg.Abandoned == "":
		c.fail(at, "counts in no metric: name one under duration, abandoned, or both")
	case cfg.Duration == cfg.Abandoned:
		c.fail(at.key("abandoned"), "is the metric of duration: name another")
	default:
		c.pairMetric(at.key("duration"), cfg.Duration, definition.Metric{
			Unit: "s", Kind: definition.Histogram,
			Description: "Time from the event that begins the pair to the one that ends it.",
		})
		c.pairMetric(at.key("abandoned"), cfg.Abandoned, definition.Metric{
			Unit: "{event}", Kind: definition.Sum,
			Description: "Events that begin the pair and that nothing ended within its timeout.",
		})
	}
	return p
}

// pairMetric checks the metric that a pair counts in, and makes one of a name
// that is new.
func (c *compiler) pairMetric(at path, name string, fresh definition.Metric) {
	if name == "" {
		return
	}
	m := find(c.custom, name)
	if m == nil {
		m = find(c.builtin, name)
	}
	switch {
	case m == nil && isOff(c.cfg.Metrics[name].Enabled):
		c.fail(at, "%s is switched off under metrics: name another, or switch it on", name)
	case m == nil:
		if _, reported := c.cfg.Custom[name]; !reported && c.newName(at, name) {
			fresh.Name = name
			fresh.Zeros = zeros(fresh)
			c.custom = append(c.custom, named{fresh, at})
		}
	case len(m.metric.Rules) > 0:
		c.fail(at, "%s counts records itself: name another metric, or take its events away", name)
	case fresh.Kind == definition.Sum && m.metric.Kind != definition.Sum:
		c.fail(at, "must be a sum: %s is of type %s", name, kindNames[m.metric.Kind])
	case fresh.Kind == definition.Histogram && !isHistogram(m.metric.Kind):
		c.fail(at, "must be a histogram: %s is of type %s", name, kindNames[m.metric.Kind])
	case fresh.Kind == definition.Histogram && m.metric.Unit != "s":
		c.fail(at, "must be in seconds: %s has the unit %q", name, m.metric.Unit)
	}
}

func isHistogram(kind definition.Kind) bool {
	return kind == definition.Histogram || kind == definition.ExponentialHistogram
}

package counting

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

const (
	// funnelMetric is where all funnels count.
	funnelMetric = "auth.funnel.users"

	maxSteps = 16
)

// userFunnels compiles the users' own funnels, in the order of their names.
func (c *compiler) userFunnels() {
	builtin := make([]string, len(c.base.Funnels))
	for i, f := range c.base.Funnels {
		builtin[i] = f.Name
	}
	for _, name := range sortedKeys(c.cfg.Funnels) {
		cfg, at := c.cfg.Funnels[name], path("funnels").key(name)
		isBuiltin := slices.Contains(builtin, name)
		switch {
		case isBuiltin && len(cfg.Steps) > 0:
			c.fail(at, "is the name of a built-in funnel: give yours another")
		case isBuiltin:
			c.onlyKeys(at, cfg.given, "enabled", "window", "max_users")
		case isOff(cfg.Enabled) && len(cfg.Steps) == 0:
			c.fail(at, "is no built-in funnel: %s", nearest(name, builtin))
		case !isOff(cfg.Enabled):
			c.funnels = append(c.funnels, c.funnel(at, name, cfg))
			c.needFunnelMetric(at)
		}
	}
}

// changedFunnel is a built-in funnel with the bounds that the user gave.
func (c *compiler) changedFunnel(f definition.Funnel) definition.Funnel {
	cfg, at := c.cfg.Funnels[f.Name], path("funnels").key(f.Name)
	if slices.Contains(cfg.given, "window") {
		c.length(at.key("window"), cfg.Window, "24h")
		f.Window = cfg.Window
	}
	if slices.Contains(cfg.given, "max_users") {
		c.held(at.key("max_users"), cfg.MaxUsers)
		f.MaxUsers = cfg.MaxUsers
	}
	return f
}

// needFunnelMetric sees to it that there is a metric for a funnel to count in.
func (c *compiler) needFunnelMetric(at path) {
	switch {
	case isOff(c.cfg.Metrics[funnelMetric].Enabled):
		c.fail(at, "counts in %s, which metrics::%s switches off: switch the built-in funnels off under funnels instead",
			funnelMetric, funnelMetric)
	case find(c.builtin, funnelMetric) == nil && find(c.custom, funnelMetric) == nil:
		c.custom = append(c.custom, named{definition.Metric{
			Name:        funnelMetric,
			Unit:        "{user}",
			Description: "Users who reached a step of a funnel within their window.",
			Dimensions:  []definition.Dimension{{Name: definition.FunnelAttribute}, {Name: definition.StepAttribute}},
		}, at})
	}
}

func (c *compiler) funnel(at path, name string, cfg FunnelConfig) definition.Funnel {
	c.value(at, name)
	if len(cfg.Steps) < 2 || len(cfg.Steps) > maxSteps {
		c.fail(at.key("steps"), "must be 2 to %d (got %d)", maxSteps, len(cfg.Steps))
	}
	c.length(at.key("window"), cfg.Window, "24h")
	c.held(at.key("max_users"), cfg.MaxUsers)
	c.names(at.key("by"), cfg.By)
	f := definition.Funnel{
		Name: name, Metric: funnelMetric, Ordered: cfg.Ordered,
		Window: cfg.Window, By: cfg.By, MaxUsers: cfg.MaxUsers,
	}
	if len(f.By) == 0 {
		f.By = defaultBy()
	}
	taken := map[string]bool{}
	for i, step := range cfg.Steps {
		at := at.key("steps").index(i)
		if c.value(at.key("name"), step.Name) && taken[step.Name] {
			c.fail(at.key("name"), "%q is the name of a step before it: rename one", step.Name)
		}
		taken[step.Name] = true
		f.Steps = append(f.Steps, definition.Step{Name: step.Name, Rules: []definition.Rule{c.rule(at, step.Records)}})
	}
	return f
}

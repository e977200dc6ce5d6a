package eventmetrics

import (
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/journey"
)

// Bounds of what may be defined.
const (
	maxSteps = 16
	maxMatch = 3
	// maxIdentities is how many different lists of attributes may hold a user.
	maxIdentities = 32
)

// identity is a list of attributes that may hold a user; the first that a
// record has counts.
type identity struct {
	names  []string
	fields []field
}

// funnel is a definition.Funnel with those who are in it.
type funnel struct {
	definition.Funnel
	metric  *metric
	journey *journey.Funnel
	latest  time.Time // of all events of its steps
}

// pair is a definition.Pair with what is pending. What is abandoned counts
// under the key of its payload.
type pair struct {
	definition.Pair
	duration, abandoned *metric // nil where nothing counts it
	pending             *journey.Pairs[key]
}

// identity returns the index of a list of attributes that may hold a user.
func (c *compiler) identity(by []string, problem problemFunc) int {
	if len(by) == 0 {
		problem("by names no attribute that holds the user: name at least one, such as user.id")
		return 0
	}
	if i := slices.IndexFunc(c.identities, func(id identity) bool { return slices.Equal(id.names, by) }); i >= 0 {
		return i
	}
	if len(c.identities) >= maxIdentities {
		problem("more than %d different lists of attributes hold users: let some have the same", maxIdentities)
		return 0
	}
	id := identity{names: by}
	for _, name := range by {
		f, err := c.place(definition.Place{In: definition.Attribute, Name: name})
		if err != nil {
			problem("by: %w", err)
		}
		id.fields = append(id.fields, f)
	}
	c.identities = append(c.identities, id)
	return len(c.identities) - 1
}

func (c *compiler) funnel(def definition.Funnel) {
	problem := c.problemOf("funnel", def.Name)
	if def.Name == "" {
		problem("has no name")
	}
	if slices.ContainsFunc(c.funnels, func(f funnel) bool { return f.Name == def.Name }) {
		problem("is defined twice: rename one")
	}
	m := c.counted(def.Metric, "counts in", problem, func(m *metric) bool { return m.Kind == definition.Sum })
	if m != nil {
		for _, name := range []string{definition.FunnelAttribute, definition.StepAttribute} {
			if m.dimensionNamed(name) < 0 {
				problem("counts in %q, which has no attribute %q: add it", def.Metric, name)
				m = nil
				break
			}
		}
	}
	if def.Window <= 0 {
		problem("window must be a positive duration, such as 1h (got %s)", def.Window)
	}
	if def.MaxUsers < 1 || def.MaxUsers > journey.MaxHeld {
		problem("max_users must be from 1 to %d (got %d)", journey.MaxHeld, def.MaxUsers)
	}
	if len(def.Steps) < 1 || len(def.Steps) > maxSteps {
		problem("must have from 1 to %d steps (got %d)", maxSteps, len(def.Steps))
	}
	who := c.identity(def.By, problem)
	ready := funnel{Funnel: def, metric: m}
	if m != nil && def.Name != "" {
		m.dimensions[m.dimensionNamed(definition.FunnelAttribute)].list(definition.FunnelAttribute, def.Name, problem)
	}
	for i, step := range def.Steps {
		c.step(step, i, rule{operation: opStep, target: len(c.funnels), metric: m, identity: who, step: i}, def.Steps[:i], problem)
	}
	c.funnels = append(c.funnels, ready)
}

func (c *compiler) step(step definition.Step, i int, as rule, before []definition.Step, problem problemFunc) {
	if step.Name == "" {
		problem("step %d has no name", i+1)
		return
	}
	if slices.ContainsFunc(before, func(b definition.Step) bool { return b.Name == step.Name }) {
		problem("the step %q is there twice: rename one", step.Name)
	}
	if len(step.Rules) == 0 {
		problem("the step %q has no rule: name its events", step.Name)
	}
	if as.metric != nil {
		as.metric.dimensions[as.metric.dimensionNamed(definition.StepAttribute)].list(definition.StepAttribute, step.Name, problem)
	}
	c.groups++
	for _, r := range step.Rules {
		if r.Value != unsetPlace {
			problem("a rule of the step %q has a value, and steps count users: leave it out", step.Name)
		}
		c.rules = append(c.rules, c.rule(r, as.metric, problem).as(as))
	}
}

func (c *compiler) pair(def definition.Pair) {
	problem := c.problemOf("pair", def.Name)
	if def.Name == "" {
		problem("has no name")
	}
	if slices.ContainsFunc(c.pairs, func(p pair) bool { return p.Name == def.Name }) {
		problem("is defined twice: rename one")
	}
	ready := pair{Pair: def}
	if def.Duration != "" {
		ready.duration = c.counted(def.Duration, "has its duration in", problem, (*metric).isHistogram)
	}
	if def.Abandoned != "" {
		ready.abandoned = c.counted(def.Abandoned, "counts what is abandoned in", problem,
			func(m *metric) bool { return m.Kind == definition.Sum })
	}
	if def.Duration == "" && def.Abandoned == "" {
		problem("counts nothing: name the metric of its duration, or of what is abandoned")
	}
	if len(def.Begin) == 0 {
		problem("has no rule for its beginning: name the events")
	}
	if len(def.End) == 0 {
		problem("has no rule for its end: name the events")
	}
	if def.Timeout <= 0 {
		problem("timeout must be a positive duration, such as 10m (got %s)", def.Timeout)
	}
	if def.MaxPending < 1 || def.MaxPending > journey.MaxHeld {
		problem("max_pending must be from 1 to %d (got %d)", journey.MaxHeld, def.MaxPending)
	}
	if len(def.Match) > maxMatch {
		problem("matches %d attributes: use at most %d", len(def.Match), maxMatch)
	}
	who := c.identity(def.By, problem)
	var match []field
	for _, name := range def.Match {
		f, err := c.place(definition.Place{In: definition.Attribute, Name: name})
		if err != nil {
			problem("match: %w", err)
		}
		match = append(match, f)
	}
	for _, side := range []struct {
		rules     []definition.Rule
		operation operation
		metric    *metric
	}{{def.Begin, opBegin, ready.abandoned}, {def.End, opEnd, ready.duration}} {
		c.groups++
		for _, r := range side.rules {
			if r.Value != unsetPlace {
				problem("a rule has a value, and a pair counts time: leave it out")
			}
			as := rule{operation: side.operation, target: len(c.pairs), metric: side.metric, identity: who, match: match}
			c.rules = append(c.rules, c.rule(r, side.metric, problem).as(as))
		}
	}
	c.pairs = append(c.pairs, ready)
}

// as gives a rule the work of a funnel or a pair.
func (r rule) as(work rule) rule {
	r.operation, r.target, r.metric, r.step = work.operation, work.target, work.metric, work.step
	r.identity, r.match = work.identity, work.match
	r.hasValue = false // what it counts is no number of the record
	return r
}

// counted finds the metric that a funnel or a pair counts in.
func (c *compiler) counted(name, how string, problem problemFunc, fits func(*metric) bool) *metric {
	m, ok := c.byName[name]
	switch {
	case !ok:
		problem("%s %q, which is no metric: define it, or name another", how, name)
	case !fits(m):
		problem("%s %q, which is of another kind", how, name)
	case len(m.Rules) > 0:
		problem("%s %q, which has rules of its own: use a metric without", how, name)
	default:
		return m
	}
	return nil
}

// startJourneys makes what remembers users, once all settings are known to be good.
func (e *Engine) startJourneys() {
	for i := range e.funnels {
		f := &e.funnels[i]
		f.journey = journey.NewFunnel(len(f.Steps), f.Ordered, f.Window, f.MaxUsers)
		f.latest = time.Time{}
	}
	for i := range e.pairs {
		p := &e.pairs[i]
		p.pending = journey.NewPairs[key](p.Timeout, p.MaxPending)
	}
}

// advance counts what was abandoned, and forgets windows that are over.
func (e *Engine) advance(now time.Time, result *Result) {
	for i := range e.pairs {
		p := &e.pairs[i]
		p.pending.Expire(now, func(k key) {
			if p.abandoned == nil {
				return
			}
			s := e.at(p.abandoned, k, result)
			p.abandoned.add(s, 1, 0)
			s.changed = now.UnixNano()
		})
	}
	for i := range e.funnels {
		f := &e.funnels[i]
		// By the newest event where that is behind the clock: of a backlog no
		// window is over that its events have not passed.
		oldest := now
		if f.latest.Before(now) {
			oldest = f.latest
		}
		f.journey.Expire(oldest.Add(-f.Window))
	}
}

// evicted counts users and beginnings that went before their time, ever.
func (e *Engine) evicted() int64 {
	var n int64
	for i := range e.funnels {
		n += e.funnels[i].journey.Evicted()
	}
	for i := range e.pairs {
		n += e.pairs[i].pending.Evicted()
	}
	return n
}

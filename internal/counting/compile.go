package counting

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

// compiler makes a definition.Set of a Config, and collects what is wrong.
// Check and Set both go through it, so that what one lets pass the other can do.
type compiler struct {
	problems
	cfg  *Config
	base definition.Set // the built-in set, under its built-in names

	builtin []named // what is left of it
	custom  []named // in the order of their names
	funnels []definition.Funnel
	pairs   []definition.Pair
}

// Check reports all problems of the configuration at once. What passes here is
// asked of the engine as well, which has bounds of its own.
func (c Config) Check() error {
	set, err := c.Set()
	if err != nil {
		return err
	}
	_, err = eventmetrics.New(set, c.Engine(time.Now()))
	return err
}

// Set returns what is to be counted: the built-in set as it was changed, and
// what was added. All problems are joined.
func (c Config) Set() (definition.Set, error) { return c.setOf(catalogue.Builtin()) }

func (c Config) setOf(base definition.Set) (definition.Set, error) {
	compile := &compiler{cfg: &c, base: base}
	compile.common()
	compile.builtins()
	compile.customs()
	compile.userFunnels()
	compile.userPairs()
	set := compile.set()
	if err := compile.err(); err != nil {
		return definition.Set{}, err
	}
	return set, nil
}

// maxWindow bounds every window and timeout: a month.
const maxWindow = 31 * 24 * time.Hour

// common checks what is for all metrics.
func (c *compiler) common() {
	cfg := c.cfg
	if cfg.MaxSeries < 1 {
		c.fail("max_series", "must be a positive number, such as 2000 (got %d)", cfg.MaxSeries)
	}
	if !naming.Metric.MatchString(cfg.Prefix) || !strings.HasSuffix(cfg.Prefix, ".") && !strings.HasSuffix(cfg.Prefix, "_") {
		c.fail("prefix", "must be a name that ends in a dot or an underscore, such as idp. (got %q)", cfg.Prefix)
	}
	if cfg.Time != timeEvent && cfg.Time != timeObserved {
		c.fail("time", "must be %s or %s (got %q)", timeEvent, timeObserved, cfg.Time)
	}
	c.length("max_early", cfg.MaxEarly, "5m")
	c.unique()
	c.declared()
}

func (c *compiler) declared() {
	common := definition.Common()
	for i, combination := range c.cfg.Declare {
		at := path("declare").index(i)
		for _, name := range slices.Sorted(maps.Keys(combination)) {
			if !slices.Contains(common, name) {
				c.fail(at.key(name), "can't be declared: declare combinations of %s", strings.Join(common, ", "))
				continue
			}
			c.value(at.key(name), combination[name])
		}
		if combination[attr.Source] == "" {
			c.fail(at, "names no %s: every event has one", attr.Source)
		}
	}
}

// set puts together what is left, with the built-in metrics under the prefix
// that was asked for.
func (c *compiler) set() definition.Set {
	var set definition.Set
	for i := range c.builtin {
		m := &c.builtin[i].metric
		m.Name = c.renamed(m.Name)
	}
	all := append(slices.Clip(c.builtin), c.custom...)
	c.refuseCollisions(all)
	for _, m := range all {
		set.Metrics = append(set.Metrics, m.metric)
	}
	for _, f := range c.funnels {
		f.Metric = c.renamed(f.Metric)
		set.Funnels = append(set.Funnels, f)
	}
	for _, p := range c.pairs {
		p.Duration, p.Abandoned = c.renamed(p.Duration), c.renamed(p.Abandoned)
		set.Pairs = append(set.Pairs, p)
	}
	return set
}

// renamed puts the prefix that was asked for on a built-in name, and leaves
// the users' own names as they are.
func (c *compiler) renamed(name string) string {
	if rest, ok := strings.CutPrefix(name, builtinPrefix); ok && c.isBuiltin(name) {
		return c.cfg.Prefix + rest
	}
	return name
}

func (c *compiler) isBuiltin(name string) bool { return slices.Contains(c.builtinNames(), name) }

func (c *compiler) builtinNames() []string {
	names := make([]string, len(c.base.Metrics))
	for i, m := range c.base.Metrics {
		names[i] = m.Name
	}
	return names
}

// find returns the metric of the name among list.
func find(list []named, name string) *named {
	i := slices.IndexFunc(list, func(n named) bool { return n.metric.Name == name })
	if i < 0 {
		return nil
	}
	return &list[i]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func isOff(enabled *bool) bool { return enabled != nil && !*enabled }

// list writes names for an error, "none" where there are none.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return fmt.Sprint(strings.Join(names, ", "))
}

package counting

import (
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

const (
	// minSecret is that of the keys of pii_scrub.
	minSecret = 32
	// maxWindows bounds how many sketches one record goes into.
	maxWindows = 8
)

// defaultWindows of unique metrics, where neither they nor unique name any.
func defaultWindows() []time.Duration { return []time.Duration{time.Hour, 24 * time.Hour} }

// defaultBy is who is counted where nobody says otherwise.
func defaultBy() []string { return []string{attr.UserID} }

func (c *compiler) unique() {
	if n := len(c.cfg.Unique.Secret); n > 0 && n < minSecret {
		c.fail("unique::secret", "must have at least %d bytes (got %d): make one with openssl rand -base64 32", minSecret, n)
	}
	c.windows("unique::windows", c.cfg.Unique.Windows)
}

func (c *compiler) windows(at path, windows []time.Duration) {
	if windows != nil && len(windows) == 0 || len(windows) > maxWindows {
		c.fail(at, "must be 1 to %d durations (got %d)", maxWindows, len(windows))
	}
	for i, w := range windows {
		c.length(at.index(i), w, "24h")
		if slices.Contains(windows[:i], w) {
			c.fail(at.index(i), "%s stands there twice: leave one out", eventmetrics.WindowName(w))
		}
	}
}

// customUnique compiles what only a unique metric has, and refuses it of others.
func (c *compiler) customUnique(at path, cfg CustomConfig, m definition.Metric) definition.UniqueSettings {
	if m.Kind != definition.Unique {
		for _, key := range []struct {
			name  string
			given bool
		}{{"by", cfg.By != nil}, {"windows", cfg.Windows != nil}, {"breakdowns", cfg.Breakdowns != nil}} {
			if key.given {
				c.fail(at.key(key.name), "is of a metric of type unique alone: leave it out (the type is %s)", kindNames[m.Kind])
			}
		}
		return definition.UniqueSettings{}
	}
	c.names(at.key("by"), cfg.By)
	c.windows(at.key("windows"), cfg.Windows)
	unique := definition.UniqueSettings{By: cfg.By, Windows: cfg.Windows, Breakdowns: m.Unique.Breakdowns}
	if len(unique.By) == 0 {
		unique.By = defaultBy()
	}
	if len(unique.Windows) == 0 {
		unique.Windows = c.cfg.Unique.Windows
	}
	if len(unique.Windows) == 0 {
		unique.Windows = defaultWindows()
	}
	if cfg.Breakdowns != nil {
		unique.Breakdowns = c.breakdowns(at.key("breakdowns"), cfg.Breakdowns, m)
	}
	return unique
}

func (c *compiler) breakdowns(at path, sets [][]string, m definition.Metric) [][]string {
	names := dimensionNames(m)
	for i, set := range sets {
		at := at.index(i)
		if len(set) == 0 {
			c.fail(at, "is empty: the total is there without it")
		}
		for j, name := range set {
			if !slices.Contains(names, name) {
				c.fail(at.index(j), "%q is no attribute of this metric: its attributes are %s", name, list(names))
			}
		}
	}
	return sets
}

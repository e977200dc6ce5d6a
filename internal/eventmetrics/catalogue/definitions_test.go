package catalogue_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestNamesAndUnits: OpenTelemetry's rules, and ours.
func TestNamesAndUnits(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range catalogue.Builtin().Metrics {
		assert.Regexp(t, `^auth(\.[a-z][a-z0-9_]*)+$`, m.Name)
		assert.False(t, seen[m.Name], "%s stands twice", m.Name)
		seen[m.Name] = true
		for _, part := range []string{"total", "count", "seconds"} {
			assert.NotContains(t, strings.Split(m.Name, "."), part, "a backend adds it")
		}
		switch m.Kind {
		case definition.Histogram:
			assert.Contains(t, []string{"s", "d"}, m.Unit, m.Name)
			assert.NotEmpty(t, m.Bounds, m.Name)
		default:
			assert.Regexp(t, `^\{[a-z]+\}$`, m.Unit, m.Name)
		}
		assert.Regexp(t, `^[A-Z].*\.$`, m.Description, m.Name)
		assert.Regexp(t, `^[A-Z].*\?$`, m.Question, m.Name)
		assert.Regexp(t, `\.$`, m.Limits, m.Name)
		assert.NotEmpty(t, m.Query, m.Name)
	}
}

// rulesOf returns the rules that count in each metric, those of funnels and
// pairs included.
func rulesOf(set definition.Set) map[string][]definition.Rule {
	rules := map[string][]definition.Rule{}
	for _, m := range set.Metrics {
		rules[m.Name] = append(rules[m.Name], m.Rules...)
	}
	for _, f := range set.Funnels {
		for _, s := range f.Steps {
			rules[f.Metric] = append(rules[f.Metric], s.Rules...)
		}
	}
	for _, p := range set.Pairs {
		rules[p.Abandoned] = append(rules[p.Abandoned], p.Begin...)
		rules[p.Duration] = append(rules[p.Duration], p.End...)
	}
	delete(rules, "")
	return rules
}

// TestNamesOfEvents: a name misspelt in the catalogue would count nothing and
// say nothing.
func TestNamesOfEvents(t *testing.T) {
	checked := 0
	for metric, rules := range rulesOf(catalogue.Builtin()) {
		for _, r := range rules {
			if r.Source == "" {
				assert.Equal(t, []string{"*"}, r.Events, metric)
				continue
			}
			for _, name := range r.Events {
				assert.True(t, profileOf(t, r.Source).knows(name), "%s: %s has no event %q", metric, r.Source, name)
				checked++
			}
		}
	}
	assert.Greater(t, checked, 400)
}

// TestNamesOfLoginGov holds the names against Login.gov's own list, too: those
// that it has not, are of its current source.
func TestNamesOfLoginGov(t *testing.T) {
	names := loginGovNames(t)
	missing := map[string]bool{}
	for _, rules := range rulesOf(catalogue.Builtin()) {
		for _, r := range rules {
			for _, name := range r.Events {
				if r.Source == "login_gov" && !slices.ContainsFunc(names, fits(name)) {
					missing[name] = true
				}
			}
		}
	}
	for name := range missing {
		assert.Contains(t, []string{
			"idv_dos_passport_verification", "TOTP: User Disabled TOTP", "Fraud: Automatic Fraud Rejection",
		}, name, "is no name of Login.gov's list")
	}
}

func loginGovNames(t *testing.T) []string {
	t.Helper()
	raw, err := os.ReadFile("testdata/login_gov_names.txt")
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// fits returns whether a name is one of a pattern's.
func fits(pattern string) func(string) bool {
	prefix, suffix, wildcard := strings.Cut(pattern, "*")
	return func(name string) bool {
		if !wildcard {
			return name == pattern
		}
		return len(name) >= len(prefix)+len(suffix) && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix)
	}
}

// TestZeros: each names its source and attributes of the metric, with values
// that the metric tells apart.
func TestZeros(t *testing.T) {
	for _, m := range catalogue.Builtin().Metrics {
		seen := map[string]bool{}
		for _, zero := range m.Zeros {
			assert.True(t, slices.ContainsFunc(m.Rules, func(r definition.Rule) bool { return r.Source == zero[attr.Source] }),
				"%s: no rule is of the source of %v", m.Name, zero)
			var key strings.Builder
			for _, name := range slices.Sorted(maps.Keys(zero)) {
				key.WriteString(name + "=" + zero[name] + ",")
				if name == attr.Source {
					continue
				}
				i := slices.IndexFunc(m.Dimensions, func(d definition.Dimension) bool { return d.Name == name })
				require.GreaterOrEqual(t, i, 0, "%s has no %s", m.Name, name)
				allowed := m.Dimensions[i].Allowed
				for _, source := range []string{"", zero[attr.Source]} {
					if len(allowed[source]) > 0 {
						assert.Contains(t, allowed[source], zero[name], m.Name)
					}
				}
			}
			assert.False(t, seen[key.String()], "%s: %v stands twice", m.Name, zero)
			seen[key.String()] = true
		}
	}
}

func TestFunnelsAndPairs(t *testing.T) {
	set := catalogue.Builtin()
	metric := func(name string) *definition.Metric {
		i := slices.IndexFunc(set.Metrics, func(m definition.Metric) bool { return m.Name == name })
		require.GreaterOrEqual(t, i, 0, name)
		return &set.Metrics[i]
	}
	for _, f := range set.Funnels {
		assert.Equal(t, definition.Sum, metric(f.Metric).Kind, f.Name)
		assert.GreaterOrEqual(t, len(f.Steps), 2, f.Name)
		assert.Positive(t, f.MaxUsers, f.Name)
		for _, s := range f.Steps {
			assert.NotEmpty(t, s.Rules, s.Name)
			assert.Regexp(t, `^[a-z0-9_]+$`, s.Name)
		}
		for _, name := range f.By {
			kind, _ := attr.KindOf(name)
			assert.Equal(t, pii.Identity, kind, name)
		}
	}
	for _, p := range set.Pairs {
		if p.Duration != "" {
			assert.Equal(t, definition.Histogram, metric(p.Duration).Kind, p.Name)
			assert.Empty(t, metric(p.Duration).Rules, "only the pair counts in it")
		}
		assert.Equal(t, definition.Sum, metric(p.Abandoned).Kind, p.Name)
		assert.Empty(t, metric(p.Abandoned).Rules, "only the pair counts in it")
		assert.Positive(t, p.Timeout, p.Name)
		assert.Positive(t, p.MaxPending, p.Name)
	}
}

// TestBuiltinIsANewOne: who changes a set changes no other's.
func TestBuiltinIsANewOne(t *testing.T) {
	first := catalogue.Builtin()
	want := catalogue.Builtin()
	for i := range first.Metrics {
		m := &first.Metrics[i]
		m.Name = "changed"
		for j := range m.Rules {
			m.Rules[j].Events[0] = "changed"
			for k := range m.Rules[j].Conditions {
				m.Rules[j].Conditions[k].Values[0] = "changed"
			}
			for k := range m.Rules[j].Defaults {
				m.Rules[j].Defaults[k].Value = "changed"
			}
		}
		for j := range m.Dimensions {
			for _, values := range m.Dimensions[j].Allowed {
				values[0] = "changed"
			}
		}
		for _, zero := range m.Zeros {
			clear(zero)
		}
		if m.Bounds != nil {
			m.Bounds[0] = -1
		}
	}
	assert.Equal(t, want, catalogue.Builtin())
}

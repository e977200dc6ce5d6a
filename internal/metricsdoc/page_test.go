package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func builtinPage(t *testing.T) string {
	t.Helper()
	text, err := page(catalogue.Builtin())
	require.NoError(t, err)
	return string(text)
}

func TestPageIsUpToDate(t *testing.T) {
	committed, err := os.ReadFile("../../docs/metrics.md")
	require.NoError(t, err)
	if string(committed) != builtinPage(t) {
		t.Error("docs/metrics.md is not what the catalogue says: go generate ./internal/metricsdoc")
	}
}

func TestEveryMetricHasASection(t *testing.T) {
	text := builtinPage(t)
	set := catalogue.Builtin()
	for _, m := range set.Metrics {
		_, section, found := strings.Cut(text, "\n## `"+m.Name+"`\n")
		require.True(t, found, m.Name)
		section, _, _ = strings.Cut(section, "\n## ")
		for _, d := range m.Dimensions {
			assert.Regexp(t, "\\| `"+regexp.QuoteMeta(d.Name)+"` \\| .+[.…] \\|\n", section, "%s: %s", m.Name, d.Name)
		}
		assert.Contains(t, section, m.Question)
		assert.Contains(t, section, m.Query)
		for _, r := range m.Rules {
			for _, name := range r.Events {
				assert.True(t, name == "*" || strings.Contains(section, "`"+name+"`"), "%s: %s", m.Name, name)
			}
		}
	}
	for _, f := range set.Funnels {
		assert.Contains(t, text, "\n### `"+f.Name+"`\n")
	}
}

// TestTablesAreWhole: a stray bar in a name must not break a row.
func TestTablesAreWhole(t *testing.T) {
	columns := 0
	for line := range strings.Lines(builtinPage(t)) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns == 0 {
			columns = n
		}
		assert.Equal(t, columns, n, line)
		assert.True(t, strings.HasSuffix(line, "|\n"), line)
	}
}

// TestQueriesOfThePage: what begins like a name of ours is a series or a label.
func TestQueriesOfThePage(t *testing.T) {
	known := []string{"auth_source", "auth_domain", "auth_window"}
	for _, m := range catalogue.Builtin().Metrics {
		name, err := prometheusName(m)
		require.NoError(t, err)
		known = append(known, name)
		for _, d := range m.Dimensions {
			known = append(known, strings.ReplaceAll(d.Name, ".", "_"))
		}
	}
	names := regexp.MustCompile(`\b(auth|geo|error|otel)_[a-z0-9_]+`)
	blocks := regexp.MustCompile("(?s)```promql\n(.*?)```").FindAllStringSubmatch(closing, -1)
	assert.Greater(t, len(blocks), 5)
	for _, block := range blocks {
		query := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(block[1], "")
		for _, pair := range []string{"()", "{}", "[]"} {
			assert.Equal(t, strings.Count(query, pair[:1]), strings.Count(query, pair[1:]), block[1])
		}
		found := names.FindAllString(query, -1)
		assert.NotEmpty(t, found)
		for _, name := range found {
			assert.True(t, slices.Contains(known, name), "%s in %s", name, block[1])
		}
	}
}

func TestPrometheusNames(t *testing.T) {
	for _, tt := range []struct {
		name, unit string
		kind       definition.Kind
		want       string
	}{
		{"auth.login.attempts", "{attempt}", definition.Sum, "auth_login_attempts_total"},
		{"auth.login.duration", "s", definition.Histogram, "auth_login_duration_seconds_bucket"},
		{"auth.account.age", "s", definition.ExponentialHistogram, "auth_account_age_seconds_bucket"},
		{"auth.users.unique", "{user}", definition.Unique, "auth_users_unique"},
	} {
		got, err := prometheusName(definition.Metric{Name: tt.name, Unit: tt.unit, Kind: tt.kind})
		require.NoError(t, err)
		assert.Equal(t, tt.want, got)
	}
}

func TestDescribe(t *testing.T) {
	place := func(name string) definition.Place { return definition.Place{In: definition.Attribute, Name: name} }
	for want, r := range map[string]definition.Rule{
		"all events":         {Events: []string{"*"}},
		"`a*`, `b` but `ab`": {Events: []string{"a*", "b"}, Except: []string{"ab"}},
		"`a` where `x` is `1` and `y` is one of `2`, `3` and `z` is not `4` and there is `p` and there is no `q`": {
			Events: []string{"a"},
			Conditions: []definition.Condition{
				{Place: place("x"), Values: []string{"1"}}, {Place: place("y"), Values: []string{"2", "3"}}, {Place: place("z"), Values: []string{"4"}, Not: true},
				{Place: place("p"), Values: []string{"*"}}, {Place: place("q"), Values: []string{"*"}, Not: true},
				{Place: place("auth.source"), Values: []string{"hera"}, Not: true},
			},
		},
		"`a\\|b`, of which `n` is taken (`m` totp)": {
			Events: []string{"a|b"}, Value: place("n"), Defaults: []definition.Default{{Dimension: "m", Value: "totp"}},
		},
	} {
		assert.Equal(t, want, describe(r))
	}
}

func TestShortly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		24 * time.Hour: "24h", time.Hour: "1h", 10 * time.Minute: "10m", 90 * time.Second: "1m30s", 90 * time.Minute: "1h30m",
	} {
		assert.Equal(t, want, shortly(d))
	}
}

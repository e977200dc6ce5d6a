//go:build unix

package dashboards

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/dashboards/series"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
)

var (
	selector = regexp.MustCompile(`\b((?:auth|otelcol)_[a-z0-9_]+|up)\b(\{[^}]*\})?`)
	matcher  = regexp.MustCompile(`(\w+)(=~|!~|!=|=)"([^"]*)"`)
	grouping = regexp.MustCompile(`\b(?:by|on) \(([^)]*)\)`)
)

// TestRulesNameWhatExists: each metric, label and value of the rules is in the
// catalogue or in a component's metadata.
func TestRulesNameWhatExists(t *testing.T) {
	t.Parallel()
	names, err := series.Load(t.Context(), e2etest.Root(t))
	require.NoError(t, err)
	var sample strings.Builder // where the values of error types are that no list has
	for _, file := range e2etest.Samples(t) {
		sample.WriteString(e2etest.ReadFile(t, file))
	}
	for _, r := range rules(t) {
		labels := []string{"job", "instance"} // of Prometheus itself
		// Labels of by () and on () are no metrics.
		for _, found := range selector.FindAllStringSubmatch(grouping.ReplaceAllString(r.Expr, ""), -1) {
			if found[1] == "up" {
				continue
			}
			metric, s, ok := byPrometheusName(names, found[1])
			if !assert.True(t, ok, "%s: no metric is named %s", r.Alert, found[1]) {
				continue
			}
			for _, l := range s.Labels {
				labels = append(labels, l.Name)
			}
			for _, m := range matcher.FindAllStringSubmatch(found[2], -1) {
				i := slices.IndexFunc(s.Labels, func(l series.Label) bool { return l.Name == m[1] })
				if !assert.GreaterOrEqual(t, i, 0, "%s: %s has no label %s", r.Alert, found[1], m[1]) {
					continue
				}
				for value := range strings.SplitSeq(m[3], "|") {
					value = strings.TrimSuffix(value, ".*")
					assert.True(t, slices.Contains(s.Labels[i].Values, value) || isValue(metric, m[1], value) || strings.Contains(sample.String(), `"`+value+`"`),
						"%s: %s of %s is never %q", r.Alert, m[1], found[1], value)
				}
			}
		}
		for _, group := range grouping.FindAllStringSubmatch(r.Expr, -1) {
			for label := range strings.SplitSeq(group[1], ", ") {
				assert.Contains(t, labels, label, r.Alert)
			}
		}
	}
}

func byPrometheusName(names series.Names, name string) (string, series.Series, bool) {
	for metric, s := range names {
		if s.Name == name {
			return metric, s, true
		}
	}
	return "", series.Series{}, false
}

// isValue says whether the catalogue knows a value of a label that may have
// others: from a rule's conditions and defaults, a zero point, or the query of
// docs/metrics.md, which an end-to-end test runs.
func isValue(metric, label, value string) bool {
	is := func(attribute string) bool { name, _ := naming.Label(attribute); return name == label }
	for _, m := range catalogue.Builtin().Metrics {
		if m.Name != metric {
			continue
		}
		if strings.Contains(m.Query, label+`="`+value+`"`) {
			return true
		}
		for _, zero := range m.Zeros {
			for attribute, v := range zero {
				if is(attribute) && v == value {
					return true
				}
			}
		}
		for _, r := range m.Rules {
			if label == "auth_source" && r.Source == value {
				return true
			}
			for _, d := range r.Defaults {
				if is(d.Dimension) && d.Value == value {
					return true
				}
			}
			for _, c := range r.Conditions {
				if is(c.Place.Name) && (slices.Contains(c.Values, value) || slices.Contains(c.Values, value+"*")) {
					return true
				}
			}
		}
	}
	return false
}

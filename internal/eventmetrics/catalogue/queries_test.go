package catalogue_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func metricNamed(t *testing.T, name string) definition.Metric {
	t.Helper()
	metrics := catalogue.Builtin().Metrics
	i := slices.IndexFunc(metrics, func(m definition.Metric) bool { return m.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return metrics[i]
}

// prometheusNames are the names of a metric's series.
func prometheusNames(m definition.Metric) []string {
	name := strings.ReplaceAll(m.Name, ".", "_")
	switch m.Kind {
	case definition.Histogram:
		name += map[string]string{"s": "_seconds", "d": "_days"}[m.Unit]
		return []string{name + "_bucket", name + "_count", name + "_sum"}
	case definition.Unique:
		return []string{name}
	}
	return []string{name + "_total"}
}

var (
	identifier = regexp.MustCompile(`[a-zA-Z_][a-zA-Z0-9_]*`)
	text       = regexp.MustCompile(`"[^"]*"`)
	selector   = regexp.MustCompile(`([a-z_0-9]+)\{([^}]*)\}`)
	words      = []string{
		"by", "sum", "rate", "increase", "histogram_quantile", "topk", "or", "ignoring", "group_left", "le", "m", "h", "d",
	}
)

// TestQueries: brackets close, and every name is a word of PromQL, a series of
// the catalogue, or a label of such.
func TestQueries(t *testing.T) {
	series := map[string]definition.Metric{}
	labels := map[string]bool{"auth_source": true, "auth_domain": true, "auth_window": true, "deployment_environment_name": true}
	for _, m := range catalogue.Builtin().Metrics {
		for _, name := range prometheusNames(m) {
			series[name] = m
		}
		for _, d := range m.Dimensions {
			labels[strings.ReplaceAll(d.Name, ".", "_")] = true
		}
	}
	for _, m := range catalogue.Builtin().Metrics {
		for _, pair := range []string{"()", "{}", "[]"} {
			assert.Equal(t, strings.Count(m.Query, pair[:1]), strings.Count(m.Query, pair[1:]), "%s: %s", m.Name, pair)
		}
		assert.Zero(t, strings.Count(m.Query, `"`)%2, m.Name)
		for _, name := range identifier.FindAllString(text.ReplaceAllString(m.Query, ""), -1) {
			_, isSeries := series[name]
			assert.True(t, isSeries || labels[name] || slices.Contains(words, name), "%s: %q is none of the catalogue", m.Name, name)
		}
		assert.True(t, slices.ContainsFunc(prometheusNames(m), func(name string) bool { return strings.Contains(m.Query, name) }),
			"%s: the query asks for something else", m.Name)
		for _, found := range selector.FindAllStringSubmatch(m.Query, -1) {
			of, known := series[found[1]]
			require.True(t, known, found[1])
			for _, name := range identifier.FindAllString(text.ReplaceAllString(found[2], ""), -1) {
				common := slices.Contains([]string{"auth_source", "auth_domain", "auth_window"}, name)
				assert.True(t, common || slices.ContainsFunc(of.Dimensions, func(d definition.Dimension) bool {
					return strings.ReplaceAll(d.Name, ".", "_") == name
				}), "%s: %s has no label %s", m.Name, of.Name, name)
			}
		}
	}
}

package counting

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

// component is a config such as the components have.
type component struct {
	Counting Config `mapstructure:",squash"`
}

func (c *component) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// decode reads YAML as a component would.
func decode(text string) (Config, error) {
	var raw map[string]any
	if err := yaml.Unmarshal([]byte(text), &raw); err != nil {
		return Config{}, err
	}
	c := component{Counting: Default(2000)}
	err := confmap.NewFromStringMap(raw).Unmarshal(&c)
	return c.Counting, err
}

func decoded(t *testing.T, text string) Config {
	t.Helper()
	cfg, err := decode(text)
	require.NoError(t, err)
	return cfg
}

// setOf compiles YAML over the small built-in set of these tests.
func setOf(t *testing.T, text string) definition.Set {
	t.Helper()
	set, err := decoded(t, text).setOf(small())
	require.NoError(t, err)
	return set
}

// small is a built-in set with one of each.
func small() definition.Set {
	failed := definition.Default{Dimension: attr.Outcome, Value: attr.OutcomeFailure}
	return definition.Set{
		Metrics: []definition.Metric{{
			Name: "auth.login.attempts", Unit: "{attempt}",
			Dimensions: []definition.Dimension{
				{Name: attr.Method, Cap: 7}, {Name: attr.Outcome}, {Name: attr.FirstLogin, Boolean: true}, {Name: "auth.new", Boolean: true},
			},
			Rules: []definition.Rule{{Events: []string{"login_*"}, Defaults: []definition.Default{failed}}},
			Zeros: []map[string]string{
				{attr.Source: "hera", attr.Method: "totp", attr.Outcome: "failure"},
				{attr.Source: "hera", attr.Method: "totp", attr.Outcome: "success"},
			},
		}, {
			Name: "auth.users.unique", Unit: "{user}", Kind: definition.Unique,
			Dimensions: []definition.Dimension{{Name: attr.Category}, {Name: attr.ClientID}},
			Rules:      []definition.Rule{{Events: []string{"*"}}},
			Unique: definition.UniqueSettings{
				By: []string{attr.UserID}, Windows: defaultWindows(), Breakdowns: [][]string{{attr.Category}, {attr.ClientID}},
			},
		}, {
			Name: "auth.funnel.users", Unit: "{user}",
			Dimensions: []definition.Dimension{{Name: definition.FunnelAttribute}, {Name: definition.StepAttribute}},
		}, {
			Name: "auth.mfa.challenge.duration", Unit: "s", Kind: definition.Histogram,
			Dimensions: []definition.Dimension{{Name: attr.Method}},
		}, {
			Name: "auth.mfa.challenges.abandoned", Unit: "{challenge}",
			Dimensions: []definition.Dimension{{Name: attr.Method}},
		}},
		Funnels: []definition.Funnel{{Name: "registration", Metric: "auth.funnel.users"}},
		Pairs: []definition.Pair{{
			Name: "mfa", Duration: "auth.mfa.challenge.duration", Abandoned: "auth.mfa.challenges.abandoned",
		}},
	}
}

func metricNames(set definition.Set) []string {
	var names []string
	for _, m := range set.Metrics {
		names = append(names, m.Name)
	}
	return names
}

func metric(t *testing.T, set definition.Set, name string) definition.Metric {
	t.Helper()
	i := slices.IndexFunc(set.Metrics, func(m definition.Metric) bool { return m.Name == name })
	require.GreaterOrEqual(t, i, 0, "no metric %s among %v", name, metricNames(set))
	return set.Metrics[i]
}

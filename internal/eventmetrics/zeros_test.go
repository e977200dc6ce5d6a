package eventmetrics

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func zeroSet() definition.Set {
	outcomes := []map[string]string{{attr.Outcome: attr.OutcomeSuccess}, {attr.Outcome: attr.OutcomeFailure}}
	return metricsOf(
		definition.Metric{Name: "events", Rules: everything()},
		definition.Metric{Name: "logins", Dimensions: []definition.Dimension{{Name: attr.Outcome}}, Zeros: outcomes,
			Rules: []definition.Rule{{Source: hera, Events: []string{"login"}}}},
		definition.Metric{Name: "seconds", Kind: definition.Histogram, Zeros: []map[string]string{{}, {attr.Source: loginGov}},
			Rules: []definition.Rule{{Source: loginGov, Events: []string{"login"}}}},
	)
}

func TestDeclaredZeros(t *testing.T) {
	e, err := New(zeroSet(), Settings{Start: start, Declare: []map[string]string{
		{attr.Source: hera, attr.DeploymentEnvironmentName: "production"}, {attr.Source: loginGov},
	}})
	require.NoError(t, err)
	zero := []string{
		"{deployment.environment.name=production auth.outcome=failure} 0",
		"{deployment.environment.name=production auth.outcome=success} 0",
	}
	assert.Equal(t, zero, points(e, "logins"))
	assert.Equal(t, []string{"{} 0"}, points(e, "seconds"), "of its source alone, and once")
	assert.Empty(t, points(e, "events"))
	assert.Zero(t, e.metrics[1].ordered[0].changed)
}

// The first event adds to a zero point, also where it lacks an attribute that
// has a default.
func TestZerosHaveTheDefault(t *testing.T) {
	m := definition.Metric{
		Name: "m", Rules: everything(), Zeros: []map[string]string{{}},
		Dimensions: []definition.Dimension{{Name: "region", Allowed: map[string][]string{"": {"eu"}}, Default: "none"}},
	}
	e, err := New(metricsOf(m), Settings{Start: start, Declare: []map[string]string{{attr.Source: hera}}})
	require.NoError(t, err)
	assert.Equal(t, []string{"{region=none} 0"}, points(e, "m"))
	count(e, logs(event{hera, "x", nil}))
	assert.Equal(t, []string{"{region=none} 1"}, points(e, "m"))
}

func TestZerosOfOneEnvironment(t *testing.T) {
	m := definition.Metric{Name: "m", Rules: everything(), Zeros: []map[string]string{{attr.DeploymentEnvironmentName: "production"}}}
	e, err := New(metricsOf(m), Settings{Start: start, Declare: []map[string]string{
		{attr.Source: hera, attr.DeploymentEnvironmentName: "production"}, {attr.Source: hera, attr.DeploymentEnvironmentName: "staging"},
	}})
	require.NoError(t, err)
	assert.Equal(t, []string{"{deployment.environment.name=production} 0"}, points(e, "m"))
}

func TestZerosOfWhatIsMet(t *testing.T) {
	e, err := New(zeroSet(), Settings{Start: start})
	require.NoError(t, err)
	count(e, logs(event{hera, "other", nil}))
	assert.Equal(t, []string{"{auth.outcome=failure} 0", "{auth.outcome=success} 0"}, points(e, "logins"))
	assert.Empty(t, points(e, "seconds"))
	count(e, logs(event{hera, "login", map[string]any{attr.Outcome: attr.OutcomeSuccess}}))
	assert.Equal(t, []string{"{auth.outcome=failure} 0", "{auth.outcome=success} 1"}, points(e, "logins"))
}

func TestADiscardedBatchMeetsNothing(t *testing.T) {
	e, err := New(zeroSet(), Settings{Start: start})
	require.NoError(t, err)
	e.Compute(logs(event{hera, "other", nil})).Discard()
	assert.Empty(t, e.Sums())
}

func TestCombinationsAreBounded(t *testing.T) {
	e, err := New(zeroSet(), Settings{Start: start})
	require.NoError(t, err)
	refused := 0
	for i := range 20 {
		for j := range 20 {
			refused += count(e, event{hera, "other", map[string]any{attr.Domain: fmt.Sprint(i)}}.in(fmt.Sprint(j))).ZerosRefused
		}
	}
	assert.Len(t, e.combinations, maxCombinations)
	assert.Equal(t, 400-maxCombinations, refused)
}

func TestZerosTakeNoRoomFromEvents(t *testing.T) {
	set := zeroSet()
	for i := range 10 {
		set.Metrics[1].Zeros = append(set.Metrics[1].Zeros, map[string]string{attr.Outcome: fmt.Sprint(i)})
	}
	e, err := New(set, Settings{Start: start, MaxSeries: 8, Declare: []map[string]string{{attr.Source: hera}}})
	require.NoError(t, err)
	assert.Len(t, e.metrics[1].series, 6)
	assert.Empty(t, e.metrics[1].folds)
}

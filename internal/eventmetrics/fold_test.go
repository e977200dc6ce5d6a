package eventmetrics

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// folding is one sum by client, error and outcome.
func folding(tb testing.TB, maxSeries int) *Engine {
	m := definition.Metric{Name: "m", Rules: everything(), Dimensions: []definition.Dimension{
		{Name: attr.ClientID, Cap: 20_000}, {Name: attr.ErrorType}, {Name: attr.Outcome},
	}}
	e, err := New(metricsOf(m), Settings{Start: start, MaxSeries: maxSeries})
	require.NoError(tb, err)
	return e
}

func outcome(client, errorType, outcome string) event {
	return event{hera, "x", map[string]any{attr.ClientID: client, attr.ErrorType: errorType, attr.Outcome: outcome}}
}

// 10,000 random clients: total and failures exact, the client folded; in one
// batch and in many.
func TestRandomClients(t *testing.T) {
	for _, batch := range []int{1, 10_000} {
		t.Run(fmt.Sprint(batch), func(t *testing.T) {
			random := seeded()
			e := folding(t, 2000)
			failures, folded := 0, 0
			var events []event
			for i := range 10_000 {
				ev := outcome(fmt.Sprintf("client-%x", random.Uint64()), "", attr.OutcomeSuccess)
				if i%7 == 0 {
					ev = outcome(fmt.Sprintf("client-%x", random.Uint64()), fmt.Sprint("error-", i%5), attr.OutcomeFailure)
					failures++
				}
				if events = append(events, ev); len(events) == batch {
					result := count(e, logs(events...))
					folded += result.Folded
					require.Zero(t, result.Overflowed)
					events = nil
				}
			}
			assert.EqualValues(t, 10_000, total(e, "m", "", ""))
			assert.EqualValues(t, failures, total(e, "m", attr.Outcome, attr.OutcomeFailure))
			for i := range 5 {
				want := 0
				for n := 0; n < 10_000; n += 7 {
					if n%5 == i {
						want++
					}
				}
				assert.EqualValues(t, want, total(e, "m", attr.ErrorType, fmt.Sprint("error-", i)))
			}
			// 1500 series are made before a quarter of the room is left.
			assert.EqualValues(t, 8500, total(e, "m", attr.ClientID, Other))
			assert.Equal(t, 8500, folded)
			assert.LessOrEqual(t, len(e.metrics[0].series), 2000)
		})
	}
}

func TestSeriesMadeBeforeKeepCounting(t *testing.T) {
	e := folding(t, 8)
	for i := range 8 {
		count(e, logs(outcome(fmt.Sprint(i), "", attr.OutcomeSuccess)))
	}
	assert.EqualValues(t, 2, total(e, "m", attr.ClientID, Other), "6 have room: a quarter of it is kept back")
	count(e, logs(outcome("0", "", attr.OutcomeSuccess), outcome("7", "", attr.OutcomeSuccess)))
	assert.EqualValues(t, 2, total(e, "m", attr.ClientID, "0"))
	assert.EqualValues(t, 3, total(e, "m", attr.ClientID, Other))
	count(e, logs(outcome("0", "", attr.OutcomeFailure)))
	assert.Contains(t, points(e, "m"), "{auth.client.id=0 auth.outcome=failure} 1", "a new combination of what is known")
}

func TestTheNextWorstFollows(t *testing.T) {
	e := folding(t, 40)
	random := seeded()
	const records = 2000
	overflowed := 0
	for range records {
		ev := outcome(fmt.Sprint(random.IntN(100)), fmt.Sprint("error-", random.IntN(50)), []string{attr.OutcomeSuccess, attr.OutcomeFailure}[random.IntN(2)])
		overflowed += count(e, logs(ev)).Overflowed
	}
	m := e.metrics[0]
	require.Len(t, m.folds, 2)
	assert.Equal(t, attr.ClientID, m.dimensions[m.folds[0]].Name)
	assert.Equal(t, attr.ErrorType, m.dimensions[m.folds[1]].Name)
	assert.EqualValues(t, records, total(e, "m", "", ""))
	assert.EqualValues(t, records, total(e, "m", attr.Outcome, attr.OutcomeSuccess)+total(e, "m", attr.Outcome, attr.OutcomeFailure),
		"the outcome is a closed set, and never folded")
	assert.Zero(t, overflowed)
}

func TestOverflow(t *testing.T) {
	closed := map[string][]string{"": {"a", "b", "c", "d"}}
	e, err := New(labelled(definition.Dimension{Name: "x", Allowed: closed}), Settings{Start: start, MaxSeries: 2})
	require.NoError(t, err)
	overflowed := 0
	for _, x := range []string{"a", "b", "c", "d", "a"} {
		overflowed += count(e, logs(event{hera, "x", map[string]any{"x": x}})).Overflowed
	}
	assert.Equal(t, 2, overflowed)
	assert.Equal(t, []string{"{x=a} 2", "{x=b} 1", "{otel.metric.overflow=true} 2"}, points(e, "m"), "nothing of a closed set folds")
}

func TestAnotherMetricHasBoundsOfItsOwn(t *testing.T) {
	e := newTestEngine(t, 2)
	count(e, logs(authorization("a"), authorization("b"), authorization("c"), authorization("d"), authorization("a")))
	assert.Equal(t, []string{
		"{auth.client.id=_OTHER auth.outcome=success} 3",
		"{auth.client.id=a auth.outcome=success} 2",
	}, points(e, "auth.oauth.authorizations"))
	assert.Equal(t, []string{"{otel.event.name=pkce_authorize auth.outcome=success} 5"}, points(e, "auth.events"))
}

func TestOneSeries(t *testing.T) {
	e := folding(t, 1)
	count(e, logs(outcome("a", "", ""), outcome("b", "", ""), outcome("a", "", "")))
	assert.Equal(t, []string{"{auth.client.id=a} 2", "{otel.metric.overflow=true} 1"}, points(e, "m"))
}

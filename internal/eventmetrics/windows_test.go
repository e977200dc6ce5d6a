package eventmetrics

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique/exchange"
)

func uniqueSet() definition.Set {
	return definition.Set{Metrics: []definition.Metric{{
		Name: "auth.users.unique", Unit: "{user}", Description: "Distinct users.", Kind: definition.Unique,
		Dimensions: []definition.Dimension{{Name: "auth.category"}, {Name: "auth.first_login", Boolean: true}},
		Rules:      []definition.Rule{{Events: []string{"*"}}},
		Unique: definition.UniqueSettings{
			By: []string{"user.id"}, Windows: []time.Duration{time.Hour, 24 * time.Hour},
			Breakdowns: [][]string{{"auth.category"}, {"auth.first_login"}},
		},
	}}}
}

func uniqueEngine(t *testing.T, secret string) *Engine {
	e, err := New(uniqueSet(), Settings{Start: start, UniqueKey: unique.NewKey([]byte(secret)), Now: func() time.Time { return start }})
	require.NoError(t, err)
	return e
}

func signIn(e *Engine, category string, from, to int) {
	for i := from; i < to; i++ {
		e.Compute(logs(event{"hera", "login", map[string]any{
			"auth.source": "hera", "auth.category": category, "auth.first_login": i%2 == 0, "user.id": fmt.Sprint("u", i),
		}})).Commit()
	}
}

// sketchesOf returns what an engine's connector sends.
func sketchesOf(e *Engine) plog.Logs {
	round := exchange.NewSender(pcommon.NewResource(), "").Begin(start)
	e.EachWindow(func(metric string, attributes []Attribute, length time.Duration, w *unique.Window) {
		round.Add(metric, length, w, func(m pcommon.Map) {
			for _, a := range attributes {
				if a.IsBool {
					m.PutBool(a.Name, a.Bool)
				} else {
					m.PutStr(a.Name, a.Value)
				}
			}
		})
	})
	return round.Batches()[0].Logs
}

func receive(e *Engine, ld plog.Logs) (exchange.Result, error) {
	return exchange.Receive(ld, func(s exchange.Sketch) error { return e.MergeWindow(s.Metric, s.Attributes, s.Length, s.Data) })
}

func TestMergedWindowsAreThoseOfOneEngine(t *testing.T) {
	all, a, b, central := uniqueEngine(t, "s"), uniqueEngine(t, "s"), uniqueEngine(t, "s"), uniqueEngine(t, "s")
	signIn(all, "mfa", 0, 70)
	signIn(all, "social", 50, 100)
	signIn(a, "mfa", 0, 70)
	signIn(b, "social", 50, 100)
	for range 2 {
		for _, e := range []*Engine{a, b} {
			result, err := receive(central, sketchesOf(e))
			require.NoError(t, err)
			require.Equal(t, 8, result.Merged, "total, category and both of first_login, for two windows")
		}
	}
	gauges := central.Gauges()
	require.ElementsMatch(t, all.Gauges(), gauges)
	require.EqualValues(t, 100, gauges[0].Value)
}

func TestMergeWindowRefuses(t *testing.T) {
	a := uniqueEngine(t, "s")
	signIn(a, "mfa", 0, 10)
	ld := sketchesOf(a)
	another := uniqueEngine(t, "another's")
	result, err := receive(another, ld)
	require.ErrorIs(t, err, unique.ErrForeign)
	require.Equal(t, 8, result.Refused)
	require.Empty(t, another.Gauges())

	empty, err := New(definition.Set{}, Settings{Start: start, UniqueKey: unique.NewKey([]byte("s"))})
	require.NoError(t, err)
	_, err = receive(empty, ld)
	require.ErrorIs(t, err, errNoWindow)
}

func TestSketchesAreNoEvents(t *testing.T) {
	a := uniqueEngine(t, "s")
	signIn(a, "mfa", 0, 10)
	ld := sketchesOf(a)
	result := a.Compute(ld).Commit()
	require.Equal(t, Result{Skipped: ld.LogRecordCount()}, result)
}

func TestMergedOverflowStaysOverflow(t *testing.T) {
	a, b := uniqueEngine(t, "s"), uniqueEngine(t, "s")
	for i := range 400 {
		signIn(a, fmt.Sprint("category", i), i, i+1)
	}
	_, err := receive(b, sketchesOf(a))
	require.NoError(t, err)
	require.ElementsMatch(t, a.Gauges(), b.Gauges())
}

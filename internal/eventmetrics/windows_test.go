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
	return exchange.Receive(ld, func(s exchange.Sketch) error {
		_, err := e.MergeWindow(s.Metric, s.Attributes, s.Length, s.Data)
		return err
	})
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

// A sketch comes over the network, and its labels are as good as those of a
// record: what a record can not bring, it can not either.
func TestForgedLabelsOfASketch(t *testing.T) {
	const name = "Anna Example"
	set := uniqueSet()
	set.Metrics[0].Dimensions[0].Allowed = map[string][]string{"hera": {"mfa"}}
	settings := Settings{Start: start, UniqueKey: testKey, Now: func() time.Time { return start }}
	w := unique.NewWindow(time.Hour, testKey)
	w.Insert(1, start, start)
	merge := func(w *unique.Window, category any) (*Engine, Result) {
		e, err := New(set, settings)
		require.NoError(t, err)
		attributes := pcommon.NewMap()
		require.NoError(t, attributes.FromRaw(map[string]any{"auth.source": "hera", "auth.category": category}))
		result, err := e.MergeWindow("auth.users.unique", attributes, time.Hour, w.AppendSince(nil, 0))
		require.NoError(t, err)
		return e, result
	}
	for _, category := range []any{name, map[string]any{"name": name}, []any{name}} {
		e, result := merge(w, category)
		require.Contains(t, e.Gauges()[0].Attributes, Attribute{Name: "auth.category", Value: Other})
		require.NotContains(t, fmt.Sprint(e.Gauges()), name)
		require.Equal(t, category == name, result.Folded == 1, "%v", result)
	}
	e, result := merge(w, "mfa")
	require.Contains(t, e.Gauges()[0].Attributes, Attribute{Name: "auth.category", Value: "mfa"})
	require.Equal(t, Result{}, result)

	old := unique.NewWindow(time.Hour, testKey)
	old.Insert(1, start.Add(-24*time.Hour), start.Add(-24*time.Hour))
	for _, nobody := range []*unique.Window{unique.NewWindow(time.Hour, testKey), old} {
		e, _ := merge(nobody, "mfa")
		require.Empty(t, e.Gauges(), "nobody brings no series")
	}
}

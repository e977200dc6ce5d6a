package eventmetrics

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// valued is a metric of the attribute n.
func valued(tb testing.TB, kind definition.Kind, bounds ...float64) *Engine {
	rule := definition.Rule{Events: []string{"*"}, Value: definition.Place{In: definition.Attribute, Name: "n"}}
	e, err := New(metricsOf(definition.Metric{Name: "m", Kind: kind, Bounds: bounds, Rules: []definition.Rule{rule}}), Settings{Start: start})
	require.NoError(tb, err)
	return e
}

func number(n any) event { return event{hera, "x", map[string]any{"n": n}} }

func only(tb testing.TB, m *metric) *series {
	require.Len(tb, m.all(), 1)
	return m.all()[0]
}

func TestSumOfIntegers(t *testing.T) {
	e := valued(t, definition.Sum)
	result := count(e, logs(number(3), number(4.0), number(0), event{hera, "x", nil}))
	assert.Zero(t, result.InvalidDurations)
	assert.Equal(t, SumPoint{Attributes: []Attribute{{Name: attr.Source, Value: hera}}, Value: 7}, e.Sums()[0])
	assert.False(t, e.metrics[0].fractional)
}

func TestSumOfFractions(t *testing.T) {
	e := valued(t, definition.Sum)
	count(e, logs(number(0.25), number(2), number(1.5)))
	assert.EqualValues(t, 2, e.Sums()[0].Value)
	assert.Equal(t, 1.75, e.Sums()[0].Fraction)
	assert.True(t, e.metrics[0].fractional)
}

func TestNumbersThatAreNone(t *testing.T) {
	for _, kind := range []definition.Kind{definition.Sum, definition.Histogram, definition.ExponentialHistogram} {
		e := valued(t, kind)
		result := count(e, logs(number(-1), number(-0.5), number(math.NaN()), number(math.Inf(1)), number("3"), number(true), number([]any{1}),
			number(math.MaxFloat64), number(1e17), number(int64(math.MaxInt64))))
		assert.Equal(t, 10, result.InvalidDurations)
		assert.Equal(t, 10, result.Counted)
		assert.Empty(t, e.metrics[0].series)
	}
}

// One number that is too large to be one is not all that a sum shows from then
// on.
func TestLargestNumber(t *testing.T) {
	for _, kind := range []definition.Kind{definition.Sum, definition.Histogram, definition.ExponentialHistogram} {
		e := valued(t, kind)
		assert.Zero(t, count(e, logs(number(maxExact-1), number(float64(1)))).InvalidDurations)
		s := only(t, e.metrics[0])
		if kind == definition.Sum {
			assert.EqualValues(t, maxExact, s.count)
			continue
		}
		assert.EqualValues(t, maxExact, s.histogram.sum)
	}
}

func TestSumThatWouldRunOver(t *testing.T) {
	e := valued(t, definition.Sum)
	for range math.MaxInt64 / maxExact {
		count(e, logs(number(maxExact)))
	}
	count(e, logs(number(maxExact-1)))
	assert.Equal(t, 1, count(e, logs(number(1))).InvalidDurations)
	assert.EqualValues(t, math.MaxInt64, e.Sums()[0].Value)
}

func TestHistogramWithBoundsOfItsOwn(t *testing.T) {
	e := valued(t, definition.Histogram, 1, 10)
	count(e, logs(number(1), number(5), number(11), number(0)))
	h := only(t, e.metrics[0]).histogram
	assert.Equal(t, []uint64{2, 1, 1}, h.buckets)
	assert.Equal(t, []float64{17, 0, 11}, []float64{h.sum, h.min, h.max})
}

func TestExponentialHistogram(t *testing.T) {
	e := valued(t, definition.ExponentialHistogram)
	count(e, logs(number(3.0), number(3.5), number(0)))
	s := only(t, e.metrics[0])
	assert.EqualValues(t, 3, s.count)
	assert.Equal(t, []float64{6.5, 0, 3.5}, []float64{s.histogram.sum, s.histogram.min, s.histogram.max})
	assert.EqualValues(t, 1, s.histogram.exponential.zero)
	assert.LessOrEqual(t, len(s.histogram.exponential.buckets), maxExponentialBuckets)
}

func TestNumbersFromBodies(t *testing.T) {
	rule := definition.Rule{Events: []string{"*"}, Value: definition.Place{In: definition.Body, Name: "/count"}}
	for _, ld := range []plog.Logs{textBody(`{"count":5}`), mapBody(t, `{"count":5}`)} {
		e, err := New(metricsOf(definition.Metric{Name: "m", Rules: []definition.Rule{rule}}), Settings{Start: start})
		require.NoError(t, err)
		count(e, ld)
		count(e, textBody(`{"count":7.0}`))
		assert.Equal(t, 1, count(e, textBody(`{"count":"7"}`)).InvalidDurations)
		assert.Zero(t, count(e, textBody(`{"other":7}`)).InvalidDurations)
		assert.EqualValues(t, 12, e.Sums()[0].Value)
	}
}

func TestDurationsThreeAndThreeAndAHalf(t *testing.T) {
	e := newTestEngine(t, 0)
	count(e, logs(completed(3), completed(3.5)))
	assert.Equal(t, []string{"{auth.client.id=app} 2"}, points(e, "auth.pkce.duration"))
	for _, m := range e.metrics {
		if m.Name == "auth.pkce.duration" {
			assert.Equal(t, 6.5, only(t, m).histogram.sum)
		}
	}
}

func TestConditions(t *testing.T) {
	in := func(place definition.Place, not bool, values ...string) definition.Condition {
		return definition.Condition{Place: place, Values: values, Not: not}
	}
	a := definition.Place{In: definition.Attribute, Name: "a"}
	for name, tt := range map[string]struct {
		condition definition.Condition
		want      []any // values of a that count
	}{
		"in":            {in(a, false, "x", "y*"), []any{"x", "yes"}},
		"not in":        {in(a, true, "x", "y*"), []any{7, true, nil, "", []any{"x"}}},
		"exists":        {in(a, false, "*"), []any{"x", "yes", 7, true, []any{"x"}}},
		"does not":      {in(a, true, "*"), []any{nil, ""}},
		"a number":      {in(a, false, "7"), []any{7}},
		"a boolean":     {in(a, false, "true"), []any{true}},
		"of a resource": {in(definition.Place{In: definition.Resource, Name: "r"}, true, "*"), []any{"x", "yes", 7, true, nil, "", []any{"x"}}},
		"of the body":   {in(definition.Place{In: definition.Body, Name: "/b"}, false, "*"), nil},
		"of the name":   {in(definition.Place{In: definition.Attribute, Name: attr.OTelEventName}, false, "z"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := New(ruled(definition.Rule{Events: []string{"*"}, Conditions: []definition.Condition{tt.condition}}), Settings{Start: start})
			require.NoError(t, err)
			for _, v := range []any{"x", "yes", 7, true, nil, "", []any{"x"}} {
				before := total(e, "m", "", "")
				count(e, logs(event{hera, "x", map[string]any{"a": v}}))
				want := 0
				for _, w := range tt.want {
					if assert.ObjectsAreEqual(w, v) {
						want = 1
					}
				}
				assert.EqualValues(t, want, total(e, "m", "", "")-before, "%v", v)
			}
		})
	}
}

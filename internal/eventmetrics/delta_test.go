package eventmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// kinds is one metric of each kind, and a funnel and a pair.
func kinds() definition.Set {
	anyEvent := []definition.Rule{{Events: []string{"*"}}}
	value := definition.Place{In: definition.Attribute, Name: "test.value"}
	values := []definition.Rule{{Events: []string{"*"}, Value: value}}
	client := []definition.Dimension{{Name: attr.ClientID, Cap: 5000}}
	event := func(name string) []definition.Rule { return []definition.Rule{{Events: []string{name}}} }
	return definition.Set{
		Metrics: []definition.Metric{
			{Name: "test.events", Unit: "{event}", Dimensions: client, Rules: anyEvent},
			{Name: "test.amounts", Unit: "{thing}", Rules: values},
			{Name: "test.durations", Unit: "s", Kind: definition.Histogram, Bounds: []float64{1, 10}, Rules: values},
			{Name: "test.sizes", Unit: "By", Kind: definition.ExponentialHistogram, Rules: values},
			{
				Name: "test.users", Unit: "{user}", Kind: definition.Unique, Rules: anyEvent,
				Unique: definition.UniqueSettings{By: []string{attr.UserID}, Windows: []time.Duration{time.Hour, 24 * time.Hour}},
			},
			{Name: "test.funnel", Unit: "{user}", Dimensions: []definition.Dimension{{Name: definition.FunnelAttribute}, {Name: definition.StepAttribute}}},
			{Name: "test.waits", Unit: "s", Kind: definition.Histogram},
			{Name: "test.abandoned", Unit: "{wait}", Dimensions: client},
		},
		Funnels: []definition.Funnel{{
			Name: "signup", Metric: "test.funnel", Window: time.Hour, By: []string{attr.UserID}, MaxUsers: 100,
			Steps: []definition.Step{{Name: "first", Rules: event("begun")}, {Name: "last", Rules: event("ended")}},
		}},
		Pairs: []definition.Pair{{
			Name: "wait", Duration: "test.waits", Abandoned: "test.abandoned", Begin: event("begun"), End: event("ended"),
			By: []string{attr.UserID}, Timeout: 10 * time.Minute, MaxPending: 100,
		}},
	}
}

// manualClock is the engine's and the tests' own.
type manualClock struct{ now time.Time }

func (c *manualClock) pass(d time.Duration) time.Time {
	c.now = c.now.Add(d)
	return c.now
}

var testKey = unique.NewKey([]byte("a secret of the tests, of no use"))

func newEngine(tb testing.TB, set definition.Set, c *manualClock) *Engine {
	tb.Helper()
	e, err := New(set, Settings{Start: c.now, UniqueKey: testKey, Exemplars: true, Now: func() time.Time { return c.now }})
	require.NoError(tb, err)
	return e
}

func amounting(v any) event {
	return event{hera, "thing", map[string]any{attr.ClientID: "app", attr.UserID: "u", "test.value": v}}
}

func output() Output { return Output{Resource: pcommon.NewResource(), Scope: "test"} }

// collect returns what the cursors get, by metric.
func collect(e *Engine, now time.Time, cursors ...*Cursor) []map[string]pmetric.Metric {
	var list []map[string]pmetric.Metric
	for _, md := range e.Collect(now, output(), cursors...).Metrics {
		byName := map[string]pmetric.Metric{}
		for _, rm := range md.ResourceMetrics().All() {
			for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
				byName[m.Name()] = m
			}
		}
		list = append(list, byName)
	}
	return list
}

func TestDeltasOfAllKinds(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	cursor := e.NewCursor("a", Delta)

	count(e, logs(amounting(0.5), amounting(int64(4)), amounting(20.0)))
	got := collect(e, c.pass(time.Minute), cursor)[0]
	cursor.Accept()
	for _, m := range got {
		switch m.Type() {
		case pmetric.MetricTypeSum:
			assert.True(t, m.Sum().IsMonotonic())
			assert.Equal(t, pmetric.AggregationTemporalityDelta, m.Sum().AggregationTemporality())
		case pmetric.MetricTypeHistogram:
			assert.Equal(t, pmetric.AggregationTemporalityDelta, m.Histogram().AggregationTemporality())
		case pmetric.MetricTypeExponentialHistogram:
			assert.Equal(t, pmetric.AggregationTemporalityDelta, m.ExponentialHistogram().AggregationTemporality())
		}
	}
	assert.EqualValues(t, 3, got["test.events"].Sum().DataPoints().At(0).IntValue())
	assert.Equal(t, 24.5, got["test.amounts"].Sum().DataPoints().At(0).DoubleValue())
	h := got["test.durations"].Histogram().DataPoints().At(0)
	assert.Equal(t, []any{uint64(3), 24.5, 0.5, 20.0}, []any{h.Count(), h.Sum(), h.Min(), h.Max()})

	// The second interval has a value beyond those before at one end only.
	count(e, logs(amounting(4.0), amounting(40.0)))
	got = collect(e, c.pass(time.Minute), cursor)[0]
	cursor.Refuse()
	again := collect(e, c.pass(time.Minute), cursor)[0]
	for _, got := range []map[string]pmetric.Metric{got, again} {
		assert.EqualValues(t, 2, got["test.events"].Sum().DataPoints().At(0).IntValue())
		assert.Equal(t, 44.0, got["test.amounts"].Sum().DataPoints().At(0).DoubleValue())
		h = got["test.durations"].Histogram().DataPoints().At(0)
		assert.Equal(t, []any{uint64(2), 44.0, 40.0}, []any{h.Count(), h.Sum(), h.Max()})
		assert.False(t, h.HasMin(), "the least of the interval is not known")
		assert.Equal(t, []uint64{0, 1, 1}, h.BucketCounts().AsRaw())
		assert.Equal(t, []float64{1, 10}, h.ExplicitBounds().AsRaw())
		assert.Equal(t, start.Add(time.Minute), h.StartTimestamp().AsTime(), "the end of the last accepted one")
		x := got["test.sizes"].ExponentialHistogram().DataPoints().At(0)
		assert.EqualValues(t, 2, x.Count())
		assert.Equal(t, 44.0, x.Sum())
		var total uint64
		for _, n := range x.Positive().BucketCounts().All() {
			total += n
		}
		assert.EqualValues(t, 2, total)
	}
	cursor.Accept()

	got = collect(e, c.pass(time.Minute), cursor)[0]
	assert.Zero(t, got["test.events"].Sum().DataPoints().At(0).IntValue(), "a series that rests is sent as 0")
	h = got["test.durations"].Histogram().DataPoints().At(0)
	assert.Zero(t, h.Count())
	assert.False(t, h.HasMin() || h.HasMax())
}

// Of an exponential histogram the deltas add up to the whole, whatever values
// come: its scale falls in between.
func TestDeltasOfExponentialHistogramsAddUp(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	cursor, whole := e.NewCursor("a", Delta), e.NewCursor("b", Cumulative)
	random := seeded()
	sum := &exponential{scale: maxScale}
	for range 50 {
		for range 1 + random.IntN(5) {
			count(e, logs(amounting(random.ExpFloat64()*float64(int(1)<<random.IntN(30))), amounting(0.0)))
		}
		got := collect(e, c.pass(time.Minute), cursor, whole)
		cursor.Accept()
		p := got[0]["test.sizes"].ExponentialHistogram().DataPoints().At(0)
		sum.merge(&exponential{p.Scale(), p.Positive().Offset(), p.Positive().BucketCounts().AsRaw(), p.ZeroCount()})
		want := got[1]["test.sizes"].ExponentialHistogram().DataPoints().At(0)
		require.Equal(t, want.Scale(), sum.scale)
		require.Equal(t, want.ZeroCount(), sum.zero)
		require.Equal(t, want.Positive().BucketCounts().AsRaw(), sum.buckets)
		require.Equal(t, want.Positive().Offset(), sum.offset)
	}
}

// Whatever is accepted and refused in whatever order, what each cursor was
// given and accepted adds up to what was counted.
func TestCursorsAddUp(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	random := seeded()
	cursors := []*Cursor{e.NewCursor("a", Delta), e.NewCursor("b", Delta), e.NewCursor("c", Delta)}
	ends := []time.Time{start, start, start}
	var counted int64
	var taken [3]int64
	round := func(accept func() bool) {
		for i, got := range collect(e, c.pass(time.Second), cursors...) {
			var n int64
			for _, p := range got["test.events"].Sum().DataPoints().All() {
				n += p.IntValue()
				require.Equal(t, ends[i], p.StartTimestamp().AsTime())
			}
			if accept() {
				taken[i] += n
				ends[i] = c.now
				cursors[i].Accept()
			} else {
				cursors[i].Refuse()
			}
		}
	}
	for range 200 {
		for range random.IntN(4) {
			count(e, logs(amounting(1.0).with(attr.ClientID, string(rune('a'+random.IntN(5))))))
			counted++
		}
		if counted > 0 {
			round(func() bool { return random.IntN(2) == 0 })
		}
	}
	round(func() bool { return true })
	assert.Equal(t, [3]int64{counted, counted, counted}, taken)
}

func TestExemplarsOnPoints(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	cumulative, delta := e.NewCursor("a", Cumulative), e.NewCursor("b", Delta)
	ld := logs(amounting(2.5))
	at := start.Add(-time.Second)
	lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	lr.SetTraceID(pcommon.TraceID{1})
	lr.SetSpanID(pcommon.SpanID{2})
	lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
	count(e, ld)

	got := collect(e, c.pass(time.Minute), cumulative, delta)
	delta.Accept()
	for _, got := range got {
		for name, exemplars := range map[string]pmetric.ExemplarSlice{
			"test.amounts":   got["test.amounts"].Sum().DataPoints().At(0).Exemplars(),
			"test.durations": got["test.durations"].Histogram().DataPoints().At(0).Exemplars(),
			"test.sizes":     got["test.sizes"].ExponentialHistogram().DataPoints().At(0).Exemplars(),
		} {
			require.Equal(t, 1, exemplars.Len(), name)
			x := exemplars.At(0)
			assert.Equal(t, pcommon.TraceID{1}, x.TraceID())
			assert.Equal(t, pcommon.SpanID{2}, x.SpanID())
			assert.Equal(t, 2.5, x.DoubleValue())
			assert.Equal(t, at, x.Timestamp().AsTime())
			assert.Zero(t, x.FilteredAttributes().Len(), "nothing but the trace")
		}
	}
	got = collect(e, c.pass(time.Minute), cumulative, delta)
	assert.Equal(t, 1, got[0]["test.amounts"].Sum().DataPoints().At(0).Exemplars().Len())
	assert.Zero(t, got[1]["test.amounts"].Sum().DataPoints().At(0).Exemplars().Len(), "a delta of nothing has none")
}

func TestUniqueCountsAreGauges(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	for _, user := range []string{"a", "b", "a"} {
		count(e, logs(amounting(1.0).with(attr.UserID, user)))
	}
	for _, temporality := range []Temporality{Cumulative, Delta} {
		cursor := e.NewCursor("a", temporality)
		m := collect(e, c.now, cursor)[0]["test.users"]
		require.Equal(t, pmetric.MetricTypeGauge, m.Type())
		var windows []string
		for _, p := range m.Gauge().DataPoints().All() {
			window, _ := p.Attributes().Get(definition.WindowAttribute)
			windows = append(windows, window.Str())
			assert.EqualValues(t, 2, p.IntValue())
			assert.Zero(t, p.StartTimestamp(), "a gauge is of the moment")
		}
		assert.Equal(t, []string{"1h", "24h"}, windows)
	}
	c.pass(2 * time.Hour)
	points := collect(e, c.now, e.NewCursor("a", Cumulative))[0]["test.users"].Gauge().DataPoints()
	assert.Zero(t, points.At(0).IntValue(), "nobody in the last hour")
	assert.EqualValues(t, 2, points.At(1).IntValue())
}

func TestZeroPoints(t *testing.T) {
	set := definition.Set{Metrics: []definition.Metric{{
		Name: "test.attempts", Unit: "{attempt}", Dimensions: []definition.Dimension{{Name: attr.Outcome}},
		Rules: []definition.Rule{{Source: hera, Events: []string{"*"}}},
		Zeros: []map[string]string{{attr.Outcome: attr.OutcomeSuccess}, {attr.Outcome: attr.OutcomeFailure}},
	}}}
	c := &manualClock{start}
	e, err := New(set, Settings{Start: start, Now: func() time.Time { return c.now }, Declare: []map[string]string{{attr.Source: hera}}})
	require.NoError(t, err)
	values := func(out Output) map[string]int64 {
		cursor := e.NewCursor("a", Delta)
		got := map[string]int64{}
		for _, rm := range e.Collect(c.pass(time.Minute), out, cursor).Metrics[0].ResourceMetrics().All() {
			for _, p := range rm.ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints().All() {
				outcome, _ := p.Attributes().Get(attr.Outcome)
				got[outcome.Str()] = p.IntValue()
			}
		}
		return got
	}
	assert.Equal(t, map[string]int64{"success": 0, "failure": 0}, values(output()), "before the first event")
	count(e, logs(event{hera, "login", map[string]any{attr.Outcome: attr.OutcomeFailure}}))
	assert.Equal(t, map[string]int64{"success": 0, "failure": 1}, values(output()))

	out := output()
	out.ExpireAfter = time.Hour
	c.pass(24 * time.Hour)
	cumulative := e.Collect(c.now, out, e.NewCursor("a", Cumulative)).Metrics[0]
	points := cumulative.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints()
	require.Equal(t, 1, points.Len(), "what was counted has expired, zero points have not")
	assert.Zero(t, points.At(0).IntValue())
}

// A fraction turns a whole metric to fractions, for good: one stream has one
// type from there on.
func TestSumsOfFractions(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	cursor := e.NewCursor("a", Delta)
	count(e, logs(amounting(int64(2))))
	p := collect(e, c.pass(time.Minute), cursor)[0]["test.amounts"].Sum().DataPoints().At(0)
	cursor.Accept()
	assert.Equal(t, pmetric.NumberDataPointValueTypeInt, p.ValueType())
	count(e, logs(amounting(0.25)))
	p = collect(e, c.pass(time.Minute), cursor)[0]["test.amounts"].Sum().DataPoints().At(0)
	cursor.Accept()
	assert.Equal(t, 0.25, p.DoubleValue())
	count(e, logs(amounting(int64(3))))
	p = collect(e, c.pass(time.Minute), cursor)[0]["test.amounts"].Sum().DataPoints().At(0)
	assert.Equal(t, 3.0, p.DoubleValue())
}

// TestDeltasGoOnAfterAClockWasAhead: points do not stay where the clock was.
func TestDeltasGoOnAfterAClockWasAhead(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	cursor := e.NewCursor("x", Delta)
	cursor.begin(start.Add(time.Hour)) // it is an hour ahead
	cursor.Accept()
	back := cursor.begin(start.Add(10 * time.Second)) // and is set right
	cursor.Accept()
	next := cursor.begin(start.Add(20 * time.Second))
	assert.Equal(t, start.Add(10*time.Second), back.end.AsTime())
	assert.Equal(t, start.Add(10*time.Second), next.start.AsTime())
	assert.Equal(t, start.Add(20*time.Second), next.end.AsTime())
	cursor.Accept()
	slewed := cursor.begin(start.Add(19 * time.Second))
	assert.Equal(t, start.Add(20*time.Second), slewed.end.AsTime())
}

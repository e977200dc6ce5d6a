package eventmetrics

import (
	"fmt"
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

func clientName(i int) string { return fmt.Sprintf("urn:example:client:%05d", i) }

// encoded is the snapshot of an engine and its cursors.
func encoded(tb testing.TB, e *Engine, cursors ...*Cursor) []byte {
	tb.Helper()
	b, err := e.Snapshot(cursors...).MarshalBinary()
	require.NoError(tb, err)
	return b
}

// asJSON is all that a cumulative reader gets.
func asJSON(t *testing.T, e *Engine, now time.Time) string {
	t.Helper()
	b, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(e.Metrics(now, output().Resource, "test"))
	require.NoError(t, err)
	return string(b)
}

func person(name, user string) event {
	return amounting(1.5).named(name).with(attr.UserID, user)
}

func (ev event) named(name string) event {
	ev.name = name
	return ev
}

// busy has counted something of each kind.
func busy(t *testing.T, c *manualClock) *Engine {
	t.Helper()
	e := newEngine(t, kinds(), c)
	count(e, logs(
		person("begun", "a").with(attr.LogRecordUID, "1"), person("begun", "b").with(attr.LogRecordUID, "2"),
		amounting(0.0), amounting(700.0).with(attr.ClientID, "other"), amounting(int64(3)),
	))
	c.pass(time.Minute)
	count(e, logs(person("ended", "a")))
	return e
}

func TestSnapshotRestoresEverything(t *testing.T) {
	c := &manualClock{start}
	first := busy(t, c)
	data := encoded(t, first)
	assert.Equal(t, data, encoded(t, first), "the same state, the same bytes")

	second := newEngine(t, kinds(), &manualClock{c.now.Add(time.Minute)})
	second.settings.Now = func() time.Time { return c.now }
	restored, err := second.Restore(data)
	require.NoError(t, err)
	windows, err := first.Windows()
	require.NoError(t, err)
	n, err := second.RestoreWindows(windows)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	assert.Zero(t, restored.Dropped)
	assert.False(t, restored.OtherKey)
	now := c.pass(time.Minute)
	assert.JSONEq(t, withoutExemplars(t, first, now), asJSON(t, second, now), "values, start times, windows")

	// What comes later goes on as if there had been no restart.
	for _, e := range []*Engine{first, second} {
		result := count(e, logs(person("begun", "x").with(attr.LogRecordUID, "2"), person("ended", "a"), person("ended", "b")))
		assert.Equal(t, 1, result.Duplicates)
		e.Advance(now)
		e.Advance(now.Add(time.Hour))
	}
	now = c.pass(time.Minute)
	assert.JSONEq(t, withoutExemplars(t, first, now), withoutExemplars(t, second, now), "funnels and pairs")
}

// withoutExemplars is asJSON without what a snapshot does not keep.
func withoutExemplars(t *testing.T, e *Engine, now time.Time) string {
	t.Helper()
	for _, m := range e.metrics {
		for _, s := range m.all() {
			s.exemplar = nil
		}
	}
	return asJSON(t, e, now)
}

func TestWhatIsAbandonedAfterARestart(t *testing.T) {
	c := &manualClock{start}
	e := busy(t, c) // "b" has begun and not ended
	data := encoded(t, e)
	e = newEngine(t, kinds(), c)
	_, err := e.Restore(data)
	require.NoError(t, err)
	e.Advance(c.now)
	e.Advance(c.pass(20 * time.Minute))
	assert.Equal(t, []string{"{auth.client.id=app} 1"}, points(e, "test.abandoned"), "with the labels of its beginning")
}

func TestRestoreWithAnotherConfig(t *testing.T) {
	c := &manualClock{start}
	data := encoded(t, busy(t, c))
	for name, tt := range map[string]struct {
		change  func(*definition.Set)
		dropped int
		metric  string
		want    []string
	}{
		"an attribute less: series add up": {
			change: func(s *definition.Set) { s.Metrics[0].Dimensions = nil },
			metric: "test.events", want: []string{"{} 6"},
		},
		"an attribute more: it is absent": {
			change: func(s *definition.Set) {
				s.Metrics[0].Dimensions = append(s.Metrics[0].Dimensions, definition.Dimension{Name: attr.Method})
			},
			metric: "test.events", want: []string{"{auth.client.id=app} 5", "{auth.client.id=other} 1"},
		},
		"a smaller cap: the rest is folded": {
			change: func(s *definition.Set) { s.Metrics[0].Dimensions[0].Cap = 1 },
			metric: "test.events", want: []string{"{auth.client.id=_OTHER} 1", "{auth.client.id=app} 5"},
		},
		"another unit":   {change: func(s *definition.Set) { s.Metrics[0].Unit = "{x}" }, metric: "test.events", dropped: 2},
		"another name":   {change: func(s *definition.Set) { s.Metrics[0].Name = "test.others" }, metric: "test.others", dropped: 2},
		"another kind":   {change: func(s *definition.Set) { s.Metrics[3].Kind = definition.Histogram }, metric: "test.sizes", dropped: 1},
		"other buckets":  {change: func(s *definition.Set) { s.Metrics[2].Bounds = []float64{1, 11} }, metric: "test.durations", dropped: 1},
		"another funnel": {change: func(s *definition.Set) { s.Funnels[0].Name = "x" }, metric: "test.durations", want: []string{"{} 6"}},
		"no pairs": {
			change: func(s *definition.Set) { s.Pairs = nil },
			metric: "test.waits", want: []string{"{} 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := kinds()
			tt.change(&set)
			e := newEngine(t, set, c)
			restored, err := e.Restore(data)
			require.NoError(t, err)
			assert.Equal(t, tt.dropped, restored.Dropped)
			assert.Equal(t, tt.want, points(e, tt.metric))
		})
	}
}

func TestRestoreWindows(t *testing.T) {
	c := &manualClock{start}
	first := newEngine(t, kinds(), c)
	count(first, logs(person("begun", "a"), person("begun", "b")))
	revision := first.WindowsRevision()
	count(first, logs(person("begun", "b")))
	assert.Equal(t, revision, first.WindowsRevision(), "nobody new")
	count(first, logs(person("begun", "c")))
	assert.Greater(t, first.WindowsRevision(), revision)
	data, err := first.Windows()
	require.NoError(t, err)

	set := kinds()
	set.Metrics[4].Unique.Windows = []time.Duration{24 * time.Hour, 2 * time.Hour}
	second := newEngine(t, set, c)
	count(second, logs(person("begun", "c"), person("begun", "d")))
	n, err := second.RestoreWindows(data)
	require.NoError(t, err)
	assert.Equal(t, 1, n, "those of a length that is there")
	var values []int64
	for _, p := range second.Gauges() {
		values = append(values, p.Value)
	}
	assert.Equal(t, []int64{4, 2}, values, "merged with what was counted since")

	for _, damaged := range [][]byte{nil, data[:len(data)/2], []byte("no snapshot")} {
		_, err = second.RestoreWindows(damaged)
		assert.EqualError(t, err, "it is no snapshot of event metrics")
	}
	assert.EqualValues(t, 4, second.Gauges()[0].Value)
}

// Histograms that become one have the values of both, at the scale that holds
// them.
func TestRestoredHistogramsAddUp(t *testing.T) {
	c := &manualClock{start}
	split := kinds()
	for i := range split.Metrics {
		split.Metrics[i].Dimensions = append(split.Metrics[i].Dimensions, definition.Dimension{Name: attr.Method})
	}
	events := []event{amounting(0.001), amounting(1.0), amounting(3.0).with(attr.Method, "sms"), amounting(7000.0).with(attr.Method, "sms")}
	apart, together := newEngine(t, split, c), newEngine(t, kinds(), c)
	count(apart, logs(events...))
	count(together, logs(events...))
	restored := newEngine(t, kinds(), c)
	_, err := restored.Restore(encoded(t, apart))
	require.NoError(t, err)
	windows, err := apart.Windows()
	require.NoError(t, err)
	_, err = restored.RestoreWindows(windows)
	require.NoError(t, err)
	assert.JSONEq(t, withoutExemplars(t, together, c.now), withoutExemplars(t, restored, c.now))
}

func TestRestoreWithAnotherKey(t *testing.T) {
	c := &manualClock{start}
	before := busy(t, c)
	data := encoded(t, before)
	windows, err := before.Windows()
	require.NoError(t, err)
	e, err := New(kinds(), Settings{Start: start, UniqueKey: unique.RandomKey(), Now: func() time.Time { return c.now }})
	require.NoError(t, err)
	n, err := e.RestoreWindows(windows)
	require.NoError(t, err)
	assert.Zero(t, n)
	restored, err := e.Restore(data)
	require.NoError(t, err)
	assert.True(t, restored.OtherKey)
	assert.Equal(t, []string{"{auth.client.id=app} 5", "{auth.client.id=other} 1"}, points(e, "test.events"), "counts need no key")
	for _, p := range e.Gauges() {
		assert.Zero(t, p.Value)
	}
	count(e, logs(person("begun", "a")))
	assert.Contains(t, points(e, "test.funnel"), "{auth.funnel=signup auth.funnel.step=first} 3")
}

// A metric that is nearly full, and has folded attributes, comes back with the
// same series: what moved to another would count there a second time.
func TestAFoldedMetricIsRestored(t *testing.T) {
	const metric = "auth.oauth.authorizations"
	for _, clients := range []int{3, 7, 20, 100} {
		for _, maxSeries := range []int{1, 4, 8, 16, 40} {
			first := newTestEngine(t, maxSeries)
			for i := range clients {
				count(first, logs(
					authorization(clientName(i*7%clients)), authorization(clientName(i*3%clients)).with(attr.Outcome, attr.OutcomeFailure),
					authorization("z"+clientName(i)).with(attr.PKCEUsed, true),
				))
			}
			second := newTestEngine(t, maxSeries)
			_, err := second.Restore(encoded(t, first))
			require.NoError(t, err)
			assert.Equal(t, sortedPoints(first, metric), sortedPoints(second, metric), "%d clients, %d series", clients, maxSeries)

			// A new one still folds.
			for _, e := range []*Engine{first, second} {
				count(e, logs(authorization("new"), authorization("newer")))
			}
			assert.Equal(t, total(first, metric, "", ""), total(second, metric, "", ""))
		}
	}
}

func TestOverflowIsRestored(t *testing.T) {
	c := &manualClock{start}
	settings := Settings{Start: start, MaxSeries: 1, Now: func() time.Time { return c.now }}
	e, err := New(kinds(), settings)
	require.NoError(t, err)
	count(e, logs(amounting(1.0), amounting(1.0).with(attr.ClientID, "b").with(attr.Source, "x"), amounting(1.0).with(attr.ClientID, "c")))
	want := points(e, "test.events")
	data := encoded(t, e)
	e, err = New(kinds(), settings)
	require.NoError(t, err)
	_, err = e.Restore(data)
	require.NoError(t, err)
	assert.Equal(t, want, points(e, "test.events"))
	var total int64
	eachPoint(e, "test.events", func(_ pcommon.Map, n int64) { total += n })
	assert.EqualValues(t, 3, total)
}

// A cursor that is behind stays so, and one that is not begins at the restart.
func TestCursorsAreRestored(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	upToDate, behind := e.NewCursor("a", Delta), e.NewCursor("b", Delta)
	count(e, logs(amounting(1.0), amounting(600.0)))
	collect(e, c.pass(time.Minute), upToDate, behind)
	upToDate.Accept()
	behind.Accept()
	first := c.now
	count(e, logs(amounting(3.0)))
	collect(e, c.pass(time.Minute), upToDate, behind)
	upToDate.Accept()
	behind.Refuse()
	data := encoded(t, e, upToDate, behind)

	restart := c.pass(time.Hour)
	e = newEngine(t, kinds(), c)
	cursors := []*Cursor{e.NewCursor("a", Delta), e.NewCursor("b", Delta), e.NewCursor("new", Delta)}
	_, err := e.Restore(data, cursors...)
	require.NoError(t, err)
	count(e, logs(amounting(5.0)))
	got := collect(e, c.pass(time.Minute), cursors...)
	for i, want := range []struct {
		count uint64
		sum   float64
		start time.Time
	}{{1, 5, restart}, {2, 8, first}, {1, 5, restart}} {
		p := got[i]["test.durations"].Histogram().DataPoints().At(0)
		assert.Equal(t, want.count, p.Count())
		assert.Equal(t, want.sum, p.Sum())
		assert.Equal(t, want.start, p.StartTimestamp().AsTime())
		x := got[i]["test.sizes"].ExponentialHistogram().DataPoints().At(0)
		assert.Equal(t, want.count, x.Count())
	}
}

// A collection under way counts as accepted: it may have arrived.
func TestSnapshotOfACollectionUnderWay(t *testing.T) {
	c := &manualClock{start}
	e := newEngine(t, kinds(), c)
	cursor := e.NewCursor("a", Delta)
	count(e, logs(amounting(1.0)))
	out := output()
	out.Snapshot = true
	collection := e.Collect(c.pass(time.Minute), out, cursor)
	count(e, logs(amounting(1.0))) // after it: in neither
	data, err := collection.Snapshot.MarshalBinary()
	require.NoError(t, err)

	e = newEngine(t, kinds(), c)
	cursor = e.NewCursor("a", Delta)
	_, err = e.Restore(data, cursor)
	require.NoError(t, err)
	assert.Zero(t, collect(e, c.pass(time.Minute), cursor)[0]["test.events"].Sum().DataPoints().At(0).IntValue())
	assert.EqualValues(t, 1, total(e, "test.events", "", ""))
}

func TestRestoreRefuses(t *testing.T) {
	c := &manualClock{start}
	whole := busy(t, c).Snapshot()
	for name, tt := range map[string]struct {
		change func(*Snapshot)
		want   string
	}{
		"a later format":      {func(s *Snapshot) { s.Format++ }, "it has the format 2 and not 1: another version wrote it"},
		"a value too many":    {func(s *Snapshot) { s.Values = s.Values[:1] }, "it contradicts itself"},
		"an attribute less":   {func(s *Snapshot) { s.Metrics[0].Dimensions = nil }, "it contradicts itself"},
		"other buckets":       {func(s *Snapshot) { s.Metrics[2].Bounds = nil }, "it contradicts itself"},
		"a sum with buckets":  {func(s *Snapshot) { s.Metrics[2].Kind = definition.Sum }, "it contradicts itself"},
		"an impossible scale": {func(s *Snapshot) { s.Metrics[3].Series[0].Totals.Histogram.Scale = 1 << 20 }, "it contradicts itself"},
		"a cursor of nothing": {func(s *Snapshot) {
			s.Cursors = []cursorSnapshot{{Name: "a", Behind: []behindSnapshot{{Metric: 99}}}}
		}, "it contradicts itself"},
		"a pair of nothing": {func(s *Snapshot) { s.Pairs[0].Entries[0].Attributes = nil }, "it contradicts itself"},
	} {
		t.Run(name, func(t *testing.T) {
			var s Snapshot
			data, err := whole.MarshalBinary()
			require.NoError(t, err)
			require.NoError(t, s.UnmarshalBinary(data))
			tt.change(&s)
			data, err = s.MarshalBinary()
			require.NoError(t, err)
			e := newEngine(t, kinds(), &manualClock{c.now})
			before := asJSON(t, e, c.now)
			_, err = e.Restore(data)
			require.EqualError(t, err, tt.want)
			assert.Equal(t, before, asJSON(t, e, c.now), "nothing changed")
			assert.Equal(t, c.now, e.settings.Start)
		})
	}
	_, err := newEngine(t, kinds(), c).Restore([]byte("no snapshot"))
	require.EqualError(t, err, "it is no snapshot of event metrics")
}

// Who sees a person's name in a label lists what may stand there; the name is
// gone then, and does not come back from the storage.
func TestRestoreGoesByTheAllowListsOfNow(t *testing.T) {
	const name = "Anna Example"
	first := newEngine(t, kinds(), &manualClock{start})
	count(first, logs(amounting(1.0).with(attr.ClientID, name), amounting(1.0).with(attr.ClientID, "app")))
	windows, err := first.Windows()
	require.NoError(t, err)

	set := kinds()
	for i := range set.Metrics {
		for j := range set.Metrics[i].Dimensions {
			if d := &set.Metrics[i].Dimensions[j]; d.Name == attr.ClientID {
				d.Allowed = map[string][]string{"": {"app"}}
			}
		}
	}
	second := newEngine(t, set, &manualClock{start})
	_, err = second.Restore(encoded(t, first))
	require.NoError(t, err)
	_, err = second.RestoreWindows(windows)
	require.NoError(t, err)
	assert.NotContains(t, asJSON(t, second, start), name)
	assert.EqualValues(t, 1, total(second, "test.events", attr.ClientID, Other))
	assert.EqualValues(t, 1, total(second, "test.events", attr.ClientID, "app"))
	assert.NotContains(t, string(encoded(t, second)), name)
}

package eventsampler

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/processor/eventsampler/internal/metadatatest"
)

// flood is so frequent that hardly anything of it is kept.
func flood(name string) []event { return many(name, 2000, 0, 10*time.Second) }

// TestNeverThinned: in a flood of its own kind, each of these stays whole, and
// stands for itself.
func TestNeverThinned(t *testing.T) {
	cfg := config(10)
	cfg.Always = []string{"*suspend*", "m2m_client.*"}
	set := func(change func(*event)) []event {
		events := flood("login_succeeded")
		for i := range events {
			change(&events[i])
		}
		return events
	}
	with := func(name string, value any) func(*event) {
		return func(e *event) { e.more = map[string]any{name: value} }
	}
	for name, c := range map[string]struct {
		change func(*event)
		thin   bool
	}{
		"success":                 {func(*event) {}, true},
		"failure":                 {func(e *event) { e.outcome = attr.OutcomeFailure }, false},
		"another outcome":         {func(e *event) { e.outcome = "unknown" }, false},
		"no outcome":              {func(e *event) { e.outcome = "-" }, false},
		"warning":                 {func(e *event) { e.severity = plog.SeverityNumberWarn }, false},
		"error":                   {func(e *event) { e.severity = plog.SeverityNumberError }, false},
		"debug":                   {func(e *event) { e.severity = plog.SeverityNumberDebug }, true},
		"a line that is no event": {with(attr.ParseError, "invalid_json"), false},
		"an error on a success":   {with(attr.ErrorType, "timeout"), false},
		"a category of always":    {with(attr.Category, "lockout"), false},
		"another category":        {with(attr.Category, "mfa"), true},
		"a name of always":        {func(e *event) { e.name = "m2m_client.created" }, false},
		"another of always":       {func(e *event) { e.name = "account_suspended" }, false},
		"no name":                 {func(e *event) { e.name = "" }, false},
		"no source":               {with(attr.Source, ""), false},
		"no uid":                  {func(e *event) { e.uid = "" }, false},
		"an outcome that is true": {with(attr.Outcome, true), false},
	} {
		t.Run(name, func(t *testing.T) {
			events := set(c.change)
			got := thinned(t, cfg, events...)
			records, adjusted := got.records[events[0].name], got.adjusted[events[0].name]
			if c.thin {
				assert.Less(t, records, 200)
				assert.Greater(t, adjusted, float64(records))
				return
			}
			assert.Equal(t, len(events), records)
			assert.Equal(t, float64(records), adjusted)
		})
	}
}

// thinned sends events through a sampler, in one batch.
func thinned(t *testing.T, cfg *Config, events ...event) kept {
	t.Helper()
	var sink consumertest.LogsSink
	require.NoError(t, newTest(t, cfg, &sink).ConsumeLogs(t.Context(), logs(events...)))
	return sum(sink.AllLogs()...)
}

// TestNeutral: events without an outcome are thinned on request, and as another
// kind than successes of the same name.
func TestNeutral(t *testing.T) {
	cfg := config(10)
	cfg.Neutral = neutralSample
	events := flood("displayed")
	for i := range events {
		events[i].outcome = "-"
	}
	got := thinned(t, cfg, append(events, many("displayed", 9, 0, 10*time.Second)...)...)
	assert.Less(t, got.records["displayed"], 200)
	for _, e := range many("displayed", 9, 0, 10*time.Second) {
		assert.True(t, got.uids[e.uid], "a success is of another kind, and rare")
	}
}

// TestRareStays: what keeps to its rate stays whole beside a flood, also when a
// day of it comes within a moment, as it does after an outage.
func TestRareStays(t *testing.T) {
	const quota, rare = 10, 4000
	day := 24 * time.Hour // of 8,640 intervals
	events := append(many("rare", rare, 0, day), many("frequent", 40_000, 0, day/10)...)
	got := thinned(t, config(quota), events...)
	assert.Equal(t, rare, got.records["rare"])
	assert.Less(t, got.records["frequent"], 864*quota)
}

// TestKindsBy: a client that is rare stays whole beside one that is not, by an
// attribute of the record or of the resource.
func TestKindsBy(t *testing.T) {
	cfg := config(10)
	cfg.By = []string{attr.ClientID, attr.DeploymentEnvironmentName}
	ld := plog.NewLogs()
	for _, group := range []struct {
		environment, client string
		n                   int
	}{{"production", "big", 2000}, {"production", "small", 9}, {"staging", "big", 10}} {
		rl := ld.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr(attr.DeploymentEnvironmentName, group.environment)
		records := rl.ScopeLogs().AppendEmpty().LogRecords()
		for _, e := range many("login_succeeded", group.n, 0, 10*time.Second) {
			e.more = map[string]any{attr.ClientID: group.client}
			e.put(records.AppendEmpty())
		}
	}
	var sink consumertest.LogsSink
	require.NoError(t, newTest(t, cfg, &sink).ConsumeLogs(t.Context(), ld))
	out := sink.AllLogs()[0].ResourceLogs()
	require.Equal(t, 3, out.Len())
	for i, want := range []int{0, 9, 10} {
		if n := out.At(i).ScopeLogs().At(0).LogRecords().Len(); want == 0 {
			assert.Less(t, n, 200)
		} else {
			assert.Equal(t, want, n)
		}
	}
}

// TestNothingRemains: a batch that is dropped whole is taken, and goes no
// further; nor does an empty one.
func TestNothingRemains(t *testing.T) {
	s := newTest(t, config(10), consumertest.NewErr(errors.New("called")))
	dropped := ""
	for i := 0; dropped == ""; i++ {
		s.table = newTable(1, 10)
		s.table.take(s.table.kindOf("hera", "x", attr.OutcomeSuccess), uint64(start.UnixNano())/s.settings.interval)
		if uid := fmt.Sprint(i); s.ConsumeLogs(t.Context(), logs(event{name: "x", uid: uid})) == nil {
			dropped = uid
		}
		require.Less(t, i, 100)
	}
	require.NoError(t, s.ConsumeLogs(t.Context(), plog.NewLogs()))
}

// TestRefusedBatches: what is refused and sent again, however often, makes no
// kind look frequent, and is not counted.
func TestRefusedBatches(t *testing.T) {
	tel := componenttest.NewTelemetry()
	refuses := &refusing{err: errors.New("down")}
	s := newTestWith(t, tel, config(100), refuses)
	for range 50 {
		require.ErrorIs(t, s.ConsumeLogs(t.Context(), logs(many("x", 90, 0, 10*time.Second)...)), refuses.err)
	}
	refuses.err = nil
	require.NoError(t, s.ConsumeLogs(t.Context(), logs(many("x", 90, 0, 10*time.Second)...)))
	assert.Equal(t, 90, sum(refuses.AllLogs()...).records["x"], "it was never above its rate")
	metadatatest.AssertEqualEventSamplerRecords(t, tel, []metricdata.DataPoint[int64]{point("hera", "below_target", 90)}, metricdatatest.IgnoreTimestamp())
}

// TestTelemetry: every record is counted once, by what became of it.
func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	var sink consumertest.LogsSink
	cfg := config(10)
	cfg.MaxKinds = 2
	s := newTestWith(t, tel, cfg, &sink)
	events := append(flood("x"), event{name: "x", uid: "f", outcome: attr.OutcomeFailure})
	events = append(events, event{name: "b", uid: "1"}, event{name: "c", uid: "2"}, event{name: "d", uid: "3"})
	for i := range 20 {
		source := fmt.Sprint("idp", i)
		events = append(events, event{name: "x", uid: "f", outcome: attr.OutcomeFailure, more: map[string]any{attr.Source: source}})
	}
	events = append(events, event{name: "x", outcome: attr.OutcomeFailure, more: map[string]any{attr.Source: "someone@example.com"}})
	require.NoError(t, s.ConsumeLogs(t.Context(), logs(events...)))
	got := sum(sink.AllLogs()...)
	total := int64(0)
	results := map[string]int64{}
	metric, err := tel.GetMetric("otelcol_event_sampler_records")
	require.NoError(t, err)
	points := metric.Data.(metricdata.Sum[int64]).DataPoints
	sources := map[string]bool{}
	for _, p := range points {
		source, _ := p.Attributes.Value(attr.Source)
		result, _ := p.Attributes.Value("result")
		sources[source.AsString()] = true
		results[result.AsString()] += p.Value
		total += p.Value
	}
	assert.Equal(t, int64(len(events)), total)
	assert.Equal(t, total-results["dropped"], int64(got.records["x"]+got.records["b"]+got.records["c"]+got.records["d"]))
	assert.Equal(t, int64(22), results["exempt"])
	assert.Equal(t, int64(13), results["below_target"])
	assert.Len(t, sources, maxSources+1)
	assert.NotContains(t, sources, "someone@example.com")
	metadatatest.AssertEqualEventSamplerOverflow(t, tel, []metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp())
}

func point(source, result string, n int64) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(attribute.String(attr.Source, source), attribute.String("result", result))}
}

// TestEmptiesGo: of scopes and resources of which nothing remains, nothing
// remains; the others are as they were.
func TestEmptiesGo(t *testing.T) {
	s := newTest(t, config(1), consumertest.NewNop())
	ld := logs(many("x", 4096, 0, time.Second)...)
	other := ld.ResourceLogs().AppendEmpty()
	other.Resource().Attributes().PutStr("a", "b")
	other.ScopeLogs().AppendEmpty()
	require.NoError(t, s.ConsumeLogs(t.Context(), ld))
	assert.Equal(t, 1, ld.ResourceLogs().Len())
	assert.True(t, s.Capabilities().MutatesData)
}

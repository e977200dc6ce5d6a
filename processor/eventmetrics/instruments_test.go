package eventmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadatatest"
)

// logged is one record of now.
func logged(event string, attributes map[string]any) plog.Logs {
	ld := plog.NewLogs()
	lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetEventName(event)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	if err := lr.Attributes().FromRaw(attributes); err != nil {
		panic(err)
	}
	lr.Attributes().PutStr(attr.Source, "hera")
	return ld
}

func assertMetric(t *testing.T, tel *componenttest.Telemetry, name, unit string, want metricdata.Aggregation) {
	t.Helper()
	got, err := tel.GetMetric(name)
	require.NoError(t, err)
	metricdatatest.AssertEqual(t, metricdata.Metrics{Name: name, Unit: unit, Data: want}, got, ignoreTime)
}

var source = attribute.String(attr.Source, "hera")

func TestCustomMetrics(t *testing.T) {
	tel := componenttest.NewTelemetry()
	p := started(t, tel, config(t, `
custom:
  resets: {unit: "{reset}", events: [reset], value: {attribute: n}}
  sizes: {type: histogram, unit: By, events: [reset], value: {attribute: n}, buckets: [1, 4]}
  people: {type: unique, events: [reset], windows: [1h, 24h]}`), consumertest.NewNop())
	for i, n := range []any{2, 0.5, 7} {
		require.NoError(t, p.ConsumeLogs(t.Context(), logged("reset", map[string]any{"n": n, attr.UserID: string(rune('a' + i%2))})))
	}
	hera := attribute.NewSet(source)
	for range 2 { // to be asked twice changes nothing
		assertMetric(t, tel, "resets", "{reset}", metricdata.Sum[float64]{
			Temporality: metricdata.CumulativeTemporality, IsMonotonic: true,
			DataPoints: []metricdata.DataPoint[float64]{{Value: 9.5, Attributes: hera}},
		})
		assertMetric(t, tel, "people", "{user}", metricdata.Gauge[int64]{DataPoints: []metricdata.DataPoint[int64]{
			{Value: 2, Attributes: attribute.NewSet(source, attribute.String(definition.WindowAttribute, "1h"))},
			{Value: 2, Attributes: attribute.NewSet(source, attribute.String(definition.WindowAttribute, "24h"))},
		}})
	}
	sizes, err := tel.GetMetric("sizes")
	require.NoError(t, err)
	assert.Equal(t, "By", sizes.Unit)
	points := sizes.Data.(metricdata.Histogram[float64]).DataPoints
	require.Len(t, points, 1)
	assert.Equal(t, []float64{1, 4}, points[0].Bounds)
	assert.Equal(t, []uint64{1, 1, 1}, points[0].BucketCounts)
}

func TestJourneys(t *testing.T) {
	tel := componenttest.NewTelemetry()
	p := started(t, tel, config(t, `
funnels:
  f: {steps: [{name: first, events: [a]}, {name: second, events: [b]}]}
pairs:
  quick: {begin: {events: [a]}, end: {events: [b]}, duration: quick.duration}
  slow: {begin: {events: [a]}, end: {events: [never]}, timeout: 1ms, abandoned: slow.abandoned}`), consumertest.NewNop())
	user := map[string]any{attr.UserID: "u"}
	for _, event := range []string{"a", "b", "a"} {
		require.NoError(t, p.ConsumeLogs(t.Context(), logged(event, user)))
	}
	step := func(name string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: 1, Attributes: attribute.NewSet(source,
			attribute.String(definition.FunnelAttribute, "f"), attribute.String(definition.StepAttribute, name))}
	}
	got, err := tel.GetMetric("auth.funnel.users")
	require.NoError(t, err)
	metricdatatest.AssertEqual(t, metricdata.Sum[int64]{
		Temporality: metricdata.CumulativeTemporality, IsMonotonic: true,
		DataPoints: []metricdata.DataPoint[int64]{step("first"), step("second")},
	}, got.Data.(metricdata.Sum[int64]), ignoreTime)

	duration, err := tel.GetMetric("quick.duration")
	require.NoError(t, err)
	assert.EqualValues(t, 1, duration.Data.(metricdata.Histogram[float64]).DataPoints[0].Count)

	// Nothing but being asked tells the engine how late it is.
	require.Eventually(t, func() bool {
		abandoned, err := tel.GetMetric("slow.abandoned")
		return err == nil && abandoned.Data.(metricdata.Sum[int64]).DataPoints[0].Value >= 1
	}, 10*time.Second, 2*time.Millisecond)
}

func TestDeclaredCombinationsAreZero(t *testing.T) {
	tel := componenttest.NewTelemetry()
	started(t, tel, config(t, `
declare: [{auth.source: hera, auth.domain: ciam, deployment.environment.name: production}]
custom: {consents: {unit: "{consent}", events: [consent], attributes: [{name: kind, allow: [new, again]}]}}`), consumertest.NewNop())
	zero := func(kind string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Attributes: attribute.NewSet(source, attribute.String(attr.Domain, "ciam"),
			attribute.String(attr.DeploymentEnvironmentName, "production"), attribute.String("kind", kind))}
	}
	assertMetric(t, tel, "consents", "{consent}", metricdata.Sum[int64]{
		Temporality: metricdata.CumulativeTemporality, IsMonotonic: true,
		DataPoints: []metricdata.DataPoint[int64]{zero("again"), zero("new")},
	})
}

func TestTelemetryOfTimes(t *testing.T) {
	tel := componenttest.NewTelemetry()
	p := started(t, tel, config(t, `
funnels: {f: {max_users: 1, window: 1h, steps: [{name: a, events: [a]}, {name: b, events: [b]}]}}`), consumertest.NewNop())
	send := func(user string, at time.Time) {
		ld := logged("a", map[string]any{attr.UserID: user})
		ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTimestamp(pcommon.NewTimestampFromTime(at))
		require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	}
	now := time.Now()
	send("first", now.AddDate(1, 0, 0))
	send("second", now) // there is room for one
	send("third", now.AddDate(-1, 0, 0))

	kind := attribute.NewSet(attribute.String("otelcol.component.kind", "processor"))
	one := []metricdata.DataPoint[int64]{{Value: 1, Attributes: kind}}
	metadatatest.AssertEqualEventMetricsEarlyEvents(t, tel, one, ignoreTime)
	metadatatest.AssertEqualEventMetricsEvictions(t, tel, one, ignoreTime)
	metadatatest.AssertEqualEventMetricsLateEvents(t, tel, one, ignoreTime)
}

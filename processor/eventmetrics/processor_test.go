package eventmetrics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/processor/eventmetrics/internal/metadatatest"
)

// authorize is a batch of pkce_authorize, one for each client.
func authorize(clients ...string) plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, client := range clients {
		lr := records.AppendEmpty()
		lr.SetEventName("pkce_authorize")
		lr.Attributes().PutStr(attr.Source, "hera")
		lr.Attributes().PutStr(attr.ClientID, client)
		lr.Attributes().PutBool(attr.PKCEUsed, true)
	}
	return ld
}

func completed(uid string, seconds ...float64) plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, s := range seconds {
		lr := records.AppendEmpty()
		lr.SetEventName("auth.pkce.completed")
		lr.Attributes().PutStr(attr.Source, "hera")
		lr.Attributes().PutDouble(attr.Duration, s)
		if uid != "" {
			lr.Attributes().PutStr(attr.LogRecordUID, uid)
		}
	}
	return ld
}

func started(t *testing.T, tel *componenttest.Telemetry, cfg *Config, next consumer.Logs) *eventMetrics {
	p := created(t, tel.NewTelemetrySettings(), cfg, next)
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() {
		require.NoError(t, p.Shutdown(context.Background()))
		require.NoError(t, tel.Shutdown(context.Background()))
	})
	return p
}

// created is the processor of a collector that has no other.
func created(t *testing.T, set component.TelemetrySettings, cfg *Config, next consumer.Logs) *eventMetrics {
	return createdBy(t, &counters{}, component.NewID(metadata.Type), set, cfg, next)
}

func settingsOf(set component.TelemetrySettings) processor.Settings {
	return processor.Settings{ID: component.NewID(metadata.Type), TelemetrySettings: set}
}

func createdBy(t *testing.T, c *counters, id component.ID, set component.TelemetrySettings, cfg *Config, next consumer.Logs) *eventMetrics {
	p, err := c.createLogs(t.Context(), processor.Settings{ID: id, TelemetrySettings: set}, cfg, next)
	require.NoError(t, err)
	return p.(*eventMetrics)
}

var ignoreTime = metricdatatest.IgnoreTimestamp()

func assertAuthorizations(t *testing.T, tel *componenttest.Telemetry, want ...metricdata.DataPoint[int64]) {
	t.Helper()
	const name = "auth.oauth.authorizations"
	got, err := tel.GetMetric(name)
	require.NoError(t, err)
	metrics := catalogue.Builtin().Metrics
	m := metrics[slices.IndexFunc(metrics, func(m definition.Metric) bool { return m.Name == name })]
	metricdatatest.AssertEqual(t, metricdata.Metrics{
		Name: name, Description: m.Description, Unit: m.Unit,
		Data: metricdata.Sum[int64]{Temporality: metricdata.CumulativeTemporality, IsMonotonic: true, DataPoints: want},
	}, got, ignoreTime)
}

func client(name string, value int64) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(
		attribute.String(attr.Source, "hera"), attribute.String(attr.ClientID, name), attribute.Bool(attr.PKCEUsed, true),
	)}
}

func TestCountsOnTheWayThrough(t *testing.T) {
	tel, next := componenttest.NewTelemetry(), &consumertest.LogsSink{}
	p := started(t, tel, defaultConfig(), next)
	assert.False(t, p.Capabilities().MutatesData)
	for range 2 {
		ld := authorize("a", "b", "a")
		ld.MarkReadOnly() // writing panics from here on
		require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	}
	require.Len(t, next.AllLogs(), 2)
	sent, err := (&plog.JSONMarshaler{}).MarshalLogs(authorize("a", "b", "a"))
	require.NoError(t, err)
	got, err := (&plog.JSONMarshaler{}).MarshalLogs(next.AllLogs()[0])
	require.NoError(t, err)
	assert.JSONEq(t, string(sent), string(got))
	for range 2 { // to be asked twice changes nothing
		assertAuthorizations(t, tel, client("a", 4), client("b", 2))
	}
}

func TestRefusedTwiceThenTaken(t *testing.T) {
	tel := componenttest.NewTelemetry()
	refused := errors.New("not now")
	calls := 0
	// A mutating consumer: what it leaves behind must not be what is counted.
	next, err := consumer.NewLogs(func(_ context.Context, ld plog.Logs) error {
		ld.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true })
		if calls++; calls <= 2 {
			return refused
		}
		return nil
	}, consumer.WithCapabilities(consumer.Capabilities{MutatesData: true}))
	require.NoError(t, err)
	p := started(t, tel, defaultConfig(), next)
	for range 2 {
		require.Equal(t, refused, p.ConsumeLogs(t.Context(), authorize("a")), "the error is the next consumer's own")
	}
	require.NoError(t, p.ConsumeLogs(t.Context(), authorize("a")))
	assertAuthorizations(t, tel, client("a", 1))
}

func TestHistogramIsRecordedOnce(t *testing.T) {
	tel := componenttest.NewTelemetry()
	next := &toggling{}
	p := started(t, tel, defaultConfig(), next)
	next.err = errors.New("not now")
	require.Error(t, p.ConsumeLogs(t.Context(), completed("1", 9)))
	next.err = nil
	require.NoError(t, p.ConsumeLogs(t.Context(), completed("1", 9)))
	require.NoError(t, p.ConsumeLogs(t.Context(), completed("1", 9)))
	require.NoError(t, p.ConsumeLogs(t.Context(), completed("", 3, 3.5)))

	got, err := tel.GetMetric("auth.pkce.duration")
	require.NoError(t, err)
	assert.Equal(t, "s", got.Unit)
	points := got.Data.(metricdata.Histogram[float64]).DataPoints
	require.Len(t, points, 1)
	assert.EqualValues(t, 3, points[0].Count)
	assert.Equal(t, 15.5, points[0].Sum)
	assert.Equal(t, definition.DefaultBounds(), points[0].Bounds)
	assert.Equal(t, attribute.NewSet(attribute.String(attr.Source, "hera")), points[0].Attributes)
}

type toggling struct {
	consumertest.LogsSink
	err error
}

func (n *toggling) ConsumeLogs(context.Context, plog.Logs) error { return n.err }

// The default bound leaves the SDK's own overflow out of it: totals are exact,
// whatever the events hold.
func TestSDKOverflowIsOutOfIt(t *testing.T) {
	tel := componenttest.NewTelemetry()
	p := started(t, tel, defaultConfig(), consumertest.NewNop())
	const combinations = 2500
	for i := range combinations {
		ld := authorize(fmt.Sprint("client-", i%150))
		ld.ResourceLogs().At(0).Resource().Attributes().PutStr(attr.DeploymentEnvironmentName, fmt.Sprint("env-", i/150))
		require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	}
	got, err := tel.GetMetric("auth.oauth.authorizations")
	require.NoError(t, err)
	points := got.Data.(metricdata.Sum[int64]).DataPoints
	assert.Greater(t, len(points), 1000)
	assert.LessOrEqual(t, len(points), defaultMaxSeries+1)
	var total int64
	for _, point := range points {
		total += point.Value
		assert.False(t, point.Attributes.HasValue("otel.metric.overflow"))
	}
	assert.EqualValues(t, combinations, total)
}

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	p := started(t, tel, config(t, `{max_series: 1}`), consumertest.NewNop())
	ld := completed("1", -1)
	completed("1", -1).ResourceLogs().MoveAndAppendTo(ld.ResourceLogs())
	authorize("someone@example.com").ResourceLogs().MoveAndAppendTo(ld.ResourceLogs())
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty() // no event
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))

	kind := attribute.String("otelcol.component.kind", "processor")
	point := func(value int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(append(attributes, kind)...)}
	}
	metadatatest.AssertEqualEventMetricsRecords(t, tel, []metricdata.DataPoint[int64]{
		point(2, attribute.String("result", "counted")),
		point(1, attribute.String("result", "duplicate")),
		point(1, attribute.String("result", "skipped")),
	}, ignoreTime)
	metadatatest.AssertEqualEventMetricsFoldedValues(t, tel, []metricdata.DataPoint[int64]{point(1)}, ignoreTime)
	metadatatest.AssertEqualEventMetricsInvalidDurations(t, tel, []metricdata.DataPoint[int64]{point(1)}, ignoreTime)
	metadatatest.AssertEqualEventMetricsOverflow(t, tel, []metricdata.DataPoint[int64]{point(1)}, ignoreTime)
}

// exported keeps what a reader pushed last.
type exported struct {
	sdkmetric.Exporter
	last *metricdata.ResourceMetrics
	err  error
}

func (*exported) Temporality(sdkmetric.InstrumentKind) metricdata.Temporality {
	return metricdata.CumulativeTemporality
}

func (*exported) Aggregation(kind sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(kind)
}

func (e *exported) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	e.last = &metricdata.ResourceMetrics{ScopeMetrics: slices.Clone(rm.ScopeMetrics)}
	return e.err
}

func (*exported) ForceFlush(context.Context) error { return nil }
func (*exported) Shutdown(context.Context) error   { return nil }

// A reader that exports once a minute sees the counts of the last seconds.
func TestShutdownExportsALastTime(t *testing.T) {
	for _, exportErr := range []error{nil, errors.New("endpoint away")} {
		exporter := &exported{err: exportErr}
		provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)))
		set := componenttest.NewNopTelemetrySettings()
		set.MeterProvider = provider
		p := created(t, set, defaultConfig(), consumertest.NewNop())
		require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()), "a second start does nothing")
		require.NoError(t, p.ConsumeLogs(t.Context(), authorize("a")))
		require.Nil(t, exporter.last)
		require.NoError(t, p.Shutdown(t.Context()))
		require.NotNil(t, exporter.last)
		var names []string
		for _, m := range exporter.last.ScopeMetrics[0].Metrics {
			names = append(names, m.Name)
		}
		assert.Subset(t, names, []string{"auth.events", "auth.oauth.authorizations"})
		require.NoError(t, p.Shutdown(t.Context()), "a second shutdown does nothing")
		_ = provider.Shutdown(t.Context())
	}
}

func TestShutdownTakesTheCountsBack(t *testing.T) {
	tel := componenttest.NewTelemetry()
	p := started(t, tel, defaultConfig(), consumertest.NewNop())
	require.NoError(t, p.ConsumeLogs(t.Context(), authorize("a")))
	require.NoError(t, p.Shutdown(t.Context()))
	_, err := tel.GetMetric("auth.events")
	assert.Error(t, err)
}

// refusing is a provider whose meters take no callback.
type refusing struct{ metric.MeterProvider }

func (p refusing) Meter(name string, options ...metric.MeterOption) metric.Meter {
	return refusingMeter{p.MeterProvider.Meter(name, options...)}
}

type refusingMeter struct{ metric.Meter }

var errCallback = errors.New("no callbacks here")

func (refusingMeter) RegisterCallback(metric.Callback, ...metric.Observable) (metric.Registration, error) {
	return nil, errCallback
}

func TestShutdownAfterAFailedStart(t *testing.T) {
	set := componenttest.NewNopTelemetrySettings()
	set.MeterProvider = refusing{set.MeterProvider}
	p := created(t, set, defaultConfig(), consumertest.NewNop())
	for range 2 {
		require.ErrorIs(t, p.Start(t.Context(), componenttest.NewNopHost()), errCallback)
	}
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestShutdownWithoutStart(t *testing.T) {
	p := created(t, componenttest.NewNopTelemetrySettings(), defaultConfig(), consumertest.NewNop())
	require.NoError(t, p.Shutdown(t.Context()))
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
	assert.Nil(t, p.counter.instruments.registration, "no start after the end")
}

package eventmetrics

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadatatest"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/counting"
)

// sink is a metrics consumer that refuses as told.
type sink struct {
	consumertest.MetricsSink

	mu     sync.Mutex
	err    error
	called int
}

func (s *sink) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.called++
	if s.err != nil {
		return s.err
	}
	return s.MetricsSink.ConsumeMetrics(ctx, md)
}

func (s *sink) refuse(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *sink) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.called
}

// last returns the newest point of auth.events, of which the tests have one.
func (s *sink) last(t *testing.T) pmetric.NumberDataPoint {
	all := s.AllMetrics()
	require.NotEmpty(t, all)
	m := all[len(all)-1].ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
	require.Equal(t, "auth.events", m.Name())
	require.Equal(t, 1, m.Sum().DataPoints().Len())
	return m.Sum().DataPoints().At(0)
}

func logs(uids ...string) plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, uid := range uids {
		lr := records.AppendEmpty()
		lr.SetEventName("captcha_displayed")
		lr.Attributes().PutStr(attr.Source, "hera")
		if uid != "" {
			lr.Attributes().PutStr(attr.LogRecordUID, uid)
		}
	}
	return ld
}

func settings(set component.TelemetrySettings) connector.Settings {
	return connector.Settings{ID: component.NewID(metadata.Type), TelemetrySettings: set}
}

func started(t *testing.T, next consumer.Metrics) *eventMetrics {
	c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), defaultConfig(), next)
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	return c
}

func TestFlushesAreCumulative(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &sink{}
		begin := time.Now()
		c := started(t, next)
		time.Sleep(20 * time.Second)
		assert.Empty(t, next.AllMetrics(), "nothing counted, nothing sent")

		for want := int64(3); want <= 6; want += 3 {
			require.NoError(t, c.ConsumeLogs(t.Context(), logs("", "", "")))
			time.Sleep(defaultInterval)
			synctest.Wait()
			p := next.last(t)
			assert.Equal(t, want, p.IntValue())
			assert.True(t, begin.Equal(p.StartTimestamp().AsTime()), "every point starts with the connector")
		}
		assert.True(t, begin.Add(45*time.Second).Equal(next.last(t).Timestamp().AsTime()), "points are of the flush")
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestRareEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		next := &sink{}
		c := started(t, next)
		for want := range int64(3) {
			require.NoError(t, c.ConsumeLogs(t.Context(), logs("")))
			time.Sleep(7 * time.Minute)
			synctest.Wait()
			assert.Equal(t, want+1, next.last(t).IntValue())
		}
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

func TestABatchThatComesAgainCountsOnce(t *testing.T) {
	next := &sink{}
	c := started(t, next)
	for range 3 {
		require.NoError(t, c.ConsumeLogs(t.Context(), logs("1", "2")))
	}
	require.NoError(t, c.Shutdown(t.Context()))
	assert.EqualValues(t, 2, next.last(t).IntValue())
}

func TestRefusedFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const content = "captcha_displayed of someone@example.com"
		tel := componenttest.NewTelemetry()
		defer func() { require.NoError(t, tel.Shutdown(context.Background())) }()
		core, logged := observer.New(zap.DebugLevel)
		set := tel.NewTelemetrySettings()
		set.Logger = zap.New(core)
		next := &sink{err: errors.New(content)}
		c, err := newConnector(settings(set), defaultConfig(), next)
		require.NoError(t, err)
		require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))

		require.NoError(t, c.ConsumeLogs(t.Context(), logs("")), "counting goes on")
		time.Sleep(3*defaultInterval + time.Second)
		require.Equal(t, 3, next.calls())
		require.Equal(t, 1, logged.Len(), "one outage, one line")
		assert.Equal(t, zap.WarnLevel, logged.All()[0].Level)
		assert.Equal(t, map[string]any{"pipeline": "metrics", "permanent": false}, logged.All()[0].ContextMap())

		next.refuse(nil)
		require.NoError(t, c.ConsumeLogs(t.Context(), logs("")))
		time.Sleep(defaultInterval)
		synctest.Wait()
		assert.EqualValues(t, 2, next.last(t).IntValue(), "nothing lost, nothing doubled")
		require.Equal(t, 2, logged.Len())

		next.refuse(consumererror.NewPermanent(errors.New(content)))
		time.Sleep(defaultInterval)
		synctest.Wait()
		require.Equal(t, 3, logged.Len(), "another outage, another line")
		assert.Equal(t, map[string]any{"pipeline": "metrics", "permanent": true}, logged.All()[2].ContextMap())
		err = c.Shutdown(t.Context())
		require.ErrorIs(t, err, errFlush)
		assert.NotContains(t, err.Error(), "captcha")
		for _, entry := range logged.All() {
			assert.NotContains(t, entry.Message, "captcha")
		}
		metadatatest.AssertEqualEventMetricsFlushFailures(t, tel,
			[]metricdata.DataPoint[int64]{{Value: 5, Attributes: attribute.NewSet(kindConnector)}}, metricdatatest.IgnoreTimestamp())
	})
}

var kindConnector = attribute.String("otelcol.component.kind", "connector")

func TestTelemetry(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(context.Background())) }()
	c, err := newConnector(settings(tel.NewTelemetrySettings()), &Config{Interval: time.Second, Counting: counting.Default(1)}, &sink{})
	require.NoError(t, err)
	ld := logs("1", "1", "2")
	records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	records.AppendEmpty() // no event
	ended := records.AppendEmpty()
	ended.SetEventName("auth.pkce.completed")
	ended.Attributes().PutStr(attr.Source, "hera")
	ended.Attributes().PutStr(attr.ClientID, "someone@example.com")
	ended.Attributes().PutDouble(attr.Duration, -1)
	require.NoError(t, c.ConsumeLogs(t.Context(), ld))

	ignore := metricdatatest.IgnoreTimestamp()
	point := func(value int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(append(attributes, kindConnector)...)}
	}
	metadatatest.AssertEqualEventMetricsRecords(t, tel, []metricdata.DataPoint[int64]{
		point(3, attribute.String("result", "counted")),
		point(1, attribute.String("result", "duplicate")),
		point(1, attribute.String("result", "skipped")),
	}, ignore)
	assert.Positive(t, counterOf(t, tel, "otelcol_event_metrics_folded_values"))
	assert.Positive(t, counterOf(t, tel, "otelcol_event_metrics_invalid_durations"))
	assert.Positive(t, counterOf(t, tel, "otelcol_event_metrics_overflow"))
	require.NoError(t, c.Shutdown(t.Context()))
}

// counterOf returns the only point of a counter of the connector's own.
func counterOf(t *testing.T, tel *componenttest.Telemetry, name string) int64 {
	t.Helper()
	m, err := tel.GetMetric(name)
	require.NoError(t, err)
	points := m.Data.(metricdata.Sum[int64]).DataPoints
	require.Len(t, points, 1)
	require.Equal(t, attribute.NewSet(kindConnector), points[0].Attributes)
	return points[0].Value
}

func TestTheBatchIsLeftAlone(t *testing.T) {
	c, err := newConnector(settings(componenttest.NewNopTelemetrySettings()), defaultConfig(), &sink{})
	require.NoError(t, err)
	assert.False(t, c.Capabilities().MutatesData)
	ld := logs("1", "")
	ld.MarkReadOnly() // writing panics from here on
	require.NoError(t, c.ConsumeLogs(t.Context(), ld))
	require.NoError(t, c.Shutdown(t.Context()))
}

// Two collectors differ in their resource, so a backend adds their sums up.
func TestResourceAndScope(t *testing.T) {
	for _, instance := range []string{"one", "two"} {
		set := componenttest.NewNopTelemetrySettings()
		set.Resource.Attributes().PutStr("service.name", "otelcol-auth")
		set.Resource.Attributes().PutStr("service.instance.id", instance)
		set.Resource.Attributes().PutStr("host.name", "a-host")
		next := &sink{}
		c, err := newConnector(settings(set), defaultConfig(), next)
		require.NoError(t, err)
		require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
		require.NoError(t, c.ConsumeLogs(t.Context(), logs("")))
		require.NoError(t, c.Shutdown(t.Context()))
		rm := next.AllMetrics()[0].ResourceMetrics().At(0)
		assert.Equal(t, map[string]any{"service.name": "otelcol-auth", "service.instance.id": instance}, rm.Resource().Attributes().AsRaw())
		assert.Equal(t, metadata.ScopeName, rm.ScopeMetrics().At(0).Scope().Name())
	}
}

package piiscrub

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadata"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadatatest"
)

func testConfig() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Keys = []KeyConfig{{ID: "k1", Secret: goodSecret}}
	return cfg
}

func batch(bodies ...string) plog.Logs {
	ld := plog.NewLogs()
	sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	sl.Scope().Attributes().PutStr(attr.PIIFields, `{"identity":["/user"]}`)
	for _, body := range bodies {
		sl.LogRecords().AppendEmpty().Body().SetStr(body)
	}
	return ld
}

func TestProcessor(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	sink := new(consumertest.LogsSink)
	set := metadatatest.NewSettings(tel)
	p, err := NewFactory().CreateLogs(t.Context(), set, testConfig(), sink)
	require.NoError(t, err)
	assert.True(t, p.Capabilities().MutatesData)
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))

	ld := batch(`{"user":"alice","ip":"192.0.2.44","password":"hunter2"}`, `alice logged in`)
	bad := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
	bad.Attributes().PutStr(attr.ParseError, "invalid_json")
	bad.Body().SetStr(`{"user":"alice"`)
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	stray := plog.NewLogs()
	stray.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("alice")
	require.NoError(t, p.ConsumeLogs(t.Context(), stray))
	require.NoError(t, p.Shutdown(t.Context()))

	require.Equal(t, 4, sink.LogRecordCount())
	for _, out := range sink.AllLogs() {
		text, err := (&plog.JSONMarshaler{}).MarshalLogs(out)
		require.NoError(t, err)
		for _, canary := range []string{"alice", "192.0.2.44", "hunter2", attr.PIIFields} {
			assert.NotContains(t, string(text), canary)
		}
	}

	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualPiiScrubRecords(t, tel, []metricdata.DataPoint[int64]{
		{Value: 4, Attributes: attribute.NewSet(attribute.String("result", "scrubbed"))},
	}, ignore)
	metadatatest.AssertEqualPiiScrubRedactedBodies(t, tel, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(attribute.String("reason", "not_json"))},
		{Value: 1, Attributes: attribute.NewSet(attribute.String("reason", "parse_error"))},
		{Value: 1, Attributes: attribute.NewSet(attribute.String("reason", "strict"))},
	}, ignore)
	value := func(kind, action, by string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: 1, Attributes: attribute.NewSet(
			attribute.String("kind", kind), attribute.String("action", action), attribute.String("found_by", by))}
	}
	metadatatest.AssertEqualPiiScrubValues(t, tel, []metricdata.DataPoint[int64]{
		value("identity", "pseudonym", "field"), value("ip", "truncate", "search"), value("secret", "redact", "field"),
	}, ignore)
}

func TestDroppedBatchGoesNoFurther(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	telemetry, err := newTelemetry(metadatatest.NewSettings(tel).TelemetrySettings)
	require.NoError(t, err)
	scrubber, err := testConfig().compile()
	require.NoError(t, err)

	p := &scrubProcessor{scrub: scrubber.Logs, telemetry: telemetry, logger: zap.NewNop()}
	_, err = p.processLogs(t.Context(), plog.NewLogs())
	require.NoError(t, err, "an empty batch is not a dropped one")

	telemetry.record(t.Context(), scrub.Stats{Records: 3, Dropped: 2})
	metadatatest.AssertEqualPiiScrubRecords(t, tel, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(attribute.String("result", "scrubbed"))},
		{Value: 2, Attributes: attribute.NewSet(attribute.String("result", "dropped"))},
	}, metricdatatest.IgnoreTimestamp())

	require.ErrorIs(t, verdict(scrub.Stats{Records: 2, Dropped: 2}), processorhelper.ErrSkipProcessingData)
	require.NoError(t, verdict(scrub.Stats{Records: 2, Dropped: 1}))
}

func TestPanicsAreLoggedOncePerOutage(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	set := processortest.NewNopSettings(metadata.Type)
	telemetry, err := newTelemetry(set.TelemetrySettings)
	require.NoError(t, err)
	bug := scrub.Stats{Records: 2, Dropped: 1, Panics: 1,
		FirstPanic: &scrub.Panic{Type: "runtime.boundsError", Stack: []string{"scrub.(*walker).text:12"}}}
	fine := scrub.Stats{Records: 2}
	var next scrub.Stats
	p := &scrubProcessor{
		scrub:     func(plog.Logs) scrub.Stats { return next },
		telemetry: telemetry,
		logger:    zap.New(core),
	}
	for _, step := range []struct {
		stats scrub.Stats
		lines int
	}{{fine, 0}, {bug, 1}, {bug, 1}, {fine, 1}, {fine, 1}, {bug, 2}} {
		next = step.stats
		_, err := p.processLogs(t.Context(), batch("a", "b"))
		require.NoError(t, err)
		require.Equal(t, step.lines, logs.Len())
	}
	line := logs.All()[0]
	assert.Equal(t, zapcore.ErrorLevel, line.Level)
	assert.Equal(t, map[string]any{
		"panics": int64(1), "dropped": int64(1),
		"panic_type": "runtime.boundsError", "panic_stack": []any{"scrub.(*walker).text:12"},
	}, line.ContextMap())
}

// Two processors of different contexts get the same batch: their outputs must
// not be joinable.
func TestContextsAreApart(t *testing.T) {
	outputs := map[string]bool{}
	for _, name := range []string{"analytics", "audit"} {
		cfg := testConfig()
		cfg.Context = name
		sink := new(consumertest.LogsSink)
		p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, sink)
		require.NoError(t, err)
		require.NoError(t, p.ConsumeLogs(t.Context(), batch(`{"user":"alice"}`)))
		require.NoError(t, p.Shutdown(t.Context()))
		outputs[sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()] = true
	}
	assert.Len(t, outputs, 2)
}

func TestBadConfigBuildsNothing(t *testing.T) {
	_, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), createDefaultConfig(), consumertest.NewNop())
	require.ErrorContains(t, err, "keys:")
}

func BenchmarkProcessor(b *testing.B) {
	var p processor.Logs
	p, err := NewFactory().CreateLogs(b.Context(), processortest.NewNopSettings(metadata.Type), testConfig(), consumertest.NewNop())
	require.NoError(b, err)
	for _, records := range []int{1, 100} {
		b.Run(fmt.Sprint(records), func(b *testing.B) {
			bodies := make([]string, records)
			for i := range bodies {
				bodies[i] = fmt.Sprintf(`{"user":"user-%d","ip":"192.0.2.%d","event":"mfa_challenge_failed"}`, i, i)
			}
			b.ReportAllocs()
			b.SetBytes(int64(records * len(bodies[0])))
			for b.Loop() {
				if err := p.ConsumeLogs(b.Context(), batch(bodies...)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package piiscrub

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub/internal/metadata"
)

func testConfig() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Keys = []KeyConfig{{ID: "k1", Secret: goodSecret}}
	return cfg
}

// settings are those of a processor whose log a test reads.
func settings(level zapcore.Level) (processor.Settings, *observer.ObservedLogs) {
	core, log := observer.New(level)
	set := processortest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	return set, log
}

// begin starts a processor, and ends it with the test.
func begin(t testing.TB, p component.Component) {
	t.Helper()
	require.NoError(t, p.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, p.Shutdown(t.Context())) })
}

func newLogs(t testing.TB, cfg *Config, sink *consumertest.LogsSink) processor.Logs {
	t.Helper()
	p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	begin(t, p)
	return p
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

func bodyOf(ld plog.Logs) string {
	return ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()
}

// personal is what the tests of all three signals plant.
var personal = []string{"alice", "192.0.2.44", "hunter2"}

func assertClean(t *testing.T, marshalled []byte, err error) {
	t.Helper()
	require.NoError(t, err)
	for _, canary := range personal {
		assert.NotContains(t, string(marshalled), canary)
	}
}

func TestLogs(t *testing.T) {
	sink := new(consumertest.LogsSink)
	p := newLogs(t, testConfig(), sink)
	assert.True(t, p.Capabilities().MutatesData)
	require.NoError(t, p.ConsumeLogs(t.Context(), batch(`{"user":"alice","ip":"192.0.2.44","password":"hunter2"}`)))
	require.Equal(t, 1, sink.LogRecordCount())
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(sink.AllLogs()[0])
	assertClean(t, text, err)
	assert.Contains(t, bodyOf(sink.AllLogs()[0]), "identity_k1_")
}

func TestTraces(t *testing.T) {
	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetName("GET from 192.0.2.44")
	span.Attributes().PutStr(attr.UserID, "alice")
	span.Attributes().PutStr("password", "hunter2")
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(t.Context(), processortest.NewNopSettings(metadata.Type), testConfig(), sink)
	require.NoError(t, err)
	assert.True(t, p.Capabilities().MutatesData)
	begin(t, p)
	require.NoError(t, p.ConsumeTraces(t.Context(), td))
	require.Equal(t, 1, sink.SpanCount())
	text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(sink.AllTraces()[0])
	assertClean(t, text, err)
	assert.Contains(t, string(text), "identity_k1_")
}

func TestMetrics(t *testing.T) {
	md := pmetric.NewMetrics()
	metric := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("logins")
	point := metric.SetEmptySum().DataPoints().AppendEmpty()
	point.Attributes().PutStr(attr.UserID, "alice")
	point.Attributes().PutStr(attr.ClientAddress, "192.0.2.44")
	point.Attributes().PutStr("password", "hunter2")
	sink := new(consumertest.MetricsSink)
	p, err := NewFactory().CreateMetrics(t.Context(), processortest.NewNopSettings(metadata.Type), testConfig(), sink)
	require.NoError(t, err)
	assert.True(t, p.Capabilities().MutatesData)
	begin(t, p)
	require.NoError(t, p.ConsumeMetrics(t.Context(), md))
	require.Equal(t, 1, sink.DataPointCount())
	text, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(sink.AllMetrics()[0])
	assertClean(t, text, err)
	assert.Contains(t, string(text), "identity_k1_")
}

// TestAuditChangesNothing: it may be given what other pipelines read as well.
func TestAuditChangesNothing(t *testing.T) {
	cfg := testConfig()
	cfg.Mode = modeAudit
	sink := new(consumertest.LogsSink)
	p := newLogs(t, cfg, sink)
	assert.False(t, p.Capabilities().MutatesData)

	ld := batch(`{"user":"alice","ip":"192.0.2.44","password":"hunter2"}`, `alice logged in`)
	want := plog.NewLogs()
	ld.CopyTo(want)
	ld.MarkReadOnly() // a change would panic
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	assert.Equal(t, want, copyOf(sink.AllLogs()[0]))
}

func copyOf(ld plog.Logs) plog.Logs {
	c := plog.NewLogs()
	ld.CopyTo(c)
	return c
}

func TestBatchOfWhichNothingIsLeftGoesNoFurther(t *testing.T) {
	p, err := newProcessor(processortest.NewNopSettings(metadata.Type), testConfig())
	require.NoError(t, err)
	require.ErrorIs(t, p.account(t.Context(), scrub.Stats{Records: 2, Dropped: 2}), processorhelper.ErrSkipProcessingData)
	require.NoError(t, p.account(t.Context(), scrub.Stats{Records: 2, Dropped: 1}))
	require.NoError(t, p.account(t.Context(), scrub.Stats{Records: 2, Redacted: 2}))
	require.NoError(t, p.account(t.Context(), scrub.Stats{}), "an empty batch is not a dropped one")
}

// TestContextsAreApart: two processors of different contexts get the same
// batch, and their outputs can't be joined.
func TestContextsAreApart(t *testing.T) {
	outputs := map[string]bool{}
	for _, name := range []string{"analytics", "audit"} {
		cfg := testConfig()
		cfg.Context = name
		sink := new(consumertest.LogsSink)
		require.NoError(t, newLogs(t, cfg, sink).ConsumeLogs(t.Context(), batch(`{"user":"alice"}`)))
		outputs[bodyOf(sink.AllLogs()[0])] = true
	}
	assert.Len(t, outputs, 2)
}

func TestBadConfigBuildsNothing(t *testing.T) {
	set, cfg := processortest.NewNopSettings(metadata.Type), createDefaultConfig()
	_, err := NewFactory().CreateLogs(t.Context(), set, cfg, consumertest.NewNop())
	require.ErrorContains(t, err, "keys:")
	_, err = NewFactory().CreateTraces(t.Context(), set, cfg, consumertest.NewNop())
	require.ErrorContains(t, err, "keys:")
	_, err = NewFactory().CreateMetrics(t.Context(), set, cfg, consumertest.NewNop())
	require.ErrorContains(t, err, "keys:")
}

func TestAnnounces(t *testing.T) {
	set, log := settings(zapcore.DebugLevel)
	cfg := testConfig()
	cfg.Keys = append(cfg.Keys, KeyConfig{ID: "k0", Secret: goodSecret + "0"})
	p, err := NewFactory().CreateLogs(t.Context(), set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	assert.Zero(t, log.Len(), "a check of the config says nothing")
	begin(t, p)
	lines := log.TakeAll()
	require.Len(t, lines, 1)
	fields := lines[0].ContextMap()
	assert.Equal(t, zapcore.InfoLevel, lines[0].Level)
	assert.Regexp(t, "^[0-9a-f]{16}$", fields["policy"])
	delete(fields, "policy")
	assert.Equal(t, map[string]any{"preset": "analytics", "mode": "enforce", "key_ids": []any{"k1", "k0"}}, fields)
}

func TestAnnouncesWhatShouldNotLast(t *testing.T) {
	set, log := settings(zapcore.WarnLevel)
	cfg := testConfig()
	cfg.Mode = modeAudit
	cfg.Keys = append(cfg.Keys, KeyConfig{ID: "k0", Secret: goodSecret + "0", DestroyAfter: "2020-01-31"})
	p, err := NewFactory().CreateLogs(t.Context(), set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	begin(t, p)
	lines := log.TakeAll()
	require.Len(t, lines, 2)
	assert.Equal(t, "Nothing is scrubbed: mode is audit, which counts and changes nothing. Set mode: enforce to scrub", lines[0].Message)
	assert.Contains(t, lines[1].Message, "keys[1]: destroy_after")
	assert.NotContains(t, fmt.Sprint(lines), goodSecret)
}

func TestPanicsAreLoggedOncePerOutage(t *testing.T) {
	set, log := settings(zapcore.DebugLevel)
	p, err := newProcessor(set, testConfig())
	require.NoError(t, err)
	bug := scrub.Stats{Records: 2, Dropped: 1, Panics: 1,
		FirstPanic: &scrub.Panic{Type: "runtime.boundsError", Stack: []string{"scrub.(*walker).text:12"}}}
	fine := scrub.Stats{Records: 2}
	for _, step := range []struct {
		stats scrub.Stats
		lines int
	}{{fine, 0}, {bug, 1}, {bug, 1}, {fine, 1}, {fine, 1}, {bug, 2}} {
		require.NoError(t, p.account(t.Context(), step.stats))
		require.Equal(t, step.lines, log.Len())
	}
	line := log.All()[0]
	assert.Equal(t, zapcore.ErrorLevel, line.Level)
	assert.Equal(t, map[string]any{
		"panics": int64(1), "dropped": int64(1), "redacted": int64(0),
		"panic_type": "runtime.boundsError", "panic_stack": []any{"scrub.(*walker).text:12"},
	}, line.ContextMap())
}

func TestShutdownTwiceAndWithoutStart(t *testing.T) {
	p, err := NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), testConfig(), consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
	require.NoError(t, p.Shutdown(t.Context()))
}

func TestShutdownWaitsForTheWatcher(t *testing.T) {
	p, err := newProcessor(processortest.NewNopSettings(metadata.Type), testConfig())
	require.NoError(t, err)
	var ended atomic.Bool
	p.watching.Go(func() {
		<-p.stop
		runtime.Gosched()
		ended.Store(true)
	})
	require.NoError(t, p.shutdown(t.Context()))
	assert.True(t, ended.Load())
}

func BenchmarkProcessor(b *testing.B) {
	p, err := NewFactory().CreateLogs(b.Context(), processortest.NewNopSettings(metadata.Type), testConfig(), consumertest.NewNop())
	require.NoError(b, err)
	begin(b, p)
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

// TestLogsUnlistedNames: an operator learns which fields to list, and no person's name.
func TestLogsUnlistedNames(t *testing.T) {
	set, log := settings(zapcore.DebugLevel)
	p, err := NewFactory().CreateLogs(t.Context(), set, testConfig(), consumertest.NewNop())
	require.NoError(t, err)
	begin(t, p)
	for range 2 {
		for _, user := range []string{"alice", "bob", "carol", "dave"} {
			ld := batch(`{"risk_score":7,"` + user + `":1,"` + user + `@example.com":1}`)
			record := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
			record.Attributes().PutStr(attr.UserID, user)
			require.NoError(t, p.ConsumeLogs(t.Context(), ld))
		}
	}
	told := log.FilterField(zap.Strings("names", []string{"risk_score"}))
	assert.Equal(t, 1, told.Len())
	for _, entry := range log.All() {
		text := fmt.Sprint(entry.Message, entry.ContextMap())
		for _, user := range []string{"alice", "bob", "carol", "dave"} {
			assert.NotContains(t, text, user)
		}
	}
}

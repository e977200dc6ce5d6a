package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/ingest/internal/metadatatest"
	"github.com/authevents/otelcol-auth/internal/tail"
)

const hera = `{"type":"audit","event":"pkce_failed","client_id":"app","ts":"2026-05-20T10:00:00.000Z"}`

// running is an input, and what a test sees of it.
type running struct {
	*Input
	telemetry *componenttest.Telemetry
	logs      *observer.ObservedLogs
}

func newRunning(t *testing.T, next consumer.Logs) *running {
	t.Helper()
	cfg := DefaultConfig()
	p, err := cfg.Compile("scope", "1")
	require.NoError(t, err)
	tel := componenttest.NewTelemetry()
	core, logs := observer.New(zap.InfoLevel)
	set := receivertest.NewNopSettings(component.MustNewType("test"))
	set.TelemetrySettings = tel.NewTelemetrySettings()
	set.Logger = zap.New(core)
	in, err := NewInput("file", p, DefaultRetryConfig(), set, next)
	require.NoError(t, err)
	return &running{in, tel, logs}
}

// linesOf numbers the lines' offsets as a file does.
func linesOf(texts ...string) *tail.Lines {
	l := &tail.Lines{Origin: tail.Origin{ID: 7, Name: "f", Path: "/d/f"}}
	for _, text := range texts {
		l.Lines = append(l.Lines, tail.Line{Text: []byte(text), Offset: l.Bytes})
		l.Bytes += int64(len(text)) + 1
	}
	return l
}

func recordsOf(sink *consumertest.LogsSink) []plog.LogRecord {
	var records []plog.LogRecord
	for _, ld := range sink.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					records = append(records, lr)
				}
			}
		}
	}
	return records
}

// A line that a CRI log holds in three parts, over two calls, is one record,
// whose uid says where its first part stands.
func TestOpenJoinsParts(t *testing.T) {
	var sink consumertest.LogsSink
	in := newRunning(t, &sink)
	handle := in.Open(tail.Origin{ID: 7})
	at := func(tag, text string) string { return "2026-05-20T10:00:00.1Z stdout " + tag + " " + text }
	first := linesOf(at("F", hera), at("P", hera[:20]), at("P", hera[20:30]))
	require.NoError(t, handle(t.Context(), first))
	require.Len(t, recordsOf(&sink), 1)

	second := linesOf(at("F", hera[30:]))
	second.Lines[0].Offset = first.Bytes
	require.NoError(t, handle(t.Context(), second))
	records := recordsOf(&sink)
	require.Len(t, records, 2)
	assert.Equal(t, hera, records[1].Body().Str())
	uid, _ := records[1].Attributes().Get(attr.LogRecordUID)
	assert.Equal(t, fmt.Sprintf("%016x%016x", 7, first.Lines[1].Offset), uid.Str())
}

// What is kept at the end of an input is not lost.
func TestOpenFlushesAtTheEnd(t *testing.T) {
	var sink consumertest.LogsSink
	in := newRunning(t, &sink)
	handle := in.Open(tail.Origin{})
	require.NoError(t, handle(t.Context(), linesOf("2026-05-20T10:00:00.1Z stdout P "+hera)))
	require.Empty(t, recordsOf(&sink))
	require.NoError(t, handle(t.Context(), &tail.Lines{End: true}))
	records := recordsOf(&sink)
	require.Len(t, records, 1)
	assert.Equal(t, hera, records[0].Body().Str())
}

// The records of an envelope are built again when they are sent again.
func TestOpenRebuildsEnvelopes(t *testing.T) {
	envelope := `{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"1","timestamp":1,"message":` +
		fmt.Sprintf("%q", hera) + `},{"id":"2","timestamp":2,"message":"plain"}]}`
	var sink consumertest.LogsSink
	attempts := 0
	next, err := consumer.NewLogs(func(ctx context.Context, ld plog.Logs) error {
		if attempts++; attempts == 1 {
			ld.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true })
			return errors.New("later")
		}
		return sink.ConsumeLogs(ctx, ld)
	})
	require.NoError(t, err)
	in := newRunning(t, next)
	in.retry = RetryConfig{InitialInterval: 1, MaxInterval: 1}
	require.NoError(t, in.Open(tail.Origin{})(t.Context(), linesOf(envelope)))
	records := recordsOf(&sink)
	require.Len(t, records, 2)
	assert.Equal(t, hera, records[0].Body().Str())
	assert.Equal(t, "plain", records[1].Body().Str())
	metadatatest.AssertEqualAuthEventsRetries(t, in.telemetry, []metricdata.DataPoint[int64]{
		{Value: 1, Attributes: attribute.NewSet(attribute.String("input", "file"))},
	}, metricdatatest.IgnoreTimestamp())
}

func TestOffer(t *testing.T) {
	answer := error(nil)
	var sink consumertest.LogsSink
	next, err := consumer.NewLogs(func(ctx context.Context, ld plog.Logs) error {
		if answer != nil {
			return answer
		}
		return sink.ConsumeLogs(ctx, ld)
	})
	require.NoError(t, err)
	in := newRunning(t, next)
	lines := func() *tail.Lines { return linesOf(hera, "", "plain", "{}", hera, "text") }

	summary, err := in.Offer(t.Context(), lines(), 1000, nil)
	require.NoError(t, err)
	assert.Equal(t, Summary{Accepted: 2, Rejected: 3, Reasons: map[string]int{"not_json": 2, "no_event": 1}}, summary)
	assert.Len(t, recordsOf(&sink), 5)

	for cause, want := range map[error]error{
		errors.New("later"): ErrUnavailable,
		consumererror.NewPermanent(errors.New("no use")): ErrRefused,
	} {
		answer = cause
		summary, err := in.Offer(t.Context(), lines(), 1000, nil)
		assert.ErrorIs(t, err, want)
		assert.Equal(t, Summary{}, summary)
	}
	point := func(n int64, attributes ...attribute.KeyValue) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(append(attributes, attribute.String("input", "file"))...)}
	}
	metadatatest.AssertEqualAuthEventsLines(t, in.telemetry, []metricdata.DataPoint[int64]{
		point(2, attribute.String("result", "event"), attribute.String("source", "hera")),
		point(1, attribute.String("result", "skipped"), attribute.String("reason", "blank")),
		point(2, attribute.String("result", "unparsed"), attribute.String("reason", "not_json")),
		point(1, attribute.String("result", "unknown"), attribute.String("reason", "no_event")),
	}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualAuthEventsRefused(t, in.telemetry, []metricdata.DataPoint[int64]{point(5)}, metricdatatest.IgnoreTimestamp())
}

func TestDriftIsCountedAndSaidOnce(t *testing.T) {
	in := newRunning(t, consumertest.NewNop())
	handle := in.Open(tail.Origin{})
	event := func(name string) string {
		quoted, err := json.Marshal(name)
		require.NoError(t, err)
		return fmt.Sprintf(`{"type":"audit","event":%s}`, quoted)
	}
	for range 3 {
		require.NoError(t, handle(t.Context(), linesOf(
			event("brand_new"), event("brand_new"), event("\u202eevil\x1b[31m"), event("mail alice@example.com"),
			event("user 4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11"), event(strings.Repeat("x", 100)), `{"some":"object"}`,
		)))
	}
	point := func(n int64, kind, source string) metricdata.DataPoint[int64] {
		attributes := []attribute.KeyValue{attribute.String("input", "file"), attribute.String("kind", kind)}
		if source != "" {
			attributes = append(attributes, attribute.String("source", source))
		}
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(attributes...)}
	}
	metadatatest.AssertEqualAuthEventsDrift(t, in.telemetry, []metricdata.DataPoint[int64]{
		point(18, "unknown_event", "hera"), point(3, "unknown_source", ""),
	}, metricdatatest.IgnoreTimestamp())

	var names []string
	for _, entry := range in.logs.All() {
		names = append(names, entry.ContextMap()["name"].(string))
	}
	assert.Equal(t, []string{
		"brand_new", `\u202eevil\x1b[31m`, withheld, strings.Repeat("x", 64) + `\u2026`, "",
	}, names)
}

func TestDriftLogIsBounded(t *testing.T) {
	in := newRunning(t, consumertest.NewNop())
	handle := in.Open(tail.Origin{})
	for i := range maxDriftNames + 10 {
		require.NoError(t, handle(t.Context(), linesOf(fmt.Sprintf(`{"type":"audit","event":"new_%d"}`, i))))
	}
	assert.Equal(t, maxDriftNames+1, in.logs.Len())
}

func TestConfigErrors(t *testing.T) {
	cfg := Config{Source: "nobody", Wrapper: "paper", Body: "html", Unparsed: "burn", MaxLineSize: 5, Profiles: map[string]any{"mine": 5}}
	_, err := cfg.Compile("", "")
	for _, want := range []string{"source", "wrapper", `body: unknown form "html"`, `unparsed: unknown value "burn"`, "max_line_size: must be at least 1024 bytes (got 5)", "profiles.mine"} {
		assert.ErrorContains(t, err, want)
	}
}

// OTLP takes no string that is no UTF-8, and refuses the batch that has one.
func TestNameThatIsNoUTF8(t *testing.T) {
	sink := &consumertest.LogsSink{}
	l := linesOf(hera, "no event")
	l.Origin.Name, l.Origin.Path = "\xff\xfe.log", "/d\xe9/\xff\xfe.log"
	require.NoError(t, newRunning(t, sink).Open(l.Origin)(t.Context(), l))
	records := recordsOf(sink)
	require.Len(t, records, 2)
	for _, r := range records {
		name, _ := r.Attributes().Get(attr.LogFileName)
		path, _ := r.Attributes().Get(attr.LogFilePath)
		assert.Equal(t, "\ufffd.log", name.Str())
		assert.Equal(t, "/d\ufffd/\ufffd.log", path.Str())
	}
}

package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// TestRedactedSpan keeps what a trace is drawn from.
func TestRedactedSpan(t *testing.T) {
	policy := testPolicy()
	policy.OnError = RedactRecord
	s := newTest(t, policy)
	s.names = broken()
	var span ptrace.Span
	b := tracesBatch(func(_ ptrace.ResourceSpans, ss ptrace.ScopeSpans, bad ptrace.Span) {
		bad.SetName("canary")
		bad.SetParentSpanID(pcommon.SpanID{3})
		bad.SetKind(ptrace.SpanKindServer)
		bad.SetStartTimestamp(1)
		bad.SetEndTimestamp(2)
		bad.Status().SetCode(ptrace.StatusCodeError)
		bad.Status().SetMessage("canary")
		bad.TraceState().FromRaw("v=canary")
		bad.Attributes().PutStr(attr.UserID, "canary")
		bad.Events().AppendEmpty().SetName("canary")
		bad.Links().AppendEmpty().TraceState().FromRaw("v=canary")
		bad.CopyTo(ss.Spans().AppendEmpty())
		good := ss.Spans().At(1)
		good.SetName("good")
		removeAll(good.Attributes())
		span = bad
	})
	stats := b.scrub(s)
	assert.Equal(t, [4]int{2, 0, 1, 1}, [4]int{stats.Records, stats.Dropped, stats.Redacted, stats.Panics})
	assert.Equal(t, 1, stats.DroppedBy[Panicked])
	assert.Equal(t, Redacted, span.Name())
	assert.Equal(t, pcommon.TraceID{1}, span.TraceID())
	assert.Equal(t, pcommon.SpanID{3}, span.ParentSpanID())
	assert.Equal(t, [2]pcommon.Timestamp{1, 2}, [2]pcommon.Timestamp{span.StartTimestamp(), span.EndTimestamp()})
	assert.Equal(t, ptrace.SpanKindServer, span.Kind())
	assert.Equal(t, ptrace.StatusCodeError, span.Status().Code())
	empty := span.Attributes().Len() + span.Events().Len() + span.Links().Len() + len(span.Status().Message()) + len(span.TraceState().AsRaw())
	assert.Zero(t, empty)
	assert.Contains(t, b.json(t), `"name":"good"`)
}

// What others write by the semantic conventions is known by its name: no search
// finds a person in a message.
func TestAttributesOfOthers(t *testing.T) {
	td := ptrace.NewTraces()
	span := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.Attributes().PutStr("url.full", "https://login.example.com/people/canary?next=canary")
	span.Attributes().PutStr("http.target", "/people/12345678?next=canary")
	event := span.Events().AppendEmpty().Attributes()
	event.PutStr("exception.type", "NotFound")
	event.PutStr("exception.message", "no account for Canary")
	event.PutStr("exception.stacktrace", "NotFound: no account for Canary")
	newTest(t, testPolicy()).Traces(td)
	assert.Equal(t, map[string]any{"url.full": "https://login.example.com", "http.target": "/people/{id}"}, span.Attributes().AsRaw())
	assert.Equal(t, map[string]any{"exception.type": "NotFound"}, span.Events().At(0).Attributes().AsRaw())
}

// BenchmarkTraces is a span of a sign-in with an event, per span.
func BenchmarkTraces(b *testing.B) {
	source := tracesBatch(func(rs ptrace.ResourceSpans, _ ptrace.ScopeSpans, span ptrace.Span) {
		rs.Resource().Attributes().PutStr(attr.ServiceName, "identity-idp")
		span.SetName("POST /login")
		attrs := span.Attributes()
		attrs.PutStr(attr.HTTPRequestMethod, "POST")
		attrs.PutStr(attr.URLPath, "/users/42/sessions")
		attrs.PutStr(attr.ClientAddress, "192.0.2.44")
		attrs.PutStr(attr.UserID, "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31")
		attrs.PutInt(attr.HTTPResponseStatusCode, 302)
		attrs.PutStr("net.protocol.version", "1.1")
		event := span.Events().AppendEmpty()
		event.SetName("exception")
		event.Attributes().PutStr("exception.message", "alice@example.com is not known")
	})
	raw := []byte(source.proto(b))
	s := newTest(b, testPolicy())
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		b.StopTimer()
		td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		s.Traces(td)
	}
}

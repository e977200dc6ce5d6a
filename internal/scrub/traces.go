package scrub

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Traces scrubs td in place and says what it did, as Logs does: a span is a
// record, and rules see its name as the event's. Its events and links are
// parts of it. The ids of traces and spans stay: they are what a trace is.
//
// A span has no body, so that auth.pii.fields, which is of bodies, isn't asked
// for: an attribute that nobody lists is treated as the policy's unlisted says.
func (s *Scrubber) Traces(td ptrace.Traces) Stats {
	if s.policy.Audit {
		copied := ptrace.NewTraces()
		td.CopyTo(copied)
		td = copied
	}
	w := s.walk(td.SpanCount())
	w.bodiless = true
	td.ResourceSpans().RemoveIf(func(rs ptrace.ResourceSpans) bool { return !w.resourceSpans(rs) })
	return s.done(w)
}

func (w *walker) resourceSpans(rs ptrace.ResourceSpans) (keep bool) {
	if !w.resource(rs.Resource(), rs) {
		for _, ss := range rs.ScopeSpans().All() {
			w.lose(ss.Spans().Len())
		}
		return false
	}
	scopes := rs.ScopeSpans().Len()
	rs.ScopeSpans().RemoveIf(func(ss ptrace.ScopeSpans) bool { return !w.scopeSpans(ss) })
	return scopes == 0 || rs.ScopeSpans().Len() > 0
}

func (w *walker) scopeSpans(ss ptrace.ScopeSpans) (keep bool) {
	spans := ss.Spans().Len()
	if !w.instrumentation(ss.Scope(), ss) {
		w.lose(spans)
		return false
	}
	w.stats.Records += spans
	ss.Spans().RemoveIf(func(span ptrace.Span) bool { return !w.span(span) })
	return spans == 0 || ss.Spans().Len() > 0
}

// span scrubs a span and says whether it may pass on.
func (w *walker) span(span ptrace.Span) (keep bool) {
	keep = w.scrubbed(span.Name(), span.Attributes(),
		func() { w.spanIDs(span) }, func() { w.walkSpan(span) }, func() { redactSpan(span) })
	if keep {
		w.annotate(span.Attributes())
	}
	return keep
}

// spanIDs collects the span's own ids, those in its events and links too.
func (w *walker) spanIDs(span ptrace.Span) {
	w.identities(span.Attributes())
	for _, event := range span.Events().All() {
		w.addIDs(event.Attributes())
	}
	for _, link := range span.Links().All() {
		w.addIDs(link.Attributes())
	}
}

func (w *walker) walkSpan(span ptrace.Span) {
	w.place = InAttribute
	w.attributes(span.Attributes())
	for _, event := range span.Events().All() {
		w.attributes(event.Attributes())
	}
	for _, link := range span.Links().All() {
		w.attributes(link.Attributes())
	}
	w.place = InName
	if name, changed := w.scrubName(span.Name()); changed {
		span.SetName(name)
	}
	for _, event := range span.Events().All() {
		if name, changed := w.scrubName(event.Name()); changed {
			event.SetName(name)
		}
	}
	if message, changed := w.scrubText(span.Status().Message()); changed {
		span.Status().SetMessage(message)
	}
	w.traceState(span.TraceState())
	for _, link := range span.Links().All() {
		w.traceState(link.TraceState())
	}
}

// traceState searches what vendors carry along with a trace: each writes into
// it what it pleases.
func (w *walker) traceState(state pcommon.TraceState) {
	if text, changed := w.scrubText(state.AsRaw()); changed {
		state.FromRaw(text)
	}
}

// redactSpan leaves of a span its times, its place in the trace, its kind and
// the code of its status.
func redactSpan(span ptrace.Span) {
	span.SetName(Redacted)
	removeAll(span.Attributes())
	span.Events().RemoveIf(func(ptrace.SpanEvent) bool { return true })
	span.Links().RemoveIf(func(ptrace.SpanLink) bool { return true })
	span.Status().SetMessage("")
	span.TraceState().FromRaw("")
}

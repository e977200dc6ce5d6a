package scrub

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"
)

// batch is one span or one metric with a data point, in the place where a value
// is put, as a test sees it.
type batch struct {
	scrub   func(*Scrubber) Stats
	json    func(testing.TB) string
	proto   func(testing.TB) string
	records func() int
	// own are the attributes of the span or the data point.
	own pcommon.Map
	// scope is that of the batch.
	scope pcommon.InstrumentationScope
}

func tracesBatch(put func(ptrace.ResourceSpans, ptrace.ScopeSpans, ptrace.Span)) batch {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	ss := rs.ScopeSpans().AppendEmpty()
	span := ss.Spans().AppendEmpty()
	span.SetTraceID(pcommon.TraceID{1})
	span.SetSpanID(pcommon.SpanID{2})
	put(rs, ss, span)
	return batch{
		scrub: func(s *Scrubber) Stats { return s.Traces(td) },
		json: func(t testing.TB) string {
			text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
			require.NoError(t, err)
			return string(text)
		},
		proto: func(t testing.TB) string {
			text, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td)
			require.NoError(t, err)
			return string(text)
		},
		records: td.SpanCount,
		own:     span.Attributes(),
		scope:   ss.Scope(),
	}
}

func metricsBatch(fill func(pmetric.Metric) (own pcommon.Map), put func(pmetric.ResourceMetrics, pmetric.ScopeMetrics, pmetric.Metric)) batch {
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	sm := rm.ScopeMetrics().AppendEmpty()
	m := sm.Metrics().AppendEmpty()
	m.SetName("auth.attempts")
	own := fill(m)
	put(rm, sm, m)
	return batch{
		scrub: func(s *Scrubber) Stats { return s.Metrics(md) },
		json: func(t testing.TB) string {
			text, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(md)
			require.NoError(t, err)
			return string(text)
		},
		proto: func(t testing.TB) string {
			text, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(md)
			require.NoError(t, err)
			return string(text)
		},
		records: md.DataPointCount,
		own:     own,
		scope:   sm.Scope(),
	}
}

// inMap are the ways in which a value can stand in attributes.
var inMap = map[string]func(m pcommon.Map, name, value string){
	"string": func(m pcommon.Map, name, value string) { m.PutStr(name, value) },
	"map":    func(m pcommon.Map, name, value string) { m.PutEmptyMap("a").PutEmptyMap("b").PutStr(name, value) },
	"slice": func(m pcommon.Map, name, value string) {
		s := m.PutEmptySlice(name)
		s.AppendEmpty().SetStr("x")
		s.AppendEmpty().SetStr(value)
	},
	"slice of maps": func(m pcommon.Map, name, value string) {
		m.PutEmptySlice("a").AppendEmpty().SetEmptyMap().PutStr(name, value)
	},
	"bytes": func(m pcommon.Map, name, value string) { m.PutEmptyBytes(name).FromRaw([]byte(value)) },
	"key":   func(m pcommon.Map, _, value string) { m.PutInt(value, 7) },
}

// pointTypes make a metric of each type with one data point.
var pointTypes = map[string]func(pmetric.Metric) (pcommon.Map, pmetric.ExemplarSlice){
	"gauge": func(m pmetric.Metric) (pcommon.Map, pmetric.ExemplarSlice) {
		p := m.SetEmptyGauge().DataPoints().AppendEmpty()
		return p.Attributes(), p.Exemplars()
	},
	"sum": func(m pmetric.Metric) (pcommon.Map, pmetric.ExemplarSlice) {
		p := m.SetEmptySum().DataPoints().AppendEmpty()
		return p.Attributes(), p.Exemplars()
	},
	"histogram": func(m pmetric.Metric) (pcommon.Map, pmetric.ExemplarSlice) {
		p := m.SetEmptyHistogram().DataPoints().AppendEmpty()
		return p.Attributes(), p.Exemplars()
	},
	"exponential histogram": func(m pmetric.Metric) (pcommon.Map, pmetric.ExemplarSlice) {
		p := m.SetEmptyExponentialHistogram().DataPoints().AppendEmpty()
		return p.Attributes(), p.Exemplars()
	},
	"summary": func(m pmetric.Metric) (pcommon.Map, pmetric.ExemplarSlice) {
		p := m.SetEmptySummary().DataPoints().AppendEmpty()
		return p.Attributes(), pmetric.NewExemplarSlice()
	},
}

// signalPlace builds batches with a value in one place.
type signalPlace struct {
	// ofUser: the record's own ids are looked for there.
	ofUser bool
	build  func(name, value string) batch
}

// outer is what resources and scopes of all signals have.
type outer interface {
	SetSchemaUrl(string)
}

// outerPlaces are those of resource and scope, for a signal.
func outerPlaces(in func(func(pcommon.Resource, outer, pcommon.InstrumentationScope, outer)) batch) map[string]signalPlace {
	type put = func(r pcommon.Resource, ro outer, s pcommon.InstrumentationScope, so outer, name, value string)
	places := map[string]signalPlace{}
	add := func(where string, ofUser bool, put put) {
		places[where] = signalPlace{ofUser, func(name, value string) batch {
			return in(func(r pcommon.Resource, ro outer, s pcommon.InstrumentationScope, so outer) {
				put(r, ro, s, so, name, value)
			})
		}}
	}
	for how, put := range inMap {
		add("resource attribute, "+how, true, func(r pcommon.Resource, _ outer, _ pcommon.InstrumentationScope, _ outer, name, value string) {
			put(r.Attributes(), name, value)
		})
		add("scope attribute, "+how, true, func(_ pcommon.Resource, _ outer, s pcommon.InstrumentationScope, _ outer, name, value string) {
			put(s.Attributes(), name, value)
		})
	}
	add("scope name and version", false, func(_ pcommon.Resource, _ outer, s pcommon.InstrumentationScope, _ outer, _, value string) {
		s.SetName(value)
		s.SetVersion(value)
	})
	add("schema URL", false, func(_ pcommon.Resource, ro outer, _ pcommon.InstrumentationScope, so outer, _, value string) {
		ro.SetSchemaUrl(value)
		so.SetSchemaUrl(value)
	})
	add("entity", false, func(r pcommon.Resource, _ outer, _ pcommon.InstrumentationScope, _ outer, _, value string) {
		ref := entity.ResourceEntityRefs(r).AppendEmpty()
		ref.SetType(value)
		ref.SetSchemaUrl(value)
		ref.IdKeys().Append(value)
		ref.DescriptionKeys().Append("x", value)
	})
	return places
}

// tracePlaces are all places of a trace.
func tracePlaces() map[string]signalPlace {
	places := outerPlaces(func(put func(pcommon.Resource, outer, pcommon.InstrumentationScope, outer)) batch {
		return tracesBatch(func(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, _ ptrace.Span) {
			put(rs.Resource(), rs, ss.Scope(), ss)
		})
	})
	add := func(where string, put func(span ptrace.Span, name, value string)) {
		places[where] = signalPlace{true, func(name, value string) batch {
			return tracesBatch(func(_ ptrace.ResourceSpans, _ ptrace.ScopeSpans, span ptrace.Span) { put(span, name, value) })
		}}
	}
	for how, put := range inMap {
		add("span attribute, "+how, func(span ptrace.Span, name, value string) { put(span.Attributes(), name, value) })
		add("event attribute, "+how, func(span ptrace.Span, name, value string) {
			span.Events().AppendEmpty()
			put(span.Events().AppendEmpty().Attributes(), name, value)
		})
		add("link attribute, "+how, func(span ptrace.Span, name, value string) {
			put(span.Links().AppendEmpty().Attributes(), name, value)
		})
	}
	add("span name", func(span ptrace.Span, _, value string) { span.SetName(value) })
	add("event name", func(span ptrace.Span, _, value string) { span.Events().AppendEmpty().SetName(value) })
	add("status message", func(span ptrace.Span, _, value string) { span.Status().SetMessage(value) })
	add("trace state", func(span ptrace.Span, _, value string) { span.TraceState().FromRaw(value) })
	add("link's trace state", func(span ptrace.Span, _, value string) { span.Links().AppendEmpty().TraceState().FromRaw(value) })
	return places
}

// metricPlaces are all places of a metric, of its data points of each type too.
func metricPlaces() map[string]signalPlace {
	sum := func(m pmetric.Metric) pcommon.Map {
		own, _ := pointTypes["sum"](m)
		return own
	}
	places := outerPlaces(func(put func(pcommon.Resource, outer, pcommon.InstrumentationScope, outer)) batch {
		return metricsBatch(sum, func(rm pmetric.ResourceMetrics, sm pmetric.ScopeMetrics, _ pmetric.Metric) {
			put(rm.Resource(), rm, sm.Scope(), sm)
		})
	})
	add := func(where string, put func(m pmetric.Metric, name, value string)) {
		places[where] = signalPlace{false, func(name, value string) batch {
			return metricsBatch(sum, func(_ pmetric.ResourceMetrics, _ pmetric.ScopeMetrics, m pmetric.Metric) { put(m, name, value) })
		}}
	}
	add("name", func(m pmetric.Metric, _, value string) { m.SetName(value) })
	add("description", func(m pmetric.Metric, _, value string) { m.SetDescription(value) })
	add("unit", func(m pmetric.Metric, _, value string) { m.SetUnit(value) })
	for how, put := range inMap {
		add("metadata, "+how, func(m pmetric.Metric, name, value string) { put(m.Metadata(), name, value) })
		for kind, build := range pointTypes {
			for where, exemplar := range map[string]bool{"attribute": false, "exemplar": true} {
				if exemplar && kind == "summary" {
					continue
				}
				places[kind+"'s "+where+", "+how] = signalPlace{true, func(name, value string) batch {
					fill := func(m pmetric.Metric) pcommon.Map {
						own, exemplars := build(m)
						if exemplar {
							put(exemplars.AppendEmpty().FilteredAttributes(), name, value)
						} else {
							put(own, name, value)
						}
						return own
					}
					return metricsBatch(fill, func(pmetric.ResourceMetrics, pmetric.ScopeMetrics, pmetric.Metric) {})
				}}
			}
		}
	}
	return places
}

// signalPlaces are the places of both signals.
func signalPlaces() map[string]signalPlace {
	all := map[string]signalPlace{}
	for signal, places := range map[string]map[string]signalPlace{"traces": tracePlaces(), "metrics": metricPlaces()} {
		for where, place := range places {
			all[signal+": "+where] = place
		}
	}
	return all
}

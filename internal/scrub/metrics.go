package scrub

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// Metrics scrubs md in place and says what it did, as Logs does: a data point
// is a record, and rules see the metric's name as the event's. As with Traces,
// nothing asks for auth.pii.fields.
//
// Two data points of a metric whose attributes become equal, such as those of
// two addresses of one network, stay two: only who aggregates knows whether
// their values add up, are the last of two gauges, or sum from different
// starts. Aggregate such an attribute away before, or have the backend add up.
//
// With Policy.Annotate the policy is named on the scope, not on data points,
// each of whose attributes makes a series of its own.
func (s *Scrubber) Metrics(md pmetric.Metrics) Stats {
	if s.policy.Audit {
		copied := pmetric.NewMetrics()
		md.CopyTo(copied)
		md = copied
	}
	w := s.walk(md.DataPointCount())
	w.bodiless = true
	md.ResourceMetrics().RemoveIf(func(rm pmetric.ResourceMetrics) bool { return !w.resourceMetrics(rm) })
	return s.done(w)
}

func (w *walker) resourceMetrics(rm pmetric.ResourceMetrics) (keep bool) {
	if !w.resource(rm.Resource(), rm) {
		for _, sm := range rm.ScopeMetrics().All() {
			w.lose(pointsOf(sm))
		}
		return false
	}
	scopes := rm.ScopeMetrics().Len()
	rm.ScopeMetrics().RemoveIf(func(sm pmetric.ScopeMetrics) bool { return !w.scopeMetrics(sm) })
	return scopes == 0 || rm.ScopeMetrics().Len() > 0
}

func (w *walker) scopeMetrics(sm pmetric.ScopeMetrics) (keep bool) {
	if !w.instrumentation(sm.Scope(), sm) {
		w.lose(pointsOf(sm))
		return false
	}
	metrics := sm.Metrics().Len()
	sm.Metrics().RemoveIf(func(m pmetric.Metric) bool { return !w.metric(m) })
	w.annotate(sm.Scope().Attributes())
	return metrics == 0 || sm.Metrics().Len() > 0
}

// metric scrubs a metric with its data points, and says whether it may pass on.
func (w *walker) metric(m pmetric.Metric) (keep bool) {
	name, points := m.Name(), countPoints(m) // rules see the name as it came
	if !w.guard(func() { w.walkMetric(m) }) {
		if w.s.policy.OnError == DropRecord {
			w.lose(points)
			return false
		}
		redactMetric(m)
	}
	w.stats.Records += points
	w.points(m, name)
	return points == 0 || countPoints(m) > 0
}

// walkMetric scrubs what a metric says of itself, by the scope's plan.
func (w *walker) walkMetric(m pmetric.Metric) {
	w.beginShared()
	w.place = InAttribute
	w.attributes(m.Metadata())
	w.place = InName
	if name, changed := w.scrubText(m.Name()); changed {
		m.SetName(name)
	}
	if text, changed := w.scrubText(m.Description()); changed {
		m.SetDescription(text)
	}
	if unit, changed := w.scrubText(m.Unit()); changed {
		m.SetUnit(unit)
	}
}

// beginShared readies the walker for what the records of a scope share.
func (w *walker) beginShared() {
	w.begin(nil)
	w.use(w.s.treatments[0], w.s.sources[w.scope.source])
}

// redactMetric takes off what a metric says of itself; its points are apart.
func redactMetric(m pmetric.Metric) {
	m.SetName(Redacted)
	m.SetDescription("")
	m.SetUnit("")
	removeAll(m.Metadata())
}

func pointsOf(sm pmetric.ScopeMetrics) (n int) {
	for _, m := range sm.Metrics().All() {
		n += countPoints(m)
	}
	return n
}

// removeExemplars leaves no exemplar.
func removeExemplars(exemplars pmetric.ExemplarSlice) {
	exemplars.RemoveIf(func(pmetric.Exemplar) bool { return true })
}

// untrace takes off an exemplar what joins it to the log of a load balancer.
func untrace(e pmetric.Exemplar) (changed bool) {
	if e.TraceID().IsEmpty() && e.SpanID().IsEmpty() {
		return false
	}
	e.SetTraceID(pcommon.TraceID{})
	e.SetSpanID(pcommon.SpanID{})
	return true
}

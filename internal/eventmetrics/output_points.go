package eventmetrics

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// writeSum writes integers, and fractions once the metric has had one: a stream
// keeps its type from there on.
func (w *metricWriter) writeSum(s *series) {
	point := w.out.Sum().DataPoints().AppendEmpty()
	base := w.cursor.base(s)
	if !w.fractional {
		point.SetIntValue(s.count - base.count)
	} else {
		point.SetDoubleValue(float64(s.count-base.count) + (s.fraction - base.fraction))
	}
	w.finish(point, s)
	s.writeExemplar(point.Exemplars(), base)
}

func (w *metricWriter) writeHistogram(s *series) {
	point := w.out.Histogram().DataPoints().AppendEmpty()
	base := w.cursor.base(s)
	values := s.histogram.minus(base.histogram)
	point.SetCount(uint64(s.count - base.count))
	point.SetSum(values.sum)
	point.ExplicitBounds().FromRaw(w.bounds)
	point.BucketCounts().FromRaw(values.buckets)
	writeRange(point, s, base)
	w.finish(point, s)
	s.writeExemplar(point.Exemplars(), base)
}

func (w *metricWriter) writeExponential(s *series) {
	point := w.out.ExponentialHistogram().DataPoints().AppendEmpty()
	base := w.cursor.base(s)
	values := s.histogram.minus(base.histogram)
	point.SetCount(uint64(s.count - base.count))
	point.SetSum(values.sum)
	point.SetScale(values.exponential.scale)
	point.SetZeroCount(values.exponential.zero)
	point.Positive().SetOffset(values.exponential.offset)
	point.Positive().BucketCounts().FromRaw(values.exponential.buckets)
	writeRange(point, s, base)
	w.finish(point, s)
	s.writeExemplar(point.Exemplars(), base)
}

// writeUnique writes a point for each window. They are of the moment: a gauge
// has no start.
func (w *metricWriter) writeUnique(s *series) {
	for i, window := range s.windows {
		point := w.out.Gauge().DataPoints().AppendEmpty()
		point.SetTimestamp(w.span.end)
		point.SetIntValue(window.Estimate(w.span.end.AsTime()))
		putAttributes(point.Attributes(), w.windowed(s, i))
	}
}

// point is what the points of sums and both histograms have in common.
type point interface {
	SetStartTimestamp(pcommon.Timestamp)
	SetTimestamp(pcommon.Timestamp)
	Attributes() pcommon.Map
}

func (w *metricWriter) finish(p point, s *series) {
	p.SetStartTimestamp(w.span.start)
	p.SetTimestamp(w.span.end)
	putAttributes(p.Attributes(), s.attributes)
}

// writeRange sets least and greatest value where they are those of the point.
// A cumulative point has the series' own. A delta has them only if its values
// went beyond all before, so the least of all deltas is that of the series.
func writeRange(p interface {
	SetMin(float64)
	SetMax(float64)
}, s *series, base totals) {
	if s.count == 0 {
		return
	}
	if base.count == 0 || s.histogram.min < base.histogram.min {
		p.SetMin(s.histogram.min)
	}
	if base.count == 0 || s.histogram.max > base.histogram.max {
		p.SetMax(s.histogram.max)
	}
}

// writeExemplar adds the last exemplar, to a delta only if records are in it.
func (s *series) writeExemplar(dest pmetric.ExemplarSlice, base totals) {
	if s.exemplar == nil || !base.differs(s) {
		return
	}
	e := dest.AppendEmpty()
	e.SetTraceID(s.exemplar.traceID)
	e.SetSpanID(s.exemplar.spanID)
	e.SetDoubleValue(s.exemplar.value)
	e.SetTimestamp(s.exemplar.at)
}

func putAttributes(dest pcommon.Map, attributes []Attribute) {
	dest.EnsureCapacity(len(attributes) + 1)
	for _, a := range attributes {
		if a.IsBool {
			dest.PutBool(a.Name, a.Bool)
			continue
		}
		dest.PutStr(a.Name, a.Value)
	}
}

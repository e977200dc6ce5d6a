package scrub

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// points scrubs the data points of a metric of any type, and removes those that
// can't be. name is the metric's.
func (w *walker) points(m pmetric.Metric, name string) {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		m.Gauge().DataPoints().RemoveIf(func(p pmetric.NumberDataPoint) bool {
			return !w.point(name, p.Attributes(), p.Exemplars())
		})
	case pmetric.MetricTypeSum:
		m.Sum().DataPoints().RemoveIf(func(p pmetric.NumberDataPoint) bool {
			return !w.point(name, p.Attributes(), p.Exemplars())
		})
	case pmetric.MetricTypeHistogram:
		m.Histogram().DataPoints().RemoveIf(func(p pmetric.HistogramDataPoint) bool {
			return !w.point(name, p.Attributes(), p.Exemplars())
		})
	case pmetric.MetricTypeExponentialHistogram:
		m.ExponentialHistogram().DataPoints().RemoveIf(func(p pmetric.ExponentialHistogramDataPoint) bool {
			return !w.point(name, p.Attributes(), p.Exemplars())
		})
	case pmetric.MetricTypeSummary:
		none := pmetric.NewExemplarSlice()
		m.Summary().DataPoints().RemoveIf(func(p pmetric.SummaryDataPoint) bool {
			return !w.point(name, p.Attributes(), none)
		})
	}
}

// countPoints is how many data points a metric has.
func countPoints(m pmetric.Metric) int {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		return m.Gauge().DataPoints().Len()
	case pmetric.MetricTypeSum:
		return m.Sum().DataPoints().Len()
	case pmetric.MetricTypeHistogram:
		return m.Histogram().DataPoints().Len()
	case pmetric.MetricTypeExponentialHistogram:
		return m.ExponentialHistogram().DataPoints().Len()
	case pmetric.MetricTypeSummary:
		return m.Summary().DataPoints().Len()
	}
	return 0
}

// point scrubs the attributes and exemplars of a data point, and says whether
// it may pass on. Redacted, it keeps its times and its value.
func (w *walker) point(name string, attrs pcommon.Map, exemplars pmetric.ExemplarSlice) (keep bool) {
	return w.scrubbed(name, attrs,
		func() { w.pointIDs(attrs, exemplars) },
		func() { w.walkPoint(attrs, exemplars) },
		func() {
			removeAll(attrs)
			removeExemplars(exemplars)
		})
}

// pointIDs collects the ids of who was measured.
func (w *walker) pointIDs(attrs pcommon.Map, exemplars pmetric.ExemplarSlice) {
	w.identities(attrs)
	for _, e := range exemplars.All() {
		w.addIDs(e.FilteredAttributes())
	}
}

func (w *walker) walkPoint(attrs pcommon.Map, exemplars pmetric.ExemplarSlice) {
	w.place = InAttribute
	w.attributes(attrs)
	for _, e := range exemplars.All() {
		w.attributes(e.FilteredAttributes())
		if w.t.dropped[pii.TraceID] && untrace(e) {
			w.count(pii.TraceID, ByField)
		}
	}
}

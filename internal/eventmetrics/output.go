package eventmetrics

import (
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// SumPoint is the present value of one series of a sum.
type SumPoint struct {
	// Metric is an index into the Set's metrics.
	Metric int
	// Attributes are the series' own and must not be changed.
	Attributes []Attribute
	// Value is what whole numbers add up to, Fraction what all others do; the
	// sum is both together.
	Value    int64
	Fraction float64
}

// GaugePoint is the present value of one series of a unique count, in one of
// its windows.
type GaugePoint struct {
	// Metric is an index into the Set's metrics.
	Metric     int
	Attributes []Attribute
	Value      int64
}

// Gauges returns all points of unique counts, in the order of the catalogue,
// of the attributes, and of the windows, which are the last attribute.
func (e *Engine) Gauges() []GaugePoint {
	now := e.settings.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	var points []GaugePoint
	for i, m := range e.metrics {
		if m.Kind != definition.Unique {
			continue
		}
		for _, s := range m.all() {
			for n, w := range s.windows {
				points = append(points, GaugePoint{Metric: i, Attributes: m.windowed(s, n), Value: w.Estimate(now)})
			}
		}
	}
	return points
}

// windowed returns the attributes of a series' point for the n-th window.
func (m *metric) windowed(s *series, n int) []Attribute {
	window := Attribute{Name: definition.WindowAttribute, Value: WindowName(m.Unique.Windows[n])}
	return append(slices.Clip(s.attributes), window)
}

// WindowName is a duration as people write it: 24h, 90m, 1h30m, not 24h0m0s.
func WindowName(d time.Duration) string {
	name := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(name, zero) {
			name = name[:len(name)-2]
		}
	}
	return name
}

// Sums returns all points of sums, in the order of the catalogue and, within
// a metric, of the attributes.
func (e *Engine) Sums() []SumPoint {
	e.mu.Lock()
	defer e.mu.Unlock()
	var points []SumPoint
	for i, m := range e.metrics {
		if m.Kind != definition.Sum {
			continue
		}
		for _, s := range m.all() {
			points = append(points, SumPoint{Metric: i, Attributes: s.attributes, Value: s.count, Fraction: s.fraction})
		}
	}
	return points
}

// Metrics returns all series as cumulative metrics of one resource and one
// scope: metrics in the order of the catalogue, points in the order of their
// attributes. Without points there is no metric, and without metrics the
// result is empty.
//
// Series start when the engine did. A clock that was set back since then
// gives points at that start rather than before it.
func (e *Engine) Metrics(now time.Time, resource pcommon.Resource, scope string) pmetric.Metrics {
	if now.Before(e.settings.Start) {
		now = e.settings.Start
	}
	stamp := stamps{pcommon.NewTimestampFromTime(e.settings.Start), pcommon.NewTimestampFromTime(now)}
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	resource.CopyTo(rm.Resource())
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName(scope)

	e.mu.Lock()
	defer e.mu.Unlock()
	for _, m := range e.metrics {
		if list := m.all(); len(list) > 0 && (m.Kind == definition.Sum || m.Kind == definition.Histogram) {
			m.writeTo(sm.Metrics().AppendEmpty(), list, stamp)
		}
	}
	if sm.Metrics().Len() == 0 {
		return pmetric.NewMetrics()
	}
	return md
}

type stamps struct{ start, now pcommon.Timestamp }

func (m *metric) writeTo(dest pmetric.Metric, list []*series, stamp stamps) {
	dest.SetName(m.Name)
	dest.SetUnit(m.Unit)
	dest.SetDescription(m.Description)
	if m.Kind == definition.Histogram {
		m.writeHistogram(dest.SetEmptyHistogram(), list, stamp)
		return
	}
	sum := dest.SetEmptySum()
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	sum.SetIsMonotonic(true)
	sum.DataPoints().EnsureCapacity(len(list))
	for _, s := range list {
		point := sum.DataPoints().AppendEmpty()
		point.SetStartTimestamp(stamp.start)
		point.SetTimestamp(stamp.now)
		point.SetIntValue(s.count)
		putAttributes(point.Attributes(), s.attributes)
	}
}

func (m *metric) writeHistogram(dest pmetric.Histogram, list []*series, stamp stamps) {
	dest.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	dest.DataPoints().EnsureCapacity(len(list))
	for _, s := range list {
		point := dest.DataPoints().AppendEmpty()
		point.SetStartTimestamp(stamp.start)
		point.SetTimestamp(stamp.now)
		point.SetCount(uint64(s.count))
		point.SetSum(s.histogram.sum)
		point.SetMin(s.histogram.min)
		point.SetMax(s.histogram.max)
		point.ExplicitBounds().FromRaw(m.bounds)
		point.BucketCounts().FromRaw(s.histogram.buckets)
		putAttributes(point.Attributes(), s.attributes)
	}
}

func putAttributes(dest pcommon.Map, attributes []Attribute) {
	dest.EnsureCapacity(len(attributes))
	for _, a := range attributes {
		if a.IsBool {
			dest.PutBool(a.Name, a.Bool)
			continue
		}
		dest.PutStr(a.Name, a.Value)
	}
}

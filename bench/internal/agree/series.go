package agree

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// point is a series and its value in the end. Histograms are several: of the
// count, the sum and each bucket.
type point struct {
	attributes map[string]string
	value      float64
}

// series are the points of each metric.
type series map[string]map[string]*point

// series adds up what the side wrote: deltas are added, and of what is cumulative
// the last counts.
func (o *output) series() series {
	all := series{}
	for _, md := range o.metrics {
		for _, rm := range md.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					all.add(m, rm.Resource().Attributes())
				}
			}
		}
	}
	return all
}

func (s series) add(m pmetric.Metric, resource pcommon.Map) {
	switch m.Type() {
	case pmetric.MetricTypeSum:
		delta := m.Sum().AggregationTemporality() == pmetric.AggregationTemporalityDelta
		for _, p := range m.Sum().DataPoints().All() {
			s.put(m.Name(), resource, p.Attributes(), p.DoubleValue()+float64(p.IntValue()), delta)
		}
	case pmetric.MetricTypeHistogram:
		delta := m.Histogram().AggregationTemporality() == pmetric.AggregationTemporalityDelta
		for _, p := range m.Histogram().DataPoints().All() {
			s.put(m.Name()+" (count)", resource, p.Attributes(), float64(p.Count()), delta)
			s.put(m.Name()+" (sum)", resource, p.Attributes(), p.Sum(), delta)
			for i, n := range p.BucketCounts().All() {
				s.put(fmt.Sprintf("%s (bucket %d)", m.Name(), i), resource, p.Attributes(), float64(n), delta)
			}
		}
	}
}

// put adds a value to the series, or has it be that.
func (s series) put(metric string, resource, attributes pcommon.Map, value float64, delta bool) {
	if s[metric] == nil {
		s[metric] = map[string]*point{}
	}
	p := &point{attributes: map[string]string{}}
	for k, v := range attributes.All() {
		put(p.attributes, k, v)
	}
	// Of the resource, what ours has on the point or the resource, and stock there.
	for _, k := range []string{attr.Source, attr.DeploymentEnvironmentName} {
		if v, there := resource.Get(k); there {
			put(p.attributes, k, v)
		}
	}
	key := p.key(nil)
	if before := s[metric][key]; before != nil && delta {
		value += before.value
	}
	p.value = value
	s[metric][key] = p
}

// key tells the series of a metric apart, without the attributes in less.
func (p *point) key(less []string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(p.attributes)) {
		if !slices.Contains(less, k) {
			fmt.Fprintf(&b, "%s=%q ", k, p.attributes[k])
		}
	}
	return b.String()
}

// values are those of a metric's series that are not 0, without the attributes in
// less: series that only they tell apart are added up.
func (s series) values(metric string, less []string) map[string]float64 {
	all := map[string]float64{}
	for _, p := range s[metric] {
		if p.value != 0 { // ours begins at 0 before the first event
			all[p.key(less)] += p.value
		}
	}
	return all
}

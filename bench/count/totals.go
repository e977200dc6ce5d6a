package main

import (
	"context"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// totals are the sums over all series of each metric, of a histogram by
// "<name> (count)" and "<name> (sum)". What comes as delta is added up, what is
// cumulative replaces what was there.
type totals map[string]float64

// flush is what one set of points adds up to.
func (t totals) flush(md pmetric.Metrics) {
	now := totals{}
	cumulative := map[string]bool{}
	add := func(name string, value float64, temporality pmetric.AggregationTemporality) {
		now[name] += value
		cumulative[name] = temporality == pmetric.AggregationTemporalityCumulative
	}
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				switch m.Type() {
				case pmetric.MetricTypeSum:
					for _, p := range m.Sum().DataPoints().All() {
						add(m.Name(), p.DoubleValue()+float64(p.IntValue()), m.Sum().AggregationTemporality())
					}
				case pmetric.MetricTypeHistogram:
					for _, p := range m.Histogram().DataPoints().All() {
						add(m.Name()+" (count)", float64(p.Count()), m.Histogram().AggregationTemporality())
						add(m.Name()+" (sum)", p.Sum(), m.Histogram().AggregationTemporality())
					}
				case pmetric.MetricTypeExponentialHistogram:
					for _, p := range m.ExponentialHistogram().DataPoints().All() {
						add(m.Name()+" (count)", float64(p.Count()), m.ExponentialHistogram().AggregationTemporality())
						add(m.Name()+" (sum)", p.Sum(), m.ExponentialHistogram().AggregationTemporality())
					}
				}
			}
		}
	}
	for name, value := range now {
		if cumulative[name] {
			t[name] = value
		} else {
			t[name] += value
		}
	}
}

// sink takes metrics: it adds them up, or, with nil totals, only counts points.
type sink struct {
	totals totals
	points int
}

func (*sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *sink) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	s.points += md.DataPointCount()
	if s.totals != nil {
		s.totals.flush(md)
	}
	return nil
}

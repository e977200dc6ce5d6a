package explain

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
)

// counter is an event_metrics. Its engine is a new one for each record: to Reset it
// takes no thirtieth of the time.
type counter struct {
	collector.Counter
	engine *eventmetrics.Engine
	now    time.Time // the engine's clock
}

func newCounter(of collector.Counter) (*counter, error) {
	set, err := of.Counting.Set()
	if err != nil {
		return nil, err
	}
	c := &counter{Counter: of}
	settings := of.Counting.Engine(c.now)
	settings.Now = func() time.Time { return c.now }
	c.engine, err = eventmetrics.New(set, settings)
	return c, err
}

// count lists what the first record of ld adds to. The clock is the record's, so
// that it is neither late nor early.
func (c *counter) count(ld plog.Logs, m *masker) []Metric {
	_, _, lr, ok := one(ld)
	if !ok {
		return nil
	}
	c.now = lr.Timestamp().AsTime()
	c.engine.Reset(c.now)
	c.engine.Compute(ld).Commit()
	return c.read(c.engine.Metrics(c.now, pcommon.NewResource(), ""), m)
}

func (c *counter) read(md pmetric.Metrics, m *masker) []Metric {
	var metrics []Metric
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, metric := range sm.Metrics().All() {
				eachPoint(metric, func(adds float64, labels pcommon.Map) {
					one := Metric{Name: metric.Name(), Unit: metric.Unit(), Adds: adds, Labels: map[string]string{}}
					for name, v := range labels.All() {
						one.Labels[name] = m.text(v.AsString())
					}
					metrics = append(metrics, one)
				})
			}
		}
	}
	return metrics
}

// eachPoint visits the points that the record has added to. The others are zeros,
// which are there for those that come.
func eachPoint(m pmetric.Metric, visit func(adds float64, labels pcommon.Map)) {
	switch m.Type() {
	case pmetric.MetricTypeSum:
		numbers(m.Sum().DataPoints(), visit)
	case pmetric.MetricTypeGauge:
		numbers(m.Gauge().DataPoints(), visit)
	case pmetric.MetricTypeHistogram:
		for _, p := range m.Histogram().DataPoints().All() {
			if p.Count() > 0 {
				visit(p.Sum(), p.Attributes())
			}
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, p := range m.ExponentialHistogram().DataPoints().All() {
			if p.Count() > 0 {
				visit(p.Sum(), p.Attributes())
			}
		}
	}
}

func numbers(points pmetric.NumberDataPointSlice, visit func(adds float64, labels pcommon.Map)) {
	for _, p := range points.All() {
		adds := p.DoubleValue()
		if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
			adds = float64(p.IntValue())
		}
		if adds != 0 {
			visit(adds, p.Attributes())
		}
	}
}

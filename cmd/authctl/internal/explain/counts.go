package explain

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// counter is an event_metrics. Each record has an engine of its own.
type counter struct {
	collector.Counter
	set definition.Set
}

func newCounter(c collector.Counter) (*counter, error) {
	set, err := c.Counting.Set()
	return &counter{c, set}, err
}

// count lists what the first record of ld adds to. The clock is the record's, so
// that it is neither late nor early.
func (c *counter) count(ld plog.Logs, m *masker) ([]Metric, error) {
	_, _, lr, ok := one(ld)
	if !ok {
		return nil, nil
	}
	now := lr.Timestamp().AsTime()
	settings := c.Counting.Engine(now)
	settings.Now = func() time.Time { return now }
	engine, err := eventmetrics.New(c.set, settings)
	if err != nil {
		return nil, err
	}
	engine.Compute(ld).Commit()
	return c.read(engine.Metrics(now, pcommon.NewResource(), ""), m), nil
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

package eventmetrics

import (
	"slices"
	"strings"
	"time"

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

// Gauges returns all points of unique counts, in the order of the catalogue,
// of the attributes, and of the windows, which are the last attribute.
func (e *Engine) Gauges() []GaugePoint {
	now := e.settings.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.met.forget()
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

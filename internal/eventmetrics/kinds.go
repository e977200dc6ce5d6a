package eventmetrics

import (
	"math"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// problemFunc collects one problem; see compiler.problemOf.
type problemFunc = func(format string, args ...any)

// maxUniqueSeries bounds the series of a unique count, over all its windows:
// a window of very many users takes up to unique.MaxBytes.
const maxUniqueSeries = 200

const (
	maxBounds     = 200
	maxWindows    = 8
	maxBreakdowns = 16
)

var durationPlace = definition.Place{In: definition.Attribute, Name: attr.Duration}

// kind checks and makes ready what belongs to one kind of metrics alone.
func (c *compiler) kind(m *metric, problem problemFunc) {
	c.zeros(m, problem)
	switch m.Kind {
	case definition.Sum:
	case definition.Histogram:
		m.bounds = m.Bounds
		if m.bounds == nil {
			m.bounds = definition.DefaultBounds()
		}
		checkBounds(m.bounds, problem)
	case definition.ExponentialHistogram:
	case definition.Unique:
		c.unique(m, problem)
	default:
		problem("kind %d is none that is known", m.Kind)
	}
	if m.Kind != definition.Histogram && m.Bounds != nil {
		problem("has buckets, which a histogram alone has: leave them out")
	}
}

func checkBounds(bounds []float64, problem problemFunc) {
	if len(bounds) == 0 || len(bounds) > maxBounds {
		problem("buckets must have from 1 to %d bounds (got %d)", maxBounds, len(bounds))
	}
	for i, b := range bounds {
		if math.IsNaN(b) || math.IsInf(b, 0) {
			problem("bucket %d is %v: give a finite bound, the last bucket takes what is beyond", i+1, b)
		}
		if i > 0 && !(bounds[i-1] < b) {
			problem("bucket %d is %v, not more than the one before it (%v): list bounds in ascending order", i+1, b, bounds[i-1])
		}
	}
}

func (c *compiler) unique(m *metric, problem problemFunc) {
	windows := m.Unique.Windows
	if len(windows) == 0 || len(windows) > maxWindows {
		problem("must have from 1 to %d windows, such as 24h (got %d)", maxWindows, len(windows))
	}
	for i, w := range windows {
		if w < unique.MinLength {
			problem("a window must be at least %s long (got %s)", unique.MinLength, w)
		}
		for _, before := range windows[:i] {
			if before == w {
				problem("the window %s is there twice", w)
			}
		}
	}
	if m.dimensionNamed(definition.WindowAttribute) >= 0 {
		problem("has the attribute %q, which each window sets: leave it out", definition.WindowAttribute)
	}
	if len(m.Unique.Breakdowns) > maxBreakdowns {
		problem("has %d breakdowns: use at most %d", len(m.Unique.Breakdowns), maxBreakdowns)
	}
	var total [maxDimensions]bool
	for i := range m.dimensions {
		total[i] = m.dimensions[i].common
	}
	m.breakdowns = append(m.breakdowns, total)
	for _, names := range m.Unique.Breakdowns {
		breakdown := total
		for _, name := range names {
			i := m.dimensionNamed(name)
			if i < 0 {
				problem("a breakdown names %q, which is none of the attributes: add it to them", name)
				continue
			}
			breakdown[i] = true
		}
		m.breakdowns = append(m.breakdowns, breakdown)
	}
	m.maxSeries = max(1, min(m.maxSeries, maxUniqueSeries)/max(1, len(windows)))
}

//go:build unix

package faults

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// counts are the cumulative points of a metrics file, held against those before
// them: no series may run back, and no point may end before it begins.
type counts struct {
	path     string
	read0    int64
	flushes  int
	problems []string
	// of each series, the last that was counted: events, and what they add up to.
	last map[string][2]float64
	of   map[string]map[string]bool // the series of each metric
}

func newCounts(path string) *counts {
	return &counts{path: path, last: map[string][2]float64{}, of: map[string]map[string]bool{}}
}

// read takes in what was written since it was called last. A file that is not
// there yet has nothing.
func (c *counts) read(t *testing.T) {
	t.Helper()
	f, err := os.Open(c.path)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	defer func() { _ = f.Close() }() // it was only read
	_, err = f.Seek(c.read0, io.SeekStart)
	require.NoError(t, err)
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	whole := bytes.LastIndexByte(text, '\n') + 1
	c.read0 += int64(whole)
	for request := range bytes.Lines(text[:whole]) {
		var unmarshaler pmetric.JSONUnmarshaler
		metrics, err := unmarshaler.UnmarshalMetrics(request)
		require.NoError(t, err)
		c.flushes++
		for _, rm := range metrics.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					c.metric(m)
				}
			}
		}
	}
}

// problem notes what is wrong, unless enough is.
func (c *counts) problem(text string) {
	const enough = 10
	if len(c.problems) < enough {
		c.problems = append(c.problems, text)
	}
}

func (c *counts) metric(m pmetric.Metric) {
	switch m.Type() {
	case pmetric.MetricTypeSum:
		for _, p := range m.Sum().DataPoints().All() {
			c.point(m.Name(), p.Attributes(), p.StartTimestamp(), p.Timestamp(), number(p), number(p))
		}
	case pmetric.MetricTypeHistogram:
		for _, p := range m.Histogram().DataPoints().All() {
			c.point(m.Name(), p.Attributes(), p.StartTimestamp(), p.Timestamp(), float64(p.Count()), p.Sum())
			if p.HasMin() && p.Min() < 0 {
				c.problem(fmt.Sprintf("%s has a value of %v", m.Name(), p.Min()))
			}
		}
	case pmetric.MetricTypeGauge:
		for _, p := range m.Gauge().DataPoints().All() {
			if n := number(p); n < 0 {
				c.problem(fmt.Sprintf("%s is %v", m.Name(), n))
			}
			// Who was seen today stays so, whatever an hour does.
			if window, _ := p.Attributes().Get("auth.window"); window.Str() == "24h" {
				c.point(m.Name(), p.Attributes(), 0, p.Timestamp(), number(p), number(p))
			}
		}
	}
}

// point compares a point of a series with the one before it.
func (c *counts) point(metric string, attributes pcommon.Map, from, to pcommon.Timestamp, count, sum float64) {
	series := fmt.Sprint(metric, attributes.AsRaw())
	before := c.last[series]
	if to < from {
		c.problem(fmt.Sprintf("a point of %s ends %s before it begins", metric, from.AsTime().Sub(to.AsTime())))
	}
	if count < before[0] || sum < before[1] {
		c.problem(fmt.Sprintf("%s went from %v to %v", series, before, [2]float64{count, sum}))
	}
	c.last[series] = [2]float64{count, sum}
	if c.of[metric] == nil {
		c.of[metric] = map[string]bool{}
	}
	c.of[metric][series] = true
}

// sum is what all series of a metric have counted.
func (c *counts) sum(metric string) float64 {
	sum := 0.0
	for series := range c.of[metric] {
		sum += c.last[series][0]
	}
	return sum
}

func number(p pmetric.NumberDataPoint) float64 {
	if p.ValueType() == pmetric.NumberDataPointValueTypeInt {
		return float64(p.IntValue())
	}
	return p.DoubleValue()
}

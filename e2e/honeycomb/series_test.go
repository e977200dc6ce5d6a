//go:build unix

package honeycomb

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/vendortest/honeycomb"
)

// newestOf is the newest value of each cumulative series, named as the plain
// script names it and summed over the category, which the script does not know.
func newestOf(t *testing.T, requests []honeycomb.Metrics) map[string]float64 {
	t.Helper()
	newest := map[[2]string]float64{} // by the whole name, and the script's
	put := func(name string, attributes pcommon.Map, value float64) {
		newest[[2]string{seriesName(name, attributes, ""), seriesName(name, attributes, "auth.category")}] = value
	}
	for _, request := range requests {
		for _, rm := range request.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					add(t, m, put)
				}
			}
		}
	}
	sums := map[string]float64{}
	for name, value := range newest {
		if value != 0 {
			sums[name[1]] += value
		}
	}
	return sums
}

func add(t *testing.T, m pmetric.Metric, put func(string, pcommon.Map, float64)) {
	t.Helper()
	switch m.Type() {
	case pmetric.MetricTypeSum:
		require.Equal(t, pmetric.AggregationTemporalityCumulative, m.Sum().AggregationTemporality(), m.Name())
		for _, dp := range m.Sum().DataPoints().All() {
			value := dp.DoubleValue()
			if dp.ValueType() == pmetric.NumberDataPointValueTypeInt {
				value = float64(dp.IntValue())
			}
			put(m.Name(), dp.Attributes(), value)
		}
	case pmetric.MetricTypeHistogram:
		require.Equal(t, pmetric.AggregationTemporalityCumulative, m.Histogram().AggregationTemporality(), m.Name())
		for _, dp := range m.Histogram().DataPoints().All() {
			put(m.Name()+"_count", dp.Attributes(), float64(dp.Count()))
			put(m.Name()+"_sum", dp.Attributes(), dp.Sum())
		}
	default: // unique users are gauges, which the script does not count
	}
}

func seriesName(name string, attributes pcommon.Map, without string) string {
	var pairs []string
	for key, value := range attributes.All() {
		if key != without {
			pairs = append(pairs, fmt.Sprintf("%s=%s", key, value.AsString()))
		}
	}
	slices.Sort(pairs)
	return name + "{" + strings.Join(pairs, ",") + "}"
}

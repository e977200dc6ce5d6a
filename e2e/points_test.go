//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// points are the newest points of each cumulative series, of OTLP in JSON. It is
// decoded with encoding/json alone, as records are.
type points struct {
	latest map[string]point // by metric and all attributes, the resource's as well
}

type point struct {
	// series is named as testdata/count.py names it: auth.events{auth.source=hera,…}
	series string
	value  float64
	start  string
}

type otlpMetrics struct {
	ResourceMetrics []struct {
		Resource     otlpAttributes
		ScopeMetrics []struct{ Metrics []otlpMetric }
	}
}

type otlpMetric struct {
	Name                 string
	Sum, Histogram       *otlpData
	ExponentialHistogram *otlpData
}

type otlpData struct {
	AggregationTemporality int
	DataPoints             []otlpPoint
}

type otlpPoint struct {
	otlpAttributes
	StartTimeUnixNano string
	AsInt             json.Number
	AsDouble          float64
	Count             json.Number
	Sum               float64
}

type otlpAttributes struct {
	Attributes []struct {
		Key   string
		Value map[string]any
	}
}

// list names the attributes, sorted, without those that the script does not know.
func (a otlpAttributes) list(without ...string) string {
	var pairs []string
	for _, kv := range a.Attributes {
		if slices.Contains(without, kv.Key) {
			continue
		}
		for _, value := range kv.Value { // of one kind each
			pairs = append(pairs, fmt.Sprintf("%s=%v", kv.Key, value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, ",")
}

// cumulative is OTLP's number for it.
const cumulative = 2

// add takes one OTLP request, or one line of the file exporter.
func (p *points) add(t *testing.T, request string) {
	t.Helper()
	var md otlpMetrics
	require.NoError(t, json.Unmarshal([]byte(request), &md))
	for _, rm := range md.ResourceMetrics {
		for _, sm := range rm.ScopeMetrics {
			for _, m := range sm.Metrics {
				if strings.HasPrefix(m.Name, "auth.") {
					p.addMetric(t, rm.Resource.list(), m)
				}
			}
		}
	}
}

func (p *points) addMetric(t *testing.T, resource string, m otlpMetric) {
	t.Helper()
	put := func(name string, from otlpPoint, value float64) {
		if p.latest == nil {
			p.latest = map[string]point{}
		}
		id := name + "{" + from.list() + "} " + resource
		before, again := p.latest[id]
		require.False(t, again && value < before.value, "%s fell from %g to %g", id, before.value, value)
		p.latest[id] = point{name + "{" + from.list("auth.category") + "}", value, from.StartTimeUnixNano}
	}
	if m.Sum != nil {
		assert.Equal(t, cumulative, m.Sum.AggregationTemporality, m.Name)
		for _, dp := range m.Sum.DataPoints {
			value := dp.AsDouble
			if dp.AsInt != "" {
				i, err := dp.AsInt.Int64()
				require.NoError(t, err)
				value = float64(i)
			}
			put(m.Name, dp, value)
		}
	}
	for _, histogram := range []*otlpData{m.Histogram, m.ExponentialHistogram} {
		if histogram == nil {
			continue
		}
		assert.Equal(t, cumulative, histogram.AggregationTemporality, m.Name)
		for _, dp := range histogram.DataPoints {
			count, err := dp.Count.Int64()
			require.NoError(t, err)
			put(m.Name+"_count", dp, float64(count))
			put(m.Name+"_sum", dp, dp.Sum)
		}
	}
}

// values are the sums over what the script does not know, of series that have
// counted something.
func (p *points) values() map[string]float64 {
	out := map[string]float64{}
	for _, latest := range p.latest {
		if latest.value != 0 {
			out[latest.series] += latest.value
		}
	}
	return out
}

//go:build unix

package authctl

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// OTLP JSON, decoded with encoding/json alone: the test shares no code with what
// wrote it.

type anyValue struct {
	StringValue *string
	BoolValue   *bool
	IntValue    json.Number
	DoubleValue *float64
	ArrayValue  *struct{ Values []anyValue }
	KvlistValue *struct{ Values []keyValue }
}

type keyValue struct {
	Key   string
	Value anyValue
}

// plain is the value as encoding/json would read it from the line.
func (v *anyValue) plain() any {
	switch {
	case v.StringValue != nil:
		return *v.StringValue
	case v.BoolValue != nil:
		return *v.BoolValue
	case v.IntValue != "":
		return v.IntValue
	case v.DoubleValue != nil:
		return *v.DoubleValue
	case v.ArrayValue != nil:
		out := []any{}
		for i := range v.ArrayValue.Values {
			out = append(out, v.ArrayValue.Values[i].plain())
		}
		return out
	case v.KvlistValue != nil:
		out := map[string]any{}
		for i := range v.KvlistValue.Values {
			out[v.KvlistValue.Values[i].Key] = v.KvlistValue.Values[i].Value.plain()
		}
		return out
	}
	return nil
}

type otlpLogs struct {
	ResourceLogs []struct {
		Resource  struct{ Attributes []keyValue }
		SchemaURL string
		ScopeLogs []struct {
			Scope struct {
				Name, Version string
				Attributes    []keyValue
			}
			SchemaURL  string
			LogRecords []otlpRecord
		}
	}
}

type otlpRecord struct {
	TimeUnixNano, ObservedTimeUnixNano       string
	SeverityNumber, Flags                    int
	DroppedAttributesCount                   int
	SeverityText, EventName, TraceID, SpanID string
	Body                                     anyValue
	Attributes                               []keyValue
}

func put(into map[string]string, attributes []keyValue) {
	for i := range attributes {
		flatten(into, attributes[i].Key, attributes[i].Value.plain())
	}
}

// recordsOf are those of the file exporter's lines, which read in the span.
func recordsOf(t *testing.T, text string, read span) []leaving {
	t.Helper()
	var all []leaving
	for line := range strings.Lines(text) {
		var batch otlpLogs
		require.NoError(t, json.Unmarshal([]byte(line), &batch))
		for _, rl := range batch.ResourceLogs {
			require.Empty(t, rl.SchemaURL, "explain does not show it")
			for _, sl := range rl.ScopeLogs {
				require.Empty(t, sl.SchemaURL, "explain does not show it")
				for i := range sl.LogRecords {
					one := newLeaving()
					put(one.Resource, rl.Resource.Attributes)
					put(one.Scope, sl.Scope.Attributes)
					one.Scope["name"], one.Scope["version"] = scalar(sl.Scope.Name), scalar(sl.Scope.Version)
					one.fill(t, &sl.LogRecords[i], read)
					all = append(all, one.comparable())
				}
			}
		}
	}
	return all
}

func (l leaving) fill(t *testing.T, r *otlpRecord, read span) {
	t.Helper()
	require.Zero(t, r.DroppedAttributesCount, "explain does not show it")
	l.Record["event_name"], l.Record["severity_text"] = scalar(r.EventName), scalar(r.SeverityText)
	l.Record["time"], l.Record["observed_time"] = read.nanos(t, r.TimeUnixNano), read.nanos(t, r.ObservedTimeUnixNano)
	l.Record["severity"], l.Record["flags"] = strconv.Itoa(r.SeverityNumber), strconv.Itoa(r.Flags)
	l.Record["trace_id"], l.Record["span_id"] = scalar(r.TraceID), scalar(r.SpanID)
	put(l.Attributes, r.Attributes)
	flattenBody(l.Body, r.Body.plain())
}

// series is what a metric has of one combination of labels.
type series struct {
	kind  string // sum, histogram or gauge
	value float64
	count float64 // of a histogram's values
}

type otlpMetrics struct {
	ResourceMetrics []struct {
		ScopeMetrics []struct{ Metrics []otlpMetric }
	}
}

type otlpMetric struct {
	Name                                        string
	Sum, Gauge, Histogram, ExponentialHistogram *struct {
		AggregationTemporality int
		DataPoints             []struct {
			Attributes   []keyValue
			AsInt, Count json.Number
			AsDouble     float64
			Sum          float64
		}
	}
}

// key names a series.
func key(name string, labels map[string]string) string {
	var pairs []string
	for label, value := range labels {
		pairs = append(pairs, label+"="+value)
	}
	slices.Sort(pairs)
	return name + "{" + strings.Join(pairs, ",") + "}"
}

// addMetrics takes a request, or a line of the file exporter, of the metrics whose
// names begin so: deltas add up, and of cumulative points the newest counts.
func addMetrics(t *testing.T, into map[string]series, text string, prefixes ...string) {
	t.Helper()
	const delta = 1
	var md otlpMetrics
	require.NoError(t, json.Unmarshal([]byte(text), &md))
	for _, rm := range md.ResourceMetrics {
		for _, sm := range rm.ScopeMetrics {
			for _, m := range sm.Metrics {
				if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(m.Name, p) }) {
					continue
				}
				kind, data := "sum", m.Sum
				switch {
				case m.Histogram != nil:
					kind, data = "histogram", m.Histogram
				case m.ExponentialHistogram != nil:
					kind, data = "histogram", m.ExponentialHistogram
				case m.Gauge != nil:
					kind, data = "gauge", m.Gauge
				}
				for _, dp := range data.DataPoints {
					labels := map[string]string{}
					for i := range dp.Attributes {
						value := dp.Attributes[i].Value.plain()
						if labels[dp.Attributes[i].Key] = scalar(value); value != nil {
							if s, ok := value.(string); ok {
								labels[dp.Attributes[i].Key] = s
							}
						}
					}
					number, _ := dp.AsInt.Float64() // "" for a double
					count, _ := dp.Count.Float64()
					s := series{kind, number + dp.AsDouble + dp.Sum, count}
					id := key(m.Name, labels)
					if before, ok := into[id]; ok && data.AggregationTemporality == delta {
						s.value += before.value
						s.count += before.count
					}
					into[id] = s
				}
			}
		}
	}
}

package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// TestTraceIDsOfExemplars: they are what a trace is, and what an exemplar points to.
func TestTraceIDsOfExemplars(t *testing.T) {
	for _, action := range []Action{Keep, Drop} {
		policy := testPolicy()
		policy.Actions[pii.TraceID] = action
		s := newTest(t, policy)
		td := tracesBatch(func(_ ptrace.ResourceSpans, _ ptrace.ScopeSpans, span ptrace.Span) {
			span.Links().AppendEmpty().SetTraceID(pcommon.TraceID{4})
		})
		before := td.json(t)
		td.scrub(s)
		assert.Equal(t, before, td.json(t))

		var exemplar pmetric.Exemplar
		md := metricsBatch(func(m pmetric.Metric) pcommon.Map {
			own, exemplars := pointTypes["sum"](m)
			exemplar = exemplars.AppendEmpty()
			exemplar.SetTraceID(pcommon.TraceID{5})
			exemplar.SetSpanID(pcommon.SpanID{6})
			exemplar.SetIntValue(7)
			return own
		}, func(pmetric.ResourceMetrics, pmetric.ScopeMetrics, pmetric.Metric) {})
		stats := md.scrub(s)
		assert.Equal(t, action == Drop, exemplar.TraceID().IsEmpty())
		assert.Equal(t, action == Drop, exemplar.SpanID().IsEmpty())
		assert.Equal(t, int64(7), exemplar.IntValue())
		assert.Equal(t, action == Drop, stats.Changed[pii.TraceID][Drop][ByField][InAttribute] == 1)
	}
}

// TestMetricsAreTreatedApart: what a metric says of itself is treated by the top
// level, whatever rule its neighbour's data points met.
func TestMetricsAreTreatedApart(t *testing.T) {
	policy := testPolicy()
	kept := policy.Treatment
	kept.Actions[pii.Identity] = Keep
	policy.Rules = []Rule{{EventName: "kept", Treatment: kept}}
	b := metricsBatch(func(m pmetric.Metric) pcommon.Map {
		m.SetName("kept")
		own, _ := pointTypes["sum"](m)
		own.PutStr(attr.UserID, "user-1234567")
		return own
	}, func(_ pmetric.ResourceMetrics, sm pmetric.ScopeMetrics, _ pmetric.Metric) {
		sm.Metrics().AppendEmpty().Metadata().PutStr(attr.UserID, "user-7654321")
	})
	b.scrub(newTest(t, policy))
	assert.Contains(t, b.json(t), "user-1234567")
	assert.NotContains(t, b.json(t), "user-7654321")
}

// TestPointsThatBecomeEqualStay: their values are not ours to add.
func TestPointsThatBecomeEqualStay(t *testing.T) {
	b := metricsBatch(func(m pmetric.Metric) pcommon.Map {
		points := m.SetEmptySum().DataPoints()
		for i, address := range []string{"192.0.2.1", "192.0.2.2"} {
			p := points.AppendEmpty()
			p.SetIntValue(int64(i))
			p.Attributes().PutStr(attr.ClientAddress, address)
		}
		return points.At(0).Attributes()
	}, func(pmetric.ResourceMetrics, pmetric.ScopeMetrics, pmetric.Metric) {})
	b.scrub(newTest(t, testPolicy()))
	assert.Equal(t, 2, b.records())
	assert.Equal(t, 2, strings.Count(b.json(t), `"192.0.2.0"`))
}

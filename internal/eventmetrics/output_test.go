package eventmetrics

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func TestEmptyEngineHasNoMetrics(t *testing.T) {
	e := newTestEngine(t, 0)
	count(e, logs(event{source: hera}))
	assert.Zero(t, e.Metrics(start, pcommon.NewResource(), "test").ResourceMetrics().Len())
	assert.Empty(t, e.Sums())
}

func TestMetricsShape(t *testing.T) {
	e := newTestEngine(t, 0)
	// An event of a year ahead is counted now.
	ld := logs(completed(3.0), authorization("app").with(attr.Domain, "ciam"))
	records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	records.At(0).SetTimestamp(pcommon.NewTimestampFromTime(start.AddDate(1, 0, 0)))
	count(e, ld)
	resource := pcommon.NewResource()
	resource.Attributes().PutStr("service.instance.id", "one")
	now := start.Add(time.Hour)
	md := e.Metrics(now, resource, "scope")

	require.Equal(t, 1, md.ResourceMetrics().Len())
	rm := md.ResourceMetrics().At(0)
	assert.Equal(t, map[string]any{"service.instance.id": "one"}, rm.Resource().Attributes().AsRaw())
	require.Equal(t, 1, rm.ScopeMetrics().Len())
	assert.Equal(t, "scope", rm.ScopeMetrics().At(0).Scope().Name())

	var names []string
	for _, m := range rm.ScopeMetrics().At(0).Metrics().All() {
		names = append(names, m.Name())
		if m.Type() == pmetric.MetricTypeHistogram {
			assert.Equal(t, "s", m.Unit())
			assert.Equal(t, pmetric.AggregationTemporalityCumulative, m.Histogram().AggregationTemporality())
			p := m.Histogram().DataPoints().At(0)
			assert.Equal(t, start, p.StartTimestamp().AsTime())
			assert.Equal(t, now, p.Timestamp().AsTime())
			continue
		}
		assert.Equal(t, pmetric.AggregationTemporalityCumulative, m.Sum().AggregationTemporality())
		assert.True(t, m.Sum().IsMonotonic())
		for _, p := range m.Sum().DataPoints().All() {
			assert.Equal(t, pmetric.NumberDataPointValueTypeInt, p.ValueType())
			assert.Equal(t, start, p.StartTimestamp().AsTime())
			assert.Equal(t, now, p.Timestamp().AsTime())
		}
	}
	assert.Equal(t, []string{
		"auth.events", "auth.oauth.authorizations", "auth.oauth.token.exchanges", "auth.pkce.duration",
	}, names)

	m, _ := find(md, "auth.oauth.authorizations")
	assert.Equal(t, "{request}", m.Unit())
	assert.NotEmpty(t, m.Description())
	assert.Equal(t, map[string]any{
		attr.Source: hera, attr.Domain: "ciam", attr.ClientID: "app", attr.Outcome: attr.OutcomeSuccess,
	}, m.Sum().DataPoints().At(0).Attributes().AsRaw())
}

func TestBooleansStayBooleans(t *testing.T) {
	e := newTestEngine(t, 0)
	count(e, logs(authorization("app").with(attr.PKCEUsed, true)))
	eachPoint(e, "auth.oauth.authorizations", func(attributes pcommon.Map, _ int64) {
		assert.Equal(t, true, attributes.AsRaw()[attr.PKCEUsed])
	})
}

func TestClockSetBack(t *testing.T) {
	e := newTestEngine(t, 0)
	count(e, logs(authorization("app")))
	m, _ := find(e.Metrics(start.Add(-time.Hour), pcommon.NewResource(), "test"), "auth.events")
	assert.Equal(t, start, m.Sum().DataPoints().At(0).Timestamp().AsTime())
}

func TestCountsAccumulate(t *testing.T) {
	e := newTestEngine(t, 0)
	for want := int64(3); want <= 6; want += 3 {
		count(e, logs(authorization("app"), authorization("app"), authorization("app")))
		assert.Equal(t, want, total(e, "auth.events", "", ""))
	}
}

func TestOrderDoesNotDependOnArrival(t *testing.T) {
	events := []event{authorization("c"), authorization("a"), authorization("b"), {source: loginGov, name: "SAML Auth"}}
	first, second := newTestEngine(t, 0), newTestEngine(t, 0)
	count(first, logs(events...))
	slices.Reverse(events)
	for _, ev := range events {
		count(second, logs(ev))
		second.Sums() // sorts what there is so far
	}
	assert.Equal(t, first.Sums(), second.Sums())
	assert.Equal(t, points(first, "auth.events"), points(second, "auth.events"))
}

func TestSums(t *testing.T) {
	e := newTestEngine(t, 0)
	count(e, logs(completed(3.0), completed(3.5)))
	assert.Equal(t, []SumPoint{
		{0, []Attribute{{Name: attr.Source, Value: hera}, {Name: attr.OTelEventName, Value: "auth.pkce.completed"}}, 2, 0},
		{slices.IndexFunc(catalogue.Builtin().Metrics, func(m definition.Metric) bool { return m.Name == "auth.oauth.token.exchanges" }),
			[]Attribute{{Name: attr.Source, Value: hera}, {Name: attr.ClientID, Value: "app"}}, 2, 0},
	}, e.Sums(), "sums alone, without the histogram")
}

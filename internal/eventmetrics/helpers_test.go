package eventmetrics

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

var start = time.Date(2026, 5, 20, 10, 0, 0, 0, time.UTC)

func newTestEngine(tb testing.TB, maxSeries int) *Engine {
	tb.Helper()
	set := catalogue.Builtin()
	for i := range set.Metrics {
		set.Metrics[i].Zeros = nil // the tests look at what records bring
	}
	e, err := New(set, Settings{Start: start, MaxSeries: maxSeries})
	require.NoError(tb, err)
	return e
}

// event is a record in a test. Attributes is any scalar by name.
type event struct {
	source, name string
	attributes   map[string]any
}

func (ev event) with(name string, value any) event {
	attributes := map[string]any{name: value}
	for k, v := range ev.attributes {
		if k != name {
			attributes[k] = v
		}
	}
	return event{ev.source, ev.name, attributes}
}

// logs is one batch of events, of one resource without an environment.
func logs(events ...event) plog.Logs {
	ld := plog.NewLogs()
	appendEvents(ld, "", events...)
	return ld
}

func appendEvents(ld plog.Logs, environment string, events ...event) {
	rl := ld.ResourceLogs().AppendEmpty()
	if environment != "" {
		rl.Resource().Attributes().PutStr(attr.DeploymentEnvironmentName, environment)
	}
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for _, ev := range events {
		lr := records.AppendEmpty()
		lr.SetEventName(ev.name)
		// In one order for all, as a parser does.
		for _, name := range slices.Sorted(maps.Keys(ev.attributes)) {
			if err := lr.Attributes().PutEmpty(name).FromRaw(ev.attributes[name]); err != nil {
				panic(err)
			}
		}
		if ev.source != "" {
			lr.Attributes().PutStr(attr.Source, ev.source)
		}
	}
}

func count(e *Engine, ld plog.Logs) Result { return e.Compute(ld).Commit() }

// points renders all points of a metric as "attributes value", in the
// engine's order; the attributes as name=value, without common ones but the
// environment.
func points(e *Engine, metric string) []string {
	var lines []string
	eachPoint(e, metric, func(attributes pcommon.Map, value int64) {
		var parts []string
		for name, v := range attributes.All() {
			if name != attr.Source && name != attr.Domain {
				parts = append(parts, name+"="+v.AsString())
			}
		}
		lines = append(lines, fmt.Sprintf("{%s} %d", strings.Join(parts, " "), value))
	})
	return lines
}

func eachPoint(e *Engine, metric string, visit func(pcommon.Map, int64)) {
	m, ok := find(e.Metrics(start.Add(time.Minute), pcommon.NewResource(), "test"), metric)
	if !ok {
		return
	}
	if m.Type() == pmetric.MetricTypeHistogram {
		for _, p := range m.Histogram().DataPoints().All() {
			visit(p.Attributes(), int64(p.Count()))
		}
		return
	}
	for _, p := range m.Sum().DataPoints().All() {
		visit(p.Attributes(), p.IntValue())
	}
}

func find(md pmetric.Metrics, name string) (pmetric.Metric, bool) {
	for _, rm := range md.ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				if m.Name() == name {
					return m, true
				}
			}
		}
	}
	return pmetric.Metric{}, false
}

// total adds up the points of a metric that carry the attribute value, or all
// points for an empty attribute.
func total(e *Engine, metric, attribute, value string) int64 {
	var sum int64
	eachPoint(e, metric, func(attributes pcommon.Map, n int64) {
		v, ok := attributes.Get(attribute)
		if attribute == "" || ok && v.AsString() == value {
			sum += n
		}
	})
	return sum
}

func authorization(client string) event {
	return event{hera, "pkce_authorize", map[string]any{attr.ClientID: client, attr.Outcome: attr.OutcomeSuccess}}
}

func seeded() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// sortedPoints are points in the order of their texts.
func sortedPoints(e *Engine, metric string) []string {
	return slices.Sorted(slices.Values(points(e, metric)))
}

// in is a batch of one event in an environment.
func (ev event) in(environment string) plog.Logs {
	ld := plog.NewLogs()
	appendEvents(ld, environment, ev)
	return ld
}

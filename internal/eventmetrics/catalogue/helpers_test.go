package catalogue_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

var now = time.Date(2026, 5, 20, 12, 0, 0, 0, time.UTC)

func newEngine(t *testing.T) *eventmetrics.Engine {
	t.Helper()
	e, err := eventmetrics.New(catalogue.Builtin(), eventmetrics.Settings{
		Start: now.Add(-time.Hour), Now: func() time.Time { return now },
	})
	require.NoError(t, err)
	return e
}

var builtinParser = sync.OnceValue(func() *authevent.Parser {
	p, err := authevent.NewParser(authevent.Options{})
	if err != nil {
		panic(err)
	}
	return p
})

// parse makes records of lines as the receiver does. profiles are a user's own.
func parse(t *testing.T, profiles map[string]any, lines ...string) plog.Logs {
	t.Helper()
	p := builtinParser()
	if profiles != nil {
		var err error
		p, err = authevent.NewParser(authevent.Options{Profiles: profiles})
		require.NoError(t, err)
	}
	b := p.NewBatch()
	for i, line := range lines {
		r := b.Add(authevent.Line{Text: []byte(line), Offset: int64(i)}, &authevent.Origin{ID: 1}, now)
		require.Equal(t, authevent.Event, r.Kind, "%s: %s", line, r.Reason)
	}
	return b.Take()
}

// point is one series that is not zero.
type point struct {
	metric     string
	attributes map[string]string
	value      float64
	text       string // metric{attributes but the common ones} value
}

func points(e *eventmetrics.Engine) []point {
	return collect(e, func(p point) bool { return p.value != 0 })
}

func collect(e *eventmetrics.Engine, keep func(point) bool) []point {
	var list []point
	add := func(m pmetric.Metric, attributes pcommon.Map, value float64) {
		p := point{metric: m.Name(), attributes: map[string]string{}, value: value}
		var parts []string
		for name, v := range attributes.All() {
			p.attributes[name] = v.AsString()
			if name != attr.Source && name != attr.Domain && name != attr.DeploymentEnvironmentName {
				parts = append(parts, name+"="+v.AsString())
			}
		}
		p.text = fmt.Sprintf("%s{%s} %v", p.metric, strings.Join(parts, ","), value)
		if keep(p) {
			list = append(list, p)
		}
	}
	for _, rm := range e.Metrics(now, pcommon.NewResource(), "test").ResourceMetrics().All() {
		for _, sm := range rm.ScopeMetrics().All() {
			for _, m := range sm.Metrics().All() {
				eachValue(m, func(attributes pcommon.Map, value float64) { add(m, attributes, value) })
			}
		}
	}
	return list
}

// eachValue visits the points of a metric: of a histogram, the sum of what it took.
func eachValue(m pmetric.Metric, visit func(pcommon.Map, float64)) {
	number := func(p pmetric.NumberDataPoint) float64 {
		if p.ValueType() == pmetric.NumberDataPointValueTypeDouble {
			return p.DoubleValue()
		}
		return float64(p.IntValue())
	}
	switch m.Type() {
	case pmetric.MetricTypeHistogram:
		for _, p := range m.Histogram().DataPoints().All() {
			visit(p.Attributes(), p.Sum())
		}
	case pmetric.MetricTypeGauge:
		for _, p := range m.Gauge().DataPoints().All() {
			visit(p.Attributes(), number(p))
		}
	default:
		for _, p := range m.Sum().DataPoints().All() {
			visit(p.Attributes(), number(p))
		}
	}
}

// counted is what one line counts, beside the event itself, its user and the
// steps of funnels.
func counted(t *testing.T, line string) []string {
	t.Helper()
	e := newEngine(t)
	e.Compute(parse(t, nil, line)).Commit()
	var texts []string
	for _, p := range points(e) {
		if p.metric != "auth.events" && p.metric != "auth.users.unique" && p.metric != "auth.funnel.users" {
			texts = append(texts, p.text)
		}
	}
	return texts
}

// members renders what stands inside an object, after what is there already.
func members(list string) string {
	if list == "" {
		return ""
	}
	return "," + list
}

func heraLine(event, list string) string {
	return `{"type":"audit","event":"` + event + `","ts":"2026-05-20T12:00:00Z"` + members(list) + `}`
}

func loginGovLine(name, properties string) string {
	return `{"name":"` + name + `","properties":{"event_properties":{` + properties +
		`},"service_provider":"sp","user_id":"4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11"},"time":"2026-05-20T12:00:00Z","visit_id":"v-1"}`
}

func oryLine(service, message, list string) string {
	return `{"audience":"audit","service_name":"` + service + `","msg":"` + message + `","time":"2026-05-20T12:00:00Z"` + members(list) + `}`
}

func keycloakLine(kind, list string) string {
	return `{"loggerName":"org.keycloak.events","timestamp":"2026-05-20T12:00:00Z","message":"type=\"` + kind + `\", clientId=\"app\"` +
		strings.ReplaceAll(members(list), `"`, `\"`) + `"}`
}

func auth0Line(kind, list string) string {
	return `{"log_id":"1","data":{"type":"` + kind + `","date":"2026-05-20T12:00:00Z","client_id":"app"` + members(list) + `}}`
}

func oktaLine(kind, result string) string {
	return `{"eventType":"` + kind + `","published":"2026-05-20T12:00:00Z","uuid":"1","actor":{"id":"u","type":"User"},"outcome":{"result":"` + result +
		`"},"target":[{"id":"app","type":"AppInstance"}]}`
}

func authentikLine(action, list string) string {
	return `{"event":"Created Event","logger":"authentik.events.models","action":"` + action + `","timestamp":"2026-05-20T12:00:00"` + members(list) + `}`
}

func autheliaLine(message string) string {
	return `{"level":"error","method":"POST","path":"/api","remote_ip":"203.0.113.9","time":"2026-05-20T12:00:00Z","msg":"` + message + `"}`
}

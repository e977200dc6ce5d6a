package explain

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// recordOf reports the first record of ld, which v shows.
func recordOf(ld plog.Logs, v *view, m *masker) *Record {
	rl, _, lr, _ := one(ld)
	r := &Record{
		EventName: m.text(lr.EventName()), Time: timeText(lr.Timestamp()), Severity: lr.SeverityText(),
		Resource:   fieldsIn(ofResource, rl.Resource().Attributes(), m),
		Attributes: fieldsIn(ofAttribute, lr.Attributes(), m),
		Body:       bodyKind(lr.Body(), v.body()),
	}
	_, r.TimeOfReading = lr.Attributes().Get(attr.TimeFallback)
	if r.Severity == "" {
		r.Severity = lr.SeverityNumber().String()
	}
	if !lr.TraceID().IsEmpty() {
		r.TraceID = m.original(place{ofRecord, []string{fieldTrace}}, textTree(lr.TraceID().String()), nil).text
	}
	return r
}

func fieldsIn(s section, attrs pcommon.Map, m *masker) []Field {
	fields := make([]Field, 0, attrs.Len())
	for name, v := range attrs.All() {
		shown := m.original(place{s, []string{name}}, treeOf(v, false), nil)
		fields = append(fields, Field{Name: name, Value: shown.raw(), Status: statusOf(name)})
	}
	return fields
}

// statusOf is a name's standing in the semantic conventions.
func statusOf(name string) string {
	for _, list := range [][]attr.Attribute{attr.Record(), attr.Resource(), attr.Scrubbed(), attr.Sampled(), attr.Elsewhere()} {
		for _, a := range list {
			if a.Name == name {
				return string(a.Status)
			}
		}
	}
	return ""
}

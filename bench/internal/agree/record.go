package agree

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/bench/internal/pipelines"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// record is what is compared of one.
type record struct {
	time   int64
	fields map[string]string
	text   string // all of it, as OTLP JSON
}

// Fields beside attributes.
const (
	fieldEvent    = "event name"
	fieldSeverity = "severity number"
	// fieldBody is all of the line, in the row that only reads it: text on one side,
	// a map on the other. Numbers are compared as float64, which is what json_parser
	// makes of them; beyond 2^53 ours alone still has them exactly.
	fieldBody = "body"
)

// records returns those of the output, in its order. With members the attributes
// are looked for in the body, where they were left; whole is for that row.
func (o *output) records(members []pipelines.Member, whole bool) []record {
	var all []record
	for _, ld := range o.logs {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					r := recordOf(rl.Resource(), lr, members)
					if whole {
						r.fields[fieldBody] = canonical(lr.Body().AsString())
					}
					all = append(all, r)
				}
			}
		}
	}
	return all
}

func recordOf(resource pcommon.Resource, lr plog.LogRecord, members []pipelines.Member) record {
	r := record{time: int64(lr.Timestamp()), fields: map[string]string{}, text: textOf(lr)}
	if members != nil {
		for _, m := range members {
			put(r.fields, m.Attribute, at(lr.Body(), m.Path))
		}
		return r
	}
	for k, v := range resource.Attributes().All() {
		if k == attr.Source || k == attr.DeploymentEnvironmentName { // ours has the first on the record
			put(r.fields, k, v)
		}
	}
	for k, v := range lr.Attributes().All() {
		put(r.fields, k, v)
	}
	r.fields[fieldEvent] = lr.EventName()
	r.fields[fieldSeverity] = fmt.Sprint(int32(lr.SeverityNumber()))
	return r
}

// put sets a field, unless the value is empty: null in the line, which is none.
func put(fields map[string]string, name string, v pcommon.Value) {
	if v.Type() != pcommon.ValueTypeEmpty {
		fields[name] = v.AsString()
	}
}

// at returns the value at a path of names in maps, or an empty one.
func at(v pcommon.Value, path string) pcommon.Value {
	for name := range strings.SplitSeq(path, ".") {
		if v.Type() != pcommon.ValueTypeMap {
			return pcommon.NewValueEmpty()
		}
		next, there := v.Map().Get(name)
		if !there {
			return pcommon.NewValueEmpty()
		}
		v = next
	}
	return v
}

// textOf is the record alone, as it is written.
func textOf(lr plog.LogRecord) string {
	ld := plog.NewLogs()
	lr.CopyTo(ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	var m plog.JSONMarshaler
	text, err := m.MarshalLogs(ld)
	if err != nil {
		return err.Error() // of what was just read: it never is
	}
	return string(text)
}

// canonical is JSON in one way of writing it, and a text that is none as it is.
func canonical(text string) string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	written, err := json.Marshal(v)
	if err != nil {
		return text
	}
	return string(written)
}

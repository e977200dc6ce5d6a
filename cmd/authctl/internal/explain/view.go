package explain

import (
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// sections are in the order in which they are shown.
var sections = [...]section{ofRecord, ofResource, ofScope, ofAttribute, ofBody}

// view is a record by its sections.
type view [len(sections)]*tree

func (v *view) body() *tree { return v[len(sections)-1] }

// one finds the first record of ld, with what is around it.
func one(ld plog.Logs) (rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord, ok bool) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				return rl, sl, lr, true
			}
		}
	}
	return rl, sl, lr, false
}

// viewOf looks at the first record of ld; ok is false where there is none. read is
// when authctl has read the line.
func viewOf(ld plog.Logs, read pcommon.Timestamp) (v view, ok bool) {
	rl, sl, lr, ok := one(ld)
	if !ok {
		return v, false
	}
	scope := treeOfMap(sl.Scope().Attributes())
	scope.names = append([]string{"name", "version"}, scope.names...)
	scope.children = append([]*tree{textTree(sl.Scope().Name()), textTree(sl.Scope().Version())}, scope.children...)
	return view{fieldsOf(lr, read), treeOfMap(rl.Resource().Attributes()), scope, treeOfMap(lr.Attributes()), treeOf(lr.Body(), true)}, true
}

// Names of a record's fields.
const (
	fieldEvent    = "event_name"
	fieldTime     = "time"
	fieldObserved = "observed_time"
	fieldSeverity = "severity"
	fieldText     = "severity_text"
	fieldTrace    = "trace_id"
	fieldSpan     = "span_id"
	fieldFlags    = "flags"
)

// ofReading is shown for the time of observation: it is another one in the collector.
const ofReading = "(of reading)"

// fieldsOf are those that the record has.
func fieldsOf(lr plog.LogRecord, read pcommon.Timestamp) *tree {
	t := &tree{kind: '{'}
	put := func(name string, value *tree) {
		t.names = append(t.names, name)
		t.children = append(t.children, value)
	}
	put(fieldEvent, textTree(lr.EventName()))
	put(fieldTime, textTree(timeText(lr.Timestamp())))
	observed := ofReading
	if lr.ObservedTimestamp() != read { // a processor has set it
		observed = timeText(lr.ObservedTimestamp())
	}
	put(fieldObserved, textTree(observed))
	put(fieldSeverity, &tree{kind: 's', scalar: strconv.Itoa(int(lr.SeverityNumber()))})
	put(fieldText, textTree(lr.SeverityText()))
	if !lr.TraceID().IsEmpty() {
		put(fieldTrace, textTree(lr.TraceID().String()))
	}
	if !lr.SpanID().IsEmpty() {
		put(fieldSpan, textTree(lr.SpanID().String()))
	}
	if lr.Flags() != 0 {
		put(fieldFlags, &tree{kind: 's', scalar: strconv.FormatUint(uint64(lr.Flags()), 10)})
	}
	return t
}

func timeText(t pcommon.Timestamp) string { return t.AsTime().Format(time.RFC3339Nano) }

// bodyKind says what a body is, which t shows.
func bodyKind(body pcommon.Value, t *tree) string {
	switch body.Type() {
	case pcommon.ValueTypeStr:
		if t.kind != 's' {
			return "JSON as text, " + strconv.Itoa(len(body.Str())) + " bytes"
		}
		return "text, " + strconv.Itoa(len(body.Str())) + " bytes"
	case pcommon.ValueTypeMap:
		return "map, " + strconv.Itoa(body.Map().Len()) + " members"
	case pcommon.ValueTypeEmpty:
		return "none"
	default:
		return body.Type().String()
	}
}

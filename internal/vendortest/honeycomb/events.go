package honeycomb

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Event is one of Honeycomb's: a row of a dataset, flat.
type Event struct {
	Dataset string
	Time    time.Time
	// Fields are the columns: strings, bools, int64s and float64s.
	Fields map[string]any
}

// The limits of an event.
const (
	maxFields = 2000
	maxEvent  = 1_000_000 // as JSON, uncompressed
	maxString = 64 << 10
	// maxDepth is how deep maps become columns; below, they are JSON in a string.
	maxDepth = 5
	// maxFuture is how far ahead of the clock a time may be. Beyond it Honeycomb
	// takes the time of receipt in its place.
	maxFuture = time.Hour
)

// eventsOf maps all records of a request. dataset is that of the header, for
// those whose service has no name.
func eventsOf(logs plog.Logs, dataset string) (events []Event) {
	for _, rl := range logs.ResourceLogs().All() {
		name := datasetOf(rl.Resource().Attributes(), dataset)
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				e := Event{Dataset: name, Time: record.Timestamp().AsTime(), Fields: ofRecord(record)}
				// The record's own attributes win.
				flattenAll(e.Fields, rl.Resource().Attributes())
				if sl.Scope().Name() != "" {
					e.Fields["library.name"] = sl.Scope().Name()
				}
				if sl.Scope().Version() != "" {
					e.Fields["library.version"] = sl.Scope().Version()
				}
				flattenAll(e.Fields, sl.Scope().Attributes())
				flattenAll(e.Fields, record.Attributes())
				events = append(events, e)
			}
		}
	}
	return events
}

func datasetOf(resource pcommon.Map, header string) string {
	service, ok := resource.Get("service.name")
	switch {
	case ok && strings.TrimSpace(service.Str()) != "" && !strings.HasPrefix(service.Str(), "unknown_service"):
		return strings.TrimSpace(service.Str())
	case strings.TrimSpace(header) != "":
		return header
	default:
		return "unknown_log_source"
	}
}

func ofRecord(record plog.LogRecord) map[string]any {
	fields := map[string]any{
		"meta.signal_type": "log",
		"severity":         severity(record.SeverityNumber()),
		"severity_code":    int64(record.SeverityNumber()),
		"flags":            int64(record.Flags()),
	}
	if record.SeverityText() != "" {
		fields["severity_text"] = record.SeverityText()
	}
	if record.EventName() != "" {
		fields["event.name"] = record.EventName()
	}
	if id := record.TraceID(); !id.IsEmpty() {
		fields["trace.trace_id"] = hex.EncodeToString(id[:])
		fields["meta.annotation_type"] = "span_event"
	}
	flatten(fields, "body", record.Body(), 0)
	if _, ok := fields["body"]; !ok && record.Body().Type() != pcommon.ValueTypeEmpty {
		fields["body"] = inJSON(record.Body()) // beside its columns
	}
	return fields
}

func flattenAll(fields map[string]any, attributes pcommon.Map) {
	for name, value := range attributes.All() {
		if name != "" {
			flatten(fields, name, value, 0)
		}
	}
}

// flatten makes columns of a value: a map's members are named after it, with a
// dot between.
func flatten(fields map[string]any, name string, value pcommon.Value, depth int) {
	switch value.Type() {
	case pcommon.ValueTypeEmpty:
	case pcommon.ValueTypeMap:
		for member, inner := range value.Map().All() {
			if depth < maxDepth {
				flatten(fields, name+"."+member, inner, depth+1)
			} else {
				fields[name+"."+member] = inJSON(inner)
			}
		}
	case pcommon.ValueTypeSlice, pcommon.ValueTypeBytes:
		fields[name] = inJSON(value)
	default:
		fields[name] = value.AsRaw()
	}
}

// inJSON is a value as JSON, cut at the most that a string may have.
func inJSON(value pcommon.Value) string {
	text, err := json.Marshal(value.AsRaw())
	if err != nil {
		return ""
	}
	return string(text[:min(len(text), maxString)])
}

// check returns the limit that the event goes beyond, with no value of it.
func (e *Event) check() string {
	if len(e.Fields) > maxFields {
		return fmt.Sprintf("%d fields, of which %d may be", len(e.Fields), maxFields)
	}
	for name, value := range e.Fields {
		if s, ok := value.(string); ok && len(s) > maxString {
			return fmt.Sprintf("%d bytes in field %q, of which %d may be", len(s), name, maxString)
		}
	}
	text, err := json.Marshal(e.Fields)
	switch {
	case err != nil:
		return err.Error()
	case len(text) > maxEvent:
		return fmt.Sprintf("%d bytes of JSON, of which %d may be", len(text), maxEvent)
	case time.Until(e.Time) > maxFuture:
		return "a time more than an hour ahead"
	default:
		return ""
	}
}

func severity(n plog.SeverityNumber) string {
	switch {
	case n == plog.SeverityNumberUnspecified:
		return "unspecified"
	case n <= plog.SeverityNumberTrace4:
		return "trace"
	case n <= plog.SeverityNumberDebug4:
		return "debug"
	case n <= plog.SeverityNumberInfo4:
		return "info"
	case n <= plog.SeverityNumberWarn4:
		return "warn"
	case n <= plog.SeverityNumberError4:
		return "error"
	default:
		return "fatal"
	}
}

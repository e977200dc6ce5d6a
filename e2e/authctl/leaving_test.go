//go:build unix

package authctl

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// leaving is a record, each value as text by where it stands. What depends on where
// and when a line is read is not in it, see comparable.
type leaving struct{ Record, Resource, Scope, Attributes, Body map[string]string }

func newLeaving() leaving {
	return leaving{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
}

// ofReading stands for a time that was that of reading.
const ofReading = `"(of reading)"`

// comparable takes off the name of the file, and a uid that the line does not have
// itself. What is empty is left out, as OTLP has it.
func (l leaving) comparable() leaving {
	for _, section := range []map[string]string{l.Record, l.Scope} {
		for name, value := range section {
			if value == `""` || value == "0" {
				delete(section, name)
			}
		}
	}
	delete(l.Attributes, "log.file.name")
	delete(l.Attributes, "log.file.path")
	if !ownUID(l.Attributes["log.record.uid"]) {
		delete(l.Attributes, "log.record.uid")
		if l.Attributes["user.id"] == "" && l.Attributes["session.id"] == "" && strings.HasPrefix(l.Record["trace_id"], partition) {
			delete(l.Record, "trace_id")
		}
	}
	return l
}

// partition begins the trace id that configs/kafka-agent.yaml gives a record: of its
// uid, if it has no user and no session.
const partition = `"00000000000000000000000000001`

// ownUID says whether a uid is the line's, and not the collector's by file or topic.
func ownUID(uid string) bool { return strings.Count(uid, "-") == 4 }

func sorted(all []leaving) {
	key := func(l leaving) string {
		text, _ := json.Marshal(l)
		return string(text)
	}
	slices.SortFunc(all, func(a, b leaving) int { return strings.Compare(key(a), key(b)) })
}

// span is when something has read its lines.
type span struct{ from, to time.Time }

// text writes a time, and one of the span as that of reading.
func (s span) text(t time.Time) string {
	if !t.Before(s.from) && !t.After(s.to) {
		return ofReading
	}
	return strconv.Quote(t.UTC().Format(time.RFC3339Nano))
}

// nanos is text of a time in OTLP JSON; "" is 0.
func (s span) nanos(t *testing.T, digits string) string {
	t.Helper()
	if digits == "" {
		digits = "0"
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	require.NoError(t, err)
	return s.text(time.Unix(0, n))
}

// flattenBody writes a body: where it is JSON as text, what it says.
func flattenBody(into map[string]string, value any) {
	if text, ok := value.(string); ok {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var parsed any
		if strings.HasPrefix(text, "{") && json.Valid([]byte(text)) && d.Decode(&parsed) == nil {
			value = parsed
		}
	}
	flatten(into, "", value)
}

// flatten writes each value below one by its JSON Pointer behind the name.
func flatten(into map[string]string, at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(into, at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), member)
		}
		if len(v) == 0 {
			into[at] = "{}"
		}
	case []any:
		for i, element := range v {
			flatten(into, at+"/"+strconv.Itoa(i), element)
		}
		if len(v) == 0 {
			into[at] = "[]"
		}
	default:
		into[at] = scalar(v)
	}
}

// scalar is a value as text, of which a string is told from a number. Numbers have
// several forms.
func scalar(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".eE") {
			return scalar(f)
		}
		return v.String()
	default:
		text, _ := json.Marshal(v)
		return string(text)
	}
}

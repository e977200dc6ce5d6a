package policydiff

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// leaf is a value of a record that is no object and no array.
type leaf struct {
	// place is where it stands without indexes, and with no name that holds
	// something itself.
	place string
	text  string
}

// leaves collects those of a record, by where they stand: "body/properties/user_id",
// "attribute/user.id". Nothing prints a key.
type leaves map[string]leaf

func leavesOf(ld plog.Logs) leaves {
	out := leaves{}
	if ld.LogRecordCount() == 0 {
		return out
	}
	rl := ld.ResourceLogs().At(0)
	sl := rl.ScopeLogs().At(0)
	record := sl.LogRecords().At(0)
	out.members("resource", "resource ", rl.Resource().Attributes())
	out.members("attribute", "attribute ", record.Attributes())
	out.put("event name", "event name", record.EventName())
	out.put("severity text", "severity text", record.SeverityText())
	if !record.TraceID().IsEmpty() {
		out.put("trace id", "trace id", record.TraceID().String())
	}
	body := record.Body()
	var parsed any
	if body.Type() == pcommon.ValueTypeStr && decode(body.Str(), &parsed) {
		out.value("body", "body ", parsed, 0)
	} else {
		out.value("body", "body ", body.AsRaw(), 0)
	}
	return out
}

// decode reads a JSON object or array, with its numbers as they are written: one that
// is within the scrubber's bounds, which takes any other for a text.
func decode(text string, into *any) bool {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' || jsonscan.Valid(text) != jsonscan.OK {
		return false
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(into) == nil
}

func (l leaves) members(at, place string, m pcommon.Map) {
	for name, v := range m.All() {
		l.value(at+"/"+name, place+shown(name), v.AsRaw(), 0)
	}
}

// value collects what is at a place. What the scrubber has no look at for its depth is
// one leaf: the places in it would be as long as they are many.
func (l leaves) value(at, place string, v any, depth int) {
	if depth > jsonscan.MaxDepth {
		l.put(at, place, fmt.Sprint(v))
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			l.value(at+"/"+escaper.Replace(name), place+"/"+shown(escaper.Replace(name)), child, depth+1)
		}
	case []any:
		for i, child := range v {
			l.value(at+"/"+strconv.Itoa(i), place+"/*", child, depth+1)
		}
	case nil:
	case []byte:
		l.put(at, place, string(v))
	default:
		l.put(at, place, fmt.Sprint(v))
	}
}

func (l leaves) put(at, place, text string) {
	if text != "" {
		l[at] = leaf{strings.TrimSuffix(place, " "), text}
	}
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// maxName bounds a name that is printed, in bytes.
const maxName = 100

// shown is a name, unless it looks like a value: {"users":{"<id>":{…}}}.
func shown(name string) string {
	digits, other := 0, 0
	for _, c := range name {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case c < ' ' || c > '~':
			other++
		}
	}
	if other > 0 || len(name) > maxName || digits > 0 && (digits == len(name) || len(name) >= 16) || len(detect.Find(nil, name)) > 0 {
		return "*"
	}
	return name
}

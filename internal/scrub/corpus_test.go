package scrub

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

type leak struct {
	Kind   string
	Value  any
	Secret []string
	Note   string
}

// placement is a place of a record in which a value can stand.
type placement struct {
	name string
	// anyField: no field can say there that a value is an identity.
	anyField bool
	put      func(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord, name, value string)
}

// placements are where the values of leaks.jsonl and keep.jsonl are put, in one
// place at a time.
var placements = []placement{
	{"record attribute", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		lr.Attributes().PutStr(name, value)
	}},
	{"record attribute, map two deep", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		lr.Attributes().PutEmptyMap("a").PutEmptyMap("b").PutStr(name, value)
	}},
	{"record attribute, slice of strings", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		s := lr.Attributes().PutEmptySlice(name)
		s.AppendEmpty().SetStr("x")
		s.AppendEmpty().SetStr(value)
	}},
	{"record attribute, slice of maps", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		lr.Attributes().PutEmptySlice("a").AppendEmpty().SetEmptyMap().PutStr(name, value)
	}},
	{"record attribute, bytes", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		lr.Attributes().PutEmptyBytes(name).FromRaw([]byte(value))
	}},
	{"record attribute key", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.Attributes().PutInt(value, 7)
	}},
	{"body, JSON text", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		quoted, _ := json.Marshal(value)
		lr.Body().SetStr(fmt.Sprintf(`{"n":1,%q:%s,"list":[{"x":%s}]}`, name, quoted, quoted))
	}},
	{"body, JSON text, name", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		quoted, _ := json.Marshal(value)
		lr.Body().SetStr(fmt.Sprintf(`{"n":{%s:[1]}}`, quoted))
	}},
	{"body, JSON text in a string", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		quoted, _ := json.Marshal(value)
		inner, _ := json.Marshal(`{"x":` + string(quoted) + `}`)
		lr.Body().SetStr(`{"payload":` + string(inner) + `}`)
	}},
	{"body, map", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, name, value string) {
		m := lr.Body().SetEmptyMap()
		m.PutStr(name, value)
		m.PutEmptyMap("a").PutEmptyMap("b").PutEmptySlice("c").AppendEmpty().SetStr(value)
	}},
	{"body, slice", false, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.Body().SetEmptySlice().AppendEmpty().SetStr(value)
	}},
	{"body, bytes", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.Body().SetEmptyBytes().FromRaw([]byte(value))
	}},
	{"body, map key", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.Body().SetEmptyMap().PutEmptyMap("a").PutInt(value, 7)
	}},
	{"event name", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.SetEventName(value)
	}},
	{"body that is the event name", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.SetEventName(value)
		if !looksJSON(value) {
			lr.Body().SetStr(value)
		}
	}},
	{"severity text", true, func(_ plog.ResourceLogs, _ plog.ScopeLogs, lr plog.LogRecord, _, value string) {
		lr.SetSeverityText(value)
	}},
	{"resource attribute", false, func(rl plog.ResourceLogs, _ plog.ScopeLogs, _ plog.LogRecord, name, value string) {
		rl.Resource().Attributes().PutStr(name, value)
	}},
	{"scope attribute", false, func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord, name, value string) {
		sl.Scope().Attributes().PutStr(name, value)
	}},
	{"scope name and version", true, func(_ plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord, _, value string) {
		sl.Scope().SetName(value)
		sl.Scope().SetVersion(value)
	}},
	{"schema URL", true, func(rl plog.ResourceLogs, sl plog.ScopeLogs, _ plog.LogRecord, _, value string) {
		rl.SetSchemaUrl(value)
		sl.SetSchemaUrl(value)
	}},
}

const corpusFields = `{"identity":["/user.id","/list/*/x","/a/b/c","/0"]}`

func build(fields string, p placement, name, value string, fill func(plog.LogRecord)) plog.Logs {
	ld := oneRecord(fields, fill)
	rl := ld.ResourceLogs().At(0)
	sl := rl.ScopeLogs().At(0)
	p.put(rl, sl, sl.LogRecords().At(0), name, value)
	return ld
}

// views are the output raw and decoded, as who looks for a leak would.
func views(t *testing.T, ld plog.Logs) []string {
	proto, err := (&plog.ProtoMarshaler{}).MarshalLogs(ld)
	require.NoError(t, err)
	return viewsOf(marshal(t, ld), string(proto))
}

func viewsOf(text, proto string) []string {
	out := []string{text, proto}
	for _, run := range regexp.MustCompile(`[A-Za-z0-9+/]{8,}={0,2}`).FindAllString(out[0], -1) {
		if raw, err := base64.StdEncoding.DecodeString(run); err == nil {
			out = append(out, string(raw))
		}
	}
	for range 3 {
		for _, view := range out {
			if text, err := url.PathUnescape(view); err == nil && text != view {
				out = append(out, text)
			}
			unescaped := regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\.`).ReplaceAllStringFunc(view, func(e string) string {
				var c string
				_ = json.Unmarshal([]byte(`"`+e+`"`), &c)
				return c
			})
			if unescaped != view {
				out = append(out, unescaped)
			}
		}
	}
	return out
}

func TestLeaksInEveryPlace(t *testing.T) {
	s := newTest(t, testPolicy())
	for _, row := range readLines[leak](t, "leaks.jsonl") {
		value := fmt.Sprint(row.Value)
		for _, p := range placements {
			for _, fields := range []string{corpusFields, ""} {
				fill := func(plog.LogRecord) {}
				if row.Kind == "identity" {
					if p.name == "scope name and version" || p.name == "schema URL" {
						continue // a scope has no user
					}
					if p.anyField || fields == "" || strings.Contains(p.name, "string") {
						// Known as the record's user's wherever it stands.
						fill = func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.UserID, row.Secret[0]) }
					}
				}
				name := "note"
				if row.Kind == "identity" {
					name = attr.UserID
				}
				ld := build(fields, p, name, value, fill)
				before := strings.Join(views(t, ld), "\n")
				for _, secret := range row.Secret {
					require.Contains(t, before, secret, "the search must find it unscrubbed: %s in %s", row.Note, p.name)
				}
				s.Logs(ld)
				require.Equal(t, 1, ld.LogRecordCount())
				for _, view := range views(t, ld) {
					for _, secret := range row.Secret {
						assert.NotContains(t, view, secret, "%s in %s, fields %q", row.Note, p.name, fields)
					}
				}
			}
		}
	}
}

func TestKeepsInEveryPlace(t *testing.T) {
	for name, policy := range map[string]func(*Policy){
		"default":   func(*Policy) {},
		"pseudonym": func(p *Policy) { p.Actions[pii.IP] = Pseudonym },
		"drop":      func(p *Policy) { p.Actions[pii.IP], p.Actions[pii.Email], p.Actions[pii.Identity] = Drop, Drop, Drop },
	} {
		t.Run(name, func(t *testing.T) {
			policied := testPolicy()
			policy(&policied)
			s := newTest(t, policied)
			for _, row := range readLines[struct{ Value string }](t, "keep.jsonl") {
				for _, p := range placements {
					ld := build(testFields, p, "note", row.Value, func(plog.LogRecord) {})
					want := plog.NewLogs()
					ld.CopyTo(want)
					want.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().RemoveIf(func(name string, _ pcommon.Value) bool {
						return name == attr.PIIFields
					})
					stats := s.Logs(ld)
					assert.Equal(t, marshal(t, want), marshal(t, ld), p.name)
					counts := summary(stats)
					delete(counts, "unlisted scan")
					assert.Equal(t, map[string]int{"records": 1}, counts, p.name)
				}
			}
		})
	}
}

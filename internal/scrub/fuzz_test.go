package scrub

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// FuzzText holds a second pass against the first, under every action: what
// leaves must be clean for the same policy.
func FuzzText(f *testing.F) {
	for _, row := range readLines[leak](f, "leaks.jsonl") {
		if text, ok := row.Value.(string); ok {
			f.Add(text)
		}
	}
	f.Add(`%4alice@x%40 192.0.2.<a@b>44 [::1%25eth0]:80 ?code=%5BREDACTED%5D &#x41;`)
	var scrubbers []*Scrubber
	for _, action := range ipActions {
		p := testPolicy()
		p.Actions[pii.IP] = action
		if action != Truncate {
			p.Actions[pii.Email] = action
		}
		scrubbers = append(scrubbers, newTest(f, p))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range scrubbers {
			w := newWalker(s)
			once, _ := w.search(text, 0)
			twice, became := w.search(once, 0)
			if became != same || twice != once {
				t.Fatalf("ip %s: %q became %q, then %q", s.policy.Actions[pii.IP], text, once, twice)
			}
		}
	})
}

// FuzzBody scrubs bodies: valid JSON stays valid, a canary goes, and a second
// hop changes nothing.
func FuzzBody(f *testing.F) {
	f.Add(`{"id":"u1","a":[1,{"email":"x@y"}],"\u0069d":7}`, "k", false)
	f.Add(`{"ip":"192.0.2.1:5","x":"{\"y\":\"a@b\"}"}`, "tel", true)
	f.Add(readFile(f, "login_gov.json"), "password", false)
	keep, drop := testPolicy(), testPolicy()
	keep.KeepPIIFields, drop.KeepPIIFields = true, true
	drop.Actions[pii.Identity], drop.Actions[pii.Email], drop.Actions[pii.IP] = Drop, Drop, Drop
	scrubbers := map[bool]*Scrubber{false: newTest(f, keep), true: newTest(f, drop)}
	f.Fuzz(func(t *testing.T, inner, name string, dropped bool) {
		if !utf8.ValidString(inner) || !utf8.ValidString(name) {
			return
		}
		const canary = "canary.q7@example.com"
		quotedName, _ := json.Marshal(name)
		body := `{"n":` + inner + `,` + string(quotedName) + `:"` + canary + `","id":"canary-q7-id"}`
		s := scrubbers[dropped]
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			lr.Body().SetStr(body)
			lr.Attributes().PutStr(attr.VisitorID, "canary-q7-id")
			lr.Attributes().PutStr(name, inner)
		})
		stats := s.Logs(ld)
		if stats.Dropped > 0 {
			t.Fatalf("panicked on %q", body)
		}
		got := record(ld).Body().Str()
		if json.Valid([]byte(body)) && got != Redacted && !json.Valid([]byte(got)) {
			t.Fatalf("%q became %q", body, got)
		}
		once := marshal(t, ld)
		if !strings.Contains(inner+name, "canary") && strings.Contains(once, "canary") {
			t.Fatalf("%q left %q", body, once)
		}
		s.Logs(ld)
		if twice := marshal(t, ld); twice != once {
			t.Fatalf("%q became %s, then %s", body, once, twice)
		}
	})
}

package scrub

import (
	"encoding/json"
	"slices"
	"strconv"
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

// FuzzPresets plants canaries in every part of a record, under every preset and
// under a rule that allows a few fields. None may leave, a second hop must
// change nothing, look-alikes must stay under analytics, and what nobody lists
// must go where unlisted is drop.
func FuzzPresets(f *testing.F) {
	f.Add("note", "of %s", `{"n":1}`, uint8(0))
	f.Add("user agent", "Mozilla/5.0 (%s) Chrome/120", `[1,"%s"]`, uint8(1))
	f.Add("path", "/users/%s/x?y=%s", `"%s"`, uint8(2))
	f.Add("url", "https://%s@h/%s", `{"deep":{"%s":"%s"}}`, uint8(3))
	f.Add("1.2.3.4", "{\"a\":\"%s\"}", `null`, uint8(4))
	const canary, id = "canary.q7@example.com", "canary-q7-id"
	keep := []string{"v1.2.3.4.5", "12:30:45", "std::string::npos", "Root=1-67891233-abcdef012345678912345678"}
	var scrubbers []*Scrubber
	for _, preset := range Presets() {
		p := testPolicy()
		p.Actions, p.Unlisted, p.KeepPIIFields, p.Verify = preset.Actions, preset.Unlisted, true, 1
		p.Actions[pii.Email], p.Actions[pii.Identity] = Pseudonym, Redact // the audit preset keeps them
		scrubbers = append(scrubbers, newTest(f, p))
	}
	p := testPolicy()
	p.KeepPIIFields, p.Verify = true, 1
	p.Actions[pii.Email], p.EmailDomains, p.Actions[pii.IP], p.IPKeep = KeepDomain, Provider, Redact, KeepClass
	scrubbers = append(scrubbers, newTest(f, p))
	p.Rules = []Rule{{Treatment: p.Treatment, AllowFields: []string{"/public", "/ua", "x"}}}
	scrubbers = append(scrubbers, newTest(f, p))
	f.Fuzz(func(t *testing.T, name, format, inner string, which uint8) {
		if !utf8.ValidString(name) || !utf8.ValidString(format) || !json.Valid([]byte(inner)) || strings.Contains(name+format+inner, "canary") ||
			strings.Contains(strings.ToLower(name+format+inner), "q7") {
			return
		}
		n := int(which) % len(scrubbers)
		s := scrubbers[n]
		value := strings.ReplaceAll(format, "%s", canary)
		quoted, _ := json.Marshal(value)
		quotedName, _ := json.Marshal(name)
		kinds := []string{"identity", "email", "ip", "name", "quasi", "vendor", "ua", "version", "url", "path", "text", "domain", "trace", "public"}
		var body strings.Builder
		body.WriteString(`{"known":` + strings.ReplaceAll(inner, "%s", canary))
		for _, member := range kinds {
			body.WriteString(`,"` + member + `":` + string(quoted))
		}
		body.WriteString(`,` + string(quotedName) + `:` + string(quoted) + `,"ids":"` + id + ` and /users/` + id + `"}`)
		ld := oneRecord(kindFields, func(lr plog.LogRecord) {
			lr.Body().SetStr(body.String())
			lr.Attributes().PutStr(attr.VisitorID, id)
			lr.Attributes().PutStr(name, value)
			lr.Attributes().PutStr(attr.UserAgentOriginal, value)
			lr.Attributes().PutStr(attr.URLPath, value)
			lr.SetEventName(value)
		})
		ld.ResourceLogs().At(0).Resource().Attributes().PutStr("env", "x "+id)
		stats := s.Logs(ld)
		if stats.Panics > 0 || stats.Residual > 0 || stats.Dropped > 0 {
			t.Fatalf("%d: %v on %q", n, summary(stats), body.String())
		}
		once := marshal(t, ld)
		if at := strings.Index(once, "canary"); at >= 0 {
			t.Fatalf("%d: left …%s… of %q", n, once[max(0, at-80):min(len(once), at+40)], body.String())
		}
		listed := map[string]any{}
		if err := json.Unmarshal([]byte(record(ld).Body().Str()), &listed); err != nil && record(ld).Body().Str() != Redacted {
			t.Fatalf("%d: %q became %q", n, body.String(), record(ld).Body().Str())
		}
		if s.policy.Unlisted == DropUnlisted || n == len(scrubbers)-1 {
			for member := range listed {
				if !slices.Contains(append(kinds, "phone", "secret"), member) {
					t.Fatalf("%d: nobody lists %q", n, member)
				}
			}
		}
		s.Logs(ld)
		if twice := marshal(t, ld); twice != once {
			t.Fatalf("%d: %q became %s, then %s", n, body.String(), once, twice)
		}
		alike := oneRecord(testFields, func(lr plog.LogRecord) {
			for i, text := range keep {
				lr.Attributes().PutStr("k"+strconv.Itoa(i), text)
			}
		})
		before := marshal(t, alike)
		if scrubbers[0].Logs(alike); marshal(t, alike) != before {
			t.Fatalf("look-alikes became %s", marshal(t, alike))
		}
	})
}

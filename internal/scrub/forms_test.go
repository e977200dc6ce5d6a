package scrub

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// formMember is a member of a document that is written in several forms, in one order.
type formMember struct {
	name  string
	value any // string, int64, bool, nil, []formMember, []any
}

// forms makes documents out of a seed.
type forms struct {
	*rand.Rand
	names, texts []string
}

func newForms(seed uint64, name, text string) *forms {
	return &forms{
		Rand: rand.New(rand.NewPCG(seed, 0)),
		names: []string{
			name, "identity", "email", "ip", "phone", "secret", "name", "quasi", "vendor", "ua", "version", "url", "path", "text",
			"domain", "trace", "public", "code", "state", "user_id", "given_name", "n", "m", "a@b.example", "A@b.example", "192.0.2.1",
			"wide", "value", "key", "rawHeaders", "stringValue", "0", "x", "user-00012345678901",
		},
		texts: []string{
			text, "", Redacted, "alice@example.com", "Al <alice@example.com>", "192.0.2.44", "10.0.0.1:80", "2001:db8::1", "user-00012345678901",
			"of user-00012345678901 it is", "/users/user-00012345678901/x", "https://u:p@h.example/a?code=x", "Mozilla/5.0 (X11) Chrome/126.0.0.0",
			"126.0.6478.1", "+12025550123", "gmail.com", "mail.example.co.uk", `{"email":"bob@example.com","k":[1,"x"]}`, `["a@b",{"code":"7"}]`, "null", "7",
			"{not}", "Cookie", "sub", "code a@b.example", "%61lice%40example.com",
		},
	}
}

func (f *forms) value(depth int) any {
	n := f.IntN(16)
	switch {
	case n < 2 && depth < 3:
		return f.members(depth + 1)
	case n < 4 && depth < 3:
		list := []any{}
		for range f.IntN(4) {
			list = append(list, f.value(depth+1))
		}
		return list
	case n == 4:
		return f.IntN(2) == 0
	case n == 5:
		return nil
	case n < 8:
		return []int64{0, 7, -1, 20001, 1234567, 12025550123}[f.IntN(6)]
	}
	return f.texts[f.IntN(len(f.texts))]
}

// members has no name twice: of these the map would have one.
func (f *forms) members(depth int) (out []formMember) {
	seen := map[string]bool{}
	for range f.IntN(7) {
		name := f.names[f.IntN(len(f.names))]
		if !seen[name] {
			seen[name] = true
			out = append(out, formMember{name, f.value(depth)})
		}
	}
	return out
}

// write appends the value as JSON.
func write(dst []byte, value any) []byte {
	switch value := value.(type) {
	case []formMember:
		dst = append(dst, '{')
		for i, m := range value {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(write(dst, m.name), ':')
			dst = write(dst, m.value)
		}
		return append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, v := range value {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = write(dst, v)
		}
		return append(dst, ']')
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return append(dst, text...)
}

func put(v pcommon.Value, value any) {
	switch value := value.(type) {
	case []formMember:
		fill(v.SetEmptyMap(), value)
	case []any:
		s := v.SetEmptySlice()
		for _, e := range value {
			put(s.AppendEmpty(), e)
		}
	case string:
		v.SetStr(value)
	case int64:
		v.SetInt(value)
	case bool:
		v.SetBool(value)
	}
}

func fill(m pcommon.Map, members []formMember) {
	for _, one := range members {
		put(m.PutEmpty(one.name), one.value)
	}
}

// TestAtRest has what FuzzForms found: what was scrubbed must be at rest in
// every form, or Verify drops the record and the next hop changes it again.
func TestAtRest(t *testing.T) {
	drop, domain := testPolicy(), testPolicy()
	drop.Unlisted, drop.Actions[pii.Email], drop.Actions[pii.IP] = DropUnlisted, Drop, Drop
	drop.Fields = []Field{{Path: "/wide/*/name", Kind: pii.Name}}
	domain.Actions[pii.Email] = KeepDomain
	for _, tt := range []struct {
		policy     Policy
		body, want string
	}{
		// A truth value becomes a string, under the name of a secret.
		{testPolicy(), `{"identity":{"state":false},"state":false}`, `{"identity":{"state":"[REDACTED]"},"state":false}`},
		// Names that became one, below a kind whose values look like names.
		{testPolicy(), `{"phone":{"a@b.example":7,"A@b.example":8}}`, `{"phone":{"<email:a@b.example>":"[REDACTED]","<email:a@b.example>_2":"[REDACTED]"}}`},
		{domain, `{"identity":{"A@b7.example":null,"a@b7.example":null}}`, `{"identity":{"[REDACTED]@b7.example":null,"[REDACTED]@b7.example_2":null}}`},
		// A text in brackets under the name of a secret, where only something below it is listed.
		{drop, `{"wide":{"code":"{not}","a":{"name":"Al"}}}`, `{"wide":{"a":{}}}`},
		// The name that a dropped member was to have is free again.
		{drop, `{"version":{"a@b.example":false,"192.0.2.1":null}}`, `{"version":{"":null}}`},
	} {
		got := scrubKinds(t, tt.policy, tt.body)
		assert.Equal(t, tt.want, named(newTest(t, tt.policy), got, "a@b.example"), tt.body)
	}
}

// FuzzForms holds a text body against a map body of the same document, and both
// against attributes: what becomes of a value, and what is counted, must not
// depend on how it is written.
func FuzzForms(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed, "k", "v")
	}
	fields := strings.Replace(kindFields, `"name":["/name"]`, `"name":["/name","/wide/*/name"]`, 1)
	var scrubbers []*Scrubber
	for i := range 8 {
		p := testPolicy()
		p.Verify, p.KeepPIIFields = 1, true
		switch i {
		case 1:
			p.Unlisted = DropUnlisted
		case 2, 3:
			for _, kind := range pii.Kinds() {
				p.Actions[kind] = ActionsOf(kind)[0]
				if i == 3 && len(ActionsOf(kind)) > 1 {
					p.Actions[kind] = ActionsOf(kind)[1]
				}
			}
		case 4:
			p.Actions[pii.IP], p.IPKeep = Redact, KeepClass
			p.Actions[pii.Email], p.EmailDomains = KeepDomain, Registrable
		case 5:
			p.Rules = []Rule{{Treatment: p.Treatment, AllowFields: []string{"/identity", "/wide/*/name", "/ip", "/x", "identity", "x"}}}
		case 6:
			p.Actions[pii.Identity], p.Actions[pii.Email], p.Actions[pii.IP] = Drop, Drop, Drop
		case 7:
			for _, kind := range pii.Kinds() {
				for _, action := range ActionsOf(kind) {
					if action == Redact {
						p.Actions[kind] = action
					}
				}
			}
		}
		scrubbers = append(scrubbers, newTest(f, p))
	}
	f.Fuzz(func(t *testing.T, seed uint64, name, text string) {
		if !utf8.ValidString(name) || !utf8.ValidString(text) {
			return
		}
		members := newForms(seed, name, text).members(0)
		if len(members) == 0 {
			return
		}
		body := string(write(nil, members))
		for i, s := range scrubbers {
			asText := oneRecord(fields, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
			asMap := oneRecord(fields, func(lr plog.LogRecord) { put(lr.Body(), members) })
			textStats, mapStats := s.Logs(asText), s.Logs(asMap)
			if asText.LogRecordCount() != 1 || asMap.LogRecordCount() != 1 {
				t.Fatalf("%d: residue: %v %v of %s", i, summary(textStats), summary(mapStats), body)
			}
			got := record(asText).Body().Str()
			if got == Redacted && record(asMap).Body().AsString() == Redacted {
				continue
			}
			dec := json.NewDecoder(strings.NewReader(got))
			dec.UseNumber()
			var raw any
			if err := dec.Decode(&raw); err != nil {
				t.Fatalf("%d: %s became %s", i, body, got)
			}
			want := fmt.Sprint(numbers(raw))
			if have := fmt.Sprint(record(asMap).Body().AsRaw()); have != want {
				t.Fatalf("%d: %s became\n%s as a text, and as a map\n%s", i, body, want, have)
			}
			if have, want := fmt.Sprint(summary(mapStats)), fmt.Sprint(summary(textStats)); have != want {
				t.Fatalf("%d: of %s is counted\n%s as a text, and as a map\n%s", i, body, want, have)
			}
		}
	})
}

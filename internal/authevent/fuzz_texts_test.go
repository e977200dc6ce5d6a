package authevent

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// FuzzTexts: what is found inside a text is part of it, whatever the text is,
// and a line of plain text is an event only where a template fits.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{
		`type="LOGIN", userId="u-1", username="a\"b", ipAddress="203.0.113.9"`,
		`type=LOGIN userId='a b' a/b=`, `type="`, `="=",='`, `type=\"x\"`,
		`Unsuccessful 1FA attempt by user 'o'brien'`, `Unsuccessful  attempt by user '`, `{x} said hello.`, `[a] started: now`, `[][]`,
	} {
		f.Add(seed)
	}
	p, err := NewParser(Options{Profiles: map[string]any{"kv": fromYAML(f, keyValueProfile), "templates": fromYAML(f, templateProfile)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "\ufffd")
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		b := p.NewBatch()
		for _, line := range []string{`{"logger":"events","message":` + string(quoted) + `}`, `{"msg":` + string(quoted) + `}`, s} {
			r := b.Add(Line{Text: []byte(line)}, &Origin{}, observed)
			inside := s
			if line == s {
				inside = strings.TrimSpace(strings.TrimPrefix(s, byteOrderMark))
			}
			for _, value := range b.decoder.inner {
				plain := strings.NewReplacer(`\"`, `"`, `\'`, `'`)
				if len(value) > len(inside) || !strings.Contains(plain.Replace(inside), plain.Replace(value)) || !utf8.ValidString(value) {
					t.Fatalf("%q is not in %q", value, inside)
				}
			}
			if line == s && r.Kind == Event && !strings.HasPrefix(inside, "[") && !strings.HasPrefix(inside, "at ") {
				t.Fatalf("%q fits no template of lines", s)
			}
			b.Take()
		}
	})
}

// FuzzProfile: no YAML makes the compiler panic, and what it accepts parses
// lines, of which each event has a name.
func FuzzProfile(f *testing.F) {
	for _, seed := range []string{
		minimalProfile, keyValueProfile, templateProfile, driftProfile,
		minimalProfile + "time_layouts: ['2006-01-02 15:04:05']\ntime_zone: Europe/Berlin\ntypes: {/e: [text]}\npii: {identity: [/e, /a/*/b]}",
		"match: [{/a/0/b: {prefix: [x], optional: true}}]\nevent: e\nevents: {c: {e: {aliases: [f]}}}",
		"match: [{/a/b: {}}]\nevent_name: [/a/b/c]\nkey_values: [/a/b]\ntemplates: [{from: /a/b, template: 'x{c}', event: '{c}'}]",
		minimalProfile + "attributes: [{name: user.id, from: [/a/0/b], after: x, unlike: [/e], when: {/msg: {not_in: [y]}}}, {name: user.id, from: [/e], as: upper}]\npatterns: [{prefix: x, known: true}]",
		"match: [{}]", "match: [{/e: null}]\nevent_name: ['', /, //]", "[", "a: &a [*a]", "? [a]\n: b",
	} {
		f.Add(seed, `{"e":"x","a":[{"b":"x"}],"msg":"x y","message":"type=x"}`)
	}
	f.Add(minimalProfile, "[a] started: now")
	f.Fuzz(func(t *testing.T, text, line string) {
		var raw any
		if yaml.Unmarshal([]byte(text), &raw) != nil {
			return
		}
		x, err := decodeProfile("x", raw)
		if err != nil {
			mustNamePath(t, err)
			return
		}
		p := &Parser{options: Options{Body: BodyText}}
		if p.trie, p.profiles, err = compileProfiles([]*profile{x}); err != nil {
			mustNamePath(t, err)
			return
		}
		p.readsText = true
		b := p.NewBatch()
		for range 2 { // the second finds what the first left
			if r := b.Add(Line{Text: []byte(line)}, &Origin{}, observed); r.Kind == Event && b.event.name == "" {
				t.Fatalf("an event without a name: %q", line)
			}
		}
		b.TakeDrift()
		b.Release()
	})
}

func mustNamePath(t *testing.T, err error) {
	t.Helper()
	for line := range strings.Lines(err.Error()) {
		if strings.HasPrefix(line, "profiles.x") {
			return
		}
	}
	t.Fatalf("names no place: %v", err)
}

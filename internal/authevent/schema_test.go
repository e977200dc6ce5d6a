package authevent

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// fromYAML decodes a test's YAML as a collector's config is decoded.
func fromYAML(t testing.TB, text string) any {
	t.Helper()
	var raw any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	return raw
}

// minimalProfile takes lines with a text at /e.
const minimalProfile = "match: [{/e: {type: text}}]\nevent_name: [/e]\n"

// TestRefusedProfiles: each profile that can't work is refused with the place
// in the YAML, what was found and the remedy.
func TestRefusedProfiles(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		// What does not decode.
		{"[]", `profiles.x: must be a map, found a list`},
		{"", `profiles.x: must be a map, found nothing`},
		{minimalProfile + "name: y", `profiles.x.name: is "y" but the profile stands under "x": leave it out`},
		{minimalProfile + "event_names: [/e]", `profiles.x: no such key: event_names: docs/profiles.md lists those there are`},
		{minimalProfile + "EVENT: y", `profiles.x: no such key: EVENT`},
		{minimalProfile + "events_file: e.yaml", `profiles.x: no such key: events_file`},
		{minimalProfile + "attributes: [{name: user.id, form: [/u]}]", `profiles.x.attributes[0]: no such key: form`},
		{minimalProfile + "attributes: [{name: user.id, from: [/u], except: [null]}]", `profiles.x.attributes[0].except[0]: is null: put a text in quotes`},
		{minimalProfile + "attributes: [{name: user.id, from: /u}]", `profiles.x.attributes[0].from: must be a list (got a string): write it in brackets`},
		{minimalProfile + "events: {c: {n: {aliases: [17]}}}", `profiles.x.events[c][n].aliases[0]: must be a text, found a number: put it in quotes`},
		{"match: [{/e: {in: [true]}}]\nevent_name: [/e]", `profiles.x.match[0][/e].in[0]: must be a text, found true or false: put it in quotes`},
		{"match: [{/e: {optional: sure}}]\nevent_name: [/e]", `profiles.x.match[0][/e].optional: must be true or false, found a text`},
		// What has no match, no event, or a bad place.
		{"event_name: [/e]", `profiles.x.match: is missing`},
		{"event_name: [/e]\nmatch: [{}]", `profiles.x.match[0]: has no condition`},
		{"match: [{/e: {}}]", `profiles.x.event_name: is missing`},
		{"match: [{e: {}}]\nevent: x", `profiles.x.match[0]: "e": is no place in a line`},
		{"match: [{/e: {type: txt}}]\nevent: x", `profiles.x.match[0][/e].type: unknown type "txt": use text, number, boolean, object or array`},
		{"match: [{/e: {in: []}}]\nevent: x", `profiles.x.match[0][/e]: an empty list of texts holds for none`},
		{"match: [{/e: {prefix: []}}]\nevent: x", `profiles.x.match[0][/e]: an empty list of texts holds for none`},
		{minimalProfile + "time: [ts]", `profiles.x.time[0]: "ts": is no place in a line`},
		{minimalProfile + "time: ['']", `profiles.x.time[0]: "": is no place in a line`},
		{minimalProfile + "uid: [/a/*/id]", `profiles.x.uid[0]: "/a/*/id": a * stands for any name under pii alone`},
		// Attributes.
		{minimalProfile + "attributes: [{name: shoe.size, from: [/s]}]", `profiles.x.attributes[0].name: "shoe.size" is no attribute of the vocabulary, which the README`},
		{minimalProfile + "attributes: [{name: user.id, from: [/s]}, {name: auth.flow, from: [/s], as: txt}]", `profiles.x.attributes[1].as: unknown conversion "txt": use address, bool, bot, code, `},
		{minimalProfile + "attributes: [{name: user.id, from: [/a]}, {name: user.id, from: [/b]}]", `profiles.x.attributes[1].name: "user.id" is filled twice`},
		{minimalProfile + "attributes: [{name: auth.first_login, from: [/a], const: true}]", `profiles.x.attributes[0]: set either from or const`},
		{minimalProfile + "attributes: [{name: user.id}]", `profiles.x.attributes[0]: set either from or const`},
		// Events.
		{minimalProfile + "events: {c: {n: {outcome: maybe}}}", `profiles.x.events[c][n].outcome: unknown outcome "maybe": use success or failure`},
		{minimalProfile + "events: {c: {n: {severity: loud}}}", `profiles.x.events[c][n].severity: unknown severity "loud": use error`},
		{minimalProfile + "events: {c: {n: {}}, d: {n: {}}}", `profiles.x.events[d][n]: "n" stands twice: it is also "n" under c`},
		{minimalProfile + "events: {c: {m: {aliases: [old]}, n: {aliases: [old]}}}", `profiles.x.events[c][n].aliases[0]: "old" stands twice: it is also "m" under c`},
		{minimalProfile + "events: {c: {m: {aliases: [n]}, n: {}}}", `profiles.x.events[c][n]: "n" stands twice: it is also "m" under c`},
		{minimalProfile + "patterns: [{category: c}]", `profiles.x.patterns[0]: needs a prefix or a suffix`},
		{minimalProfile + "patterns: [{prefix: a, outcome: maybe}]", `profiles.x.patterns[0].outcome: unknown outcome "maybe"`},
		{minimalProfile + "outcome_values: {maybe: [x]}", `profiles.x.outcome_values: unknown outcome "maybe"`},
		{minimalProfile + "outcome_values: {success: [OK], failure: [ok]}", `profiles.x.outcome_values[success][0]: "OK" is empty, or stands twice`},
		// Personal data, types, times.
		{minimalProfile + "pii: {shoe_size: [/s]}", `profiles.x.pii[shoe_size]: unknown kind of personal data "shoe_size": use one of identity, email, ip`},
		{minimalProfile + "pii: {ip: [/s], email: [/s]}", `profiles.x.pii[ip][0]: "/s" stands under pii[email][0] as well: a field has one kind`},
		{minimalProfile + "pii: {ip: [s]}", `profiles.x.pii[ip][0]: "s": a JSON Pointer begins with '/'`},
		{minimalProfile + "key_values: [/m]\npii: {ip: [/m/ip]}", `profiles.x.pii[ip][0]: "/m/ip" is inside the text /m, which is scrubbed whole: classify /m`},
		{minimalProfile + "types: {/s: [txt]}", `profiles.x.types[/s]: unknown type "txt"`},
		{minimalProfile + "types: {/s: []}", `profiles.x.types[/s]: is empty`},
		{minimalProfile + "time_zone: Europe/Atlantis", `profiles.x.time_zone: "Europe/Atlantis" is no time zone`},
		{minimalProfile + "time_layouts: [yyyy-MM-dd]", `profiles.x.time_layouts[0]: "yyyy-MM-dd" does not bring a time back`},
		{minimalProfile + "time_layouts: ['Jan _2 15:04:05']", `profiles.x.time_layouts[0]: "Jan _2 15:04:05" does not bring a time back`},
		// Texts.
		{minimalProfile + "templates: [{from: /m, template: '{a}', event: y}]", `profiles.x.templates[0].template: has no literal text`},
		{minimalProfile + "templates: [{from: /m, template: '', event: y}]", `profiles.x.templates[0].template: has no literal text`},
		{minimalProfile + "templates: [{from: /m, template: 'x{a}{b}', event: y}]", `profiles.x.templates[0].template: has two captures with nothing between them`},
		{minimalProfile + "templates: [{from: /m, template: 'x{a} {a}', event: y}]", `profiles.x.templates[0].template: captures {a} twice`},
		{minimalProfile + "templates: [{from: /m, template: 'x{a', event: y}]", `profiles.x.templates[0].template: has a { without a }`},
		{minimalProfile + "templates: [{from: /m, template: 'x}', event: y}]", `profiles.x.templates[0].template: has a } without a {`},
		{minimalProfile + "templates: [{from: /m, template: 'x {a b}', event: y}]", `profiles.x.templates[0].template: {a b} is no name`},
		{minimalProfile + "templates: [{from: /m, template: 'x {a}', event: 'y.{b}'}]", `profiles.x.templates[0].event: {b} is not captured by the template`},
		{minimalProfile + "templates: [{from: /m, template: 'x {a}'}]", `profiles.x.templates[0].event: is missing`},
		{minimalProfile + "templates: [{from: /m, template: 'x {a}', event: y}]\ntime: [/m/b]", `profiles.x.time[0]: "/m/b": no template of /m captures {b}`},
		{minimalProfile + "key_values: [/m]\ntime: [/m/a/b]", `profiles.x.time[0]: "/m/a/b": the text /m has values alone`},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, c.yaml)}})
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestAllErrorsOfAllProfilesAreReported(t *testing.T) {
	_, err := NewParser(Options{Source: "nobody", Body: "xml", Profiles: map[string]any{
		"a": fromYAML(t, "{}"),
		"b": fromYAML(t, minimalProfile+"uid: [u]\ntime: [t]\nattributes: [{name: x, from: [/x]}]"),
		"c": fromYAML(t, minimalProfile+"typo: 1"),
	}})
	require.Error(t, err)
	for _, want := range []string{
		`body: unknown form "xml"`, `source: unknown source "nobody": use auto or a, auth0, authelia, authentik, b, caddy, hera, keycloak, login_gov, okta, ory`,
		"profiles.a.match: is missing", "profiles.a.event_name: is missing",
		"profiles.b.uid[0]: ", "profiles.b.time[0]: ", "profiles.b.attributes[0].name: ",
		"profiles.c: no such key: typo",
	} {
		assert.Contains(t, err.Error(), want)
	}
}

func TestProfileNames(t *testing.T) {
	for _, name := range []string{"auto", "", "my idp", "a@b"} {
		_, err := NewParser(Options{Profiles: map[string]any{name: fromYAML(t, minimalProfile)}})
		assert.ErrorContains(t, err, "no name for a profile", name)
	}
}

func TestUsersProfilesGoFirst(t *testing.T) {
	line := `{"type":"audit","event":"x","e":"y"}`
	r, _, _ := parseOne(t, Options{Profiles: map[string]any{"zz": fromYAML(t, minimalProfile)}}, line)
	assert.Equal(t, "zz", r.Source)

	two := map[string]any{"b": fromYAML(t, minimalProfile), "a": fromYAML(t, minimalProfile+"name: a\nservice_name: idp-a")}
	r, lr, rl := parseOne(t, Options{Profiles: two}, line)
	assert.Equal(t, "a", r.Source)
	assert.Equal(t, "y", lr.EventName())
	assert.Equal(t, "idp-a", rl.Resource().Attributes().AsRaw()["service.name"])

	r, _, rl = parseOne(t, Options{Profiles: two, Source: "b"}, line)
	assert.Equal(t, "b", r.Source)
	assert.Equal(t, "b", rl.Resource().Attributes().AsRaw()["service.name"], "a profile's name is its service's, unless set")
}

func TestUsersProfileReplacesABuiltInOne(t *testing.T) {
	o := Options{Profiles: map[string]any{"hera": fromYAML(t, "match: [{/e: {type: text}}]\nevent_name: [/e]\nservice_name: mine")}}
	r, _, _ := parseOne(t, o, `{"type":"audit","event":"x"}`)
	assert.Equal(t, Result{Kind: Unparsed, Reason: "no_event"}, r)
	r, _, rl := parseOne(t, o, `{"e":"x"}`)
	assert.Equal(t, "hera", r.Source)
	assert.Equal(t, "mine", rl.Resource().Attributes().AsRaw()["service.name"])
	assert.Equal(t, []string{"auth0", "authelia", "authentik", "caddy", "hera", "keycloak", "login_gov", "okta", "ory"}, Sources())
}

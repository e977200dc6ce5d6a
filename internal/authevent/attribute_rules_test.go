package authevent

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSeveralRulesForOneAttribute: the first that applies and yields a value counts.
func TestSeveralRulesForOneAttribute(t *testing.T) {
	profile := minimalProfile + `
attributes:
  - {name: user.id, from: [/target/0/id], when: {/target/0/type: {in: [User]}}}
  - {name: user.id, from: [/target/1/id], when: {/target/1/type: {in: [User]}}}
  - {name: user.id, from: [/actor/id], when: {/actor/type: {prefix: [Us]}}, not_categories: [admin]}
  - {name: user.id, from: [/m/user], when: {/m/kind: {in: [person]}}}
  - {name: user.id, from: [/fallback]}
  - {name: auth.method, from: [/method], categories: [mfa]}
key_values: [/m]
events: {admin: {a: {}}, mfa: {b: {method: totp}}, password: {c: {method: password}}}
`
	for line, want := range map[string]string{
		`{"e":"x","target":[{"id":"t0","type":"User"},{"id":"t1","type":"User"}]}`:                                  "t0",
		`{"e":"x","target":[{"id":"t0","type":"App"},{"id":"t1","type":"User"}],"actor":{"id":"a","type":"User"}}`:  "t1",
		`{"e":"x","target":[{"id":"","type":"User"}],"actor":{"id":"a","type":"User"}}`:                             "a",
		`{"e":"a","target":[],"actor":{"id":"a","type":"User"}}`:                                                    "(absent)",
		`{"e":"a","target":null,"actor":{"id":"a","type":"User"},"fallback":"f"}`:                                   "f",
		`{"e":"x","target":{"0":{"id":"t0","type":"User"}},"actor":{"id":"a","type":"System"},"m":"kind=x user=u"}`: "t0",
		`{"e":"x","actor":{"id":"a","type":"System"},"m":"kind=person user=u"}`:                                     "u",
		`{"e":"x","actor":{"id":"a","type":"System"},"m":"kind=machine user=u"}`:                                    "(absent)",
	} {
		_, lr, _ := parseOne(t, Options{Profiles: map[string]any{"x": fromYAML(t, profile)}}, line)
		assert.Equal(t, want, str(lr, "user.id"), line)
	}
	// A rule that does not apply leaves no room for the default either.
	for event, want := range map[string]string{"b": "totp", "c": "(absent)"} {
		_, lr, _ := parseOne(t, Options{Profiles: map[string]any{"x": fromYAML(t, profile)}}, `{"e":"`+event+`"}`)
		assert.Equal(t, want, str(lr, "auth.method"), event)
	}
}

// TestBesideTheRules: what the event's name says goes before what a rule finds,
// what is a default behind it, and neither fills any other attribute.
func TestBesideTheRules(t *testing.T) {
	o := Options{Domain: "iam", Profiles: map[string]any{"x": fromYAML(t, minimalProfile+`
attributes:
  - {name: auth.step, from: [/step]}
  - {name: auth.limiter, from: [/limiter]}
  - {name: auth.method, from: [/method]}
  - {name: user.id, from: [/user]}
events: {mfa: {a: {step: s, limiter: l, method: m}, b: {}}}
`)}}
	for line, want := range map[string]map[string]any{
		`{"e":"a","step":"1","limiter":"2","method":"3"}`: {"auth.step": "s", "auth.limiter": "l", "auth.method": "3", "auth.domain": "iam"},
		`{"e":"b","step":"1","limiter":"2","method":"3"}`: {"auth.step": "1", "auth.limiter": "2", "auth.method": "3", "auth.domain": "iam"},
		`{"e":"a"}`: {"auth.step": "s", "auth.limiter": "l", "auth.method": "m", "auth.domain": "iam"},
	} {
		_, lr, _ := parseOne(t, o, line)
		for _, always := range []string{"otel.event.name", "auth.source", "auth.category", "log.record.uid", "auth.time.fallback"} {
			lr.Attributes().Remove(always)
		}
		assert.Equal(t, len(want), lr.Attributes().Len(), "none stands twice")
		assert.Equal(t, want, lr.Attributes().AsRaw(), line)
	}
}

// TestMethodIsACode: free text, which may name somebody, makes no auth.method.
func TestMethodIsACode(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+"attributes: [{name: auth.method, from: [/m, /n], as: method}]")}}
	for line, want := range map[string]string{
		`{"e":"x","m":"OKTA_VERIFY_PUSH"}`:                "okta_verify_push",
		`{"e":"x","m":"personal-key"}`:                    "personal_key",
		`{"e":"x","m":"Anna's iPhone"}`:                   "(absent)",
		`{"e":"x","m":"+1 555 0100 177","n":"push"}`:      "push",
		`{"e":"x","m":"anna.auth@example.com","n":"sms"}`: "sms",
	} {
		_, lr, _ := parseOne(t, o, line)
		assert.Equal(t, want, str(lr, "auth.method"), line)
	}
}

func TestARuleBehindOneThatAlwaysAppliesIsRefused(t *testing.T) {
	for _, rules := range []string{
		"[{name: user.id, from: [/a]}, {name: user.id, from: [/b], categories: [c]}]",
		"[{name: user.id, from: [/a], when: {/t: {}}}, {name: user.id, from: [/b]}, {name: user.id, from: [/c]}]",
	} {
		_, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+"attributes: "+rules)}})
		assert.ErrorContains(t, err, `"user.id" is filled twice: list all its places under one from`, rules)
	}
	_, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+"attributes: [{name: user.id, from: [/a], when: {/t: {type: txt}}}]")}})
	assert.ErrorContains(t, err, `profiles.x.attributes[0].when[/t].type: unknown type "txt"`)
	_, err = NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+"attributes: [{name: user.id, from: [/a], when: {t: {}}}]")}})
	assert.ErrorContains(t, err, `profiles.x.attributes[0].when: "t": is no place in a line`)
}

func TestSegmentAfter(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+"attributes: [{name: user.id, from: [/p, /q], after: users/}]")}}
	for line, want := range map[string]string{
		`{"e":"x","p":"users/4711"}`:                         "4711",
		`{"e":"x","p":"users/a%7C1?x=/y"}`:                   "a|1",
		`{"e":"x","p":"users/50%/z"}`:                        "50%",
		`{"e":"x","p":"users/4711/role-mappings/realm"}`:     "4711",
		`{"e":"x","p":"users/"}`:                             "(absent)",
		`{"e":"x","p":"users//x","q":"users/4712"}`:          "4712",
		`{"e":"x","p":"clients/1/users/2","q":"users/4713"}`: "4713",
		`{"e":"x","p":"users"}`:                              "(absent)",
	} {
		_, lr, _ := parseOne(t, o, line)
		assert.Equal(t, want, str(lr, "user.id"), line)
	}
}

// TestKnownPatternsAreNoDrift: they stand for families of names, those without
// the mark for guesses.
func TestKnownPatternsAreNoDrift(t *testing.T) {
	p, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+`
events: {c: {listed: {}}}
patterns:
  - {prefix: family., category: f, known: true}
  - {prefix: guess., category: g}
  - {suffix: _failed, outcome: failure}
`)}})
	require.NoError(t, err)
	b := p.NewBatch()
	for _, name := range []string{"listed", "family.a", "family.b_failed", "guess.a", "other"} {
		b.Add(Line{Text: []byte(`{"e":"` + name + `"}`)}, &Origin{}, observed)
	}
	assert.Equal(t, []Drift{
		{Kind: DriftUnknownEvent, Source: "x", Name: "guess.a", Count: 1},
		{Kind: DriftUnknownEvent, Source: "x", Name: "other", Count: 1},
	}, b.TakeDrift())
	records := b.Take().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	assert.Equal(t, "f", str(records.At(2), "auth.category"))
	assert.Equal(t, "failure", str(records.At(2), "auth.outcome"))
}

// What a sender puts where a country and the names of errors belong does not
// come into labels by them.
func TestCountriesAndKeysOfErrors(t *testing.T) {
	line := func(country, key string) string {
		return `{"name":"Telephony: OTP sent","id":"x","time":"2026-05-20T10:00:00Z","properties":{"event_properties":{"success":false,` +
			`"country_code":"` + country + `","error_details":{"` + key + `":{"` + key + `":true}}}}}`
	}
	for country, want := range map[string]string{"us": "US", "DE": "DE", "anna.example": "(absent)", "4711333": "(absent)", "U": "(absent)", "é": "(absent)", "A1": "(absent)"} {
		_, lr, _ := parseOne(t, Options{}, line(country, "code"))
		assert.Equal(t, want, str(lr, "geo.country.iso_code"), country)
	}
	for key, want := range map[string]string{"code": "code.code", "203.0.113.7": "_OTHER", "2001:db8::7": "_OTHER"} {
		_, lr, _ := parseOne(t, Options{}, line("US", key))
		assert.Equal(t, want, str(lr, "error.type"), key)
	}
}

func TestUnlikeAndNotIn(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+`
attributes:
  - {name: auth.actor.id, from: [/actor, /admin], unlike: [/target]}
  - {name: user.id, from: [/target], when: {/name: {not_in: [Anonymous, ""]}}}
  - {name: http.request.method, from: [/method], as: upper}
`)}}
	for line, want := range map[string][2]string{
		`{"e":"x","actor":"a","target":"b","name":"n"}`:                     {"a", "b"},
		`{"e":"x","actor":"a","target":"a","name":"n"}`:                     {"(absent)", "a"},
		`{"e":"x","actor":"a","admin":"c","target":"a","name":"Anonymous"}`: {"c", "(absent)"},
		`{"e":"x","actor":"a","name":""}`:                                   {"a", "(absent)"},
		`{"e":"x","actor":"1","target":1,"name":{}}`:                        {"(absent)", "(absent)"},
		`{"e":"x","actor":"a","target":"b"}`:                                {"a", "(absent)"},
	} {
		_, lr, _ := parseOne(t, o, line)
		assert.Equal(t, want, [2]string{str(lr, "auth.actor.id"), str(lr, "user.id")}, line)
	}
	for method, want := range map[string]string{"patch": "PATCH", "GET": "GET", "free text": "(absent)"} {
		_, lr, _ := parseOne(t, o, `{"e":"x","method":"`+method+`"}`)
		assert.Equal(t, want, str(lr, "http.request.method"))
	}
	_, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, "match: [{/e: {not_in: []}}]\nevent: x")}})
	assert.ErrorContains(t, err, "profiles.x.match[0][/e]: an empty list of texts holds for none")
}

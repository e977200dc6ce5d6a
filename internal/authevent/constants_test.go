package authevent

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRulesOfEvents: a rule for events by name fills nothing of any other
// event, whether the profile lists the name, an alias of it, or does not.
func TestRulesOfEvents(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+`
attributes:
  - {name: auth.new_device, from: [/new], as: bool, events: [a, unlisted]}
  - {name: auth.reason, from: [/r], as: code, events: [a], when: {/ok: {in: ["true"]}}}
  - {name: auth.reason, const: said_so, events: [a, b]}
  - {name: auth.method, from: [/m], as: method, events: [a]}
events: {c: {a: {aliases: [alias], method: totp}, b: {method: sms}}}
`)}}
	for line, want := range map[string][3]string{
		`{"e":"a","new":true,"r":"x","ok":true,"m":"push"}`:  {"true", "x", "push"},
		`{"e":"alias","new":true,"r":"x","ok":true}`:         {"true", "x", "totp"},
		`{"e":"a","new":false,"r":"x","ok":false}`:           {"false", "said_so", "totp"},
		`{"e":"a","r":"free text","ok":true}`:                {"(absent)", "said_so", "totp"},
		`{"e":"b","new":true,"r":"x","ok":true,"m":"push"}`:  {"(absent)", "said_so", "(absent)"},
		`{"e":"unlisted","new":true,"r":"x"}`:                {"true", "(absent)", "(absent)"},
		`{"e":"other","new":true,"r":"x","ok":true,"m":"y"}`: {"(absent)", "(absent)", "(absent)"},
	} {
		_, lr, _ := parseOne(t, o, line)
		raw := lr.Attributes()
		newDevice := "(absent)"
		if v, ok := raw.Get("auth.new_device"); ok {
			newDevice = v.AsString()
		}
		assert.Equal(t, want, [3]string{newDevice, str(lr, "auth.reason"), str(lr, "auth.method")}, line)
	}
}

func TestConditionsOnParts(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+`
attributes:
  - {name: auth.issue, const: loa, when: {/acr: {contains: [/loa/, /aal/3]}}}
  - {name: auth.issue, const: list, when: {/list: {contains: [/loa/]}}}
  - {name: auth.issue, const: no_openid, when: {/scope: {not_contains: [openid]}}}
  - {name: auth.issue, const: no_cert, when: {/signed: {in: ["true"]}, /cert: {absent: true}}}
`)}}
	for line, want := range map[string]string{
		`{"e":"x","acr":"http://x/loa/1"}`:                               "loa",
		`{"e":"x","acr":"http://x/aal/3 y"}`:                             "loa",
		`{"e":"x","acr":"http://x/ial/1"}`:                               "(absent)",
		`{"e":"x","acr":["/loa/"]}`:                                      "loa",
		`{"e":"x","acr":7,"list":["a","http:\/\/x/loa/1"]}`:              "list",
		`{"e":"x","list":["a","b"]}`:                                     "(absent)",
		`{"e":"x","list":{"a":"/loa/"}}`:                                 "list",
		`{"e":"x","scope":"email"}`:                                      "no_openid",
		`{"e":"x","scope":"email openid"}`:                               "(absent)",
		`{"e":"x","scope":""}`:                                           "(absent)",
		`{"e":"x","scope":null}`:                                         "(absent)",
		`{"e":"x","signed":true}`:                                        "no_cert",
		`{"e":"x","signed":true,"cert":null}`:                            "no_cert",
		`{"e":"x","signed":true,"cert":"1"}`:                             "(absent)",
		`{"e":"x","signed":false}`:                                       "(absent)",
		`{"e":"x","acr":"/loa/","scope":"x","signed":true,"cert":false}`: "loa",
	} {
		_, lr, _ := parseOne(t, o, line)
		assert.Equal(t, want, str(lr, "auth.issue"), line)
	}
}

func TestPhrases(t *testing.T) {
	o := Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+`
outcome: [/ok]
error_type:
  codes: [/code]
  phrases:
    - {from: [/hint, /debug], contains: must include a code_challenge, is: challenge_missing}
`)}}
	for line, want := range map[string]string{
		`{"e":"x","ok":false,"code":"invalid","hint":"Clients must include a code_challenge, …"}`: "challenge_missing",
		`{"e":"x","ok":false,"code":"invalid","hint":1,"debug":"must include a code_challenge"}`:  "challenge_missing",
		`{"e":"x","ok":false,"code":"invalid","hint":"something else"}`:                           "invalid",
		`{"e":"x","ok":true,"code":"invalid","hint":"must include a code_challenge"}`:             "(absent)",
	} {
		_, lr, _ := parseOne(t, o, line)
		assert.Equal(t, want, str(lr, "error.type"), line)
	}
}

func TestConstantsAndConditionsThatCannotBe(t *testing.T) {
	for rules, message := range map[string]string{
		`attributes: [{name: auth.issue, const: free text}]`:                                         "attributes[0].const: is no code",
		`attributes: [{name: auth.issue, const: 3}]`:                                                 "attributes[0].const: must be true, false or a text, found a number: put it in quotes",
		`attributes: [{name: auth.issue, const: x, from: [/a]}]`:                                     "attributes[0]: set either from or const",
		`attributes: [{name: auth.issue}]`:                                                           "attributes[0]: set either from or const",
		`attributes: [{name: auth.issue, const: x, when: {/a: {contains: []}}}]`:                     "attributes[0].when[/a]: an empty list of texts holds for none",
		`attributes: [{name: auth.issue, const: x, when: {/a: {absent: true, in: [b]}}}]`:            "attributes[0].when[/a]: absent asks for nothing there",
		`attributes: [{name: auth.issue, const: x, when: {/a: {absent: true, optional: true}}}]`:     "attributes[0].when[/a]: absent asks for nothing there",
		`error_type: {phrases: [{from: [/a], contains: x}]}`:                                         "error_type.phrases[0]: needs from, contains, and a code under is",
		`error_type: {phrases: [{from: [], contains: x, is: y}]}`:                                    "error_type.phrases[0]: needs from, contains, and a code under is",
		`error_type: {phrases: [{from: [a], contains: x, is: y}]}`:                                   `error_type.phrases[0].from[0]: "a": is no place in a line`,
		`attributes: [{name: auth.issue, const: x}, {name: auth.issue, from: [/a], events: [only]}]`: `"auth.issue" is filled twice`,
	} {
		_, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, minimalProfile+rules)}})
		require.Error(t, err, rules)
		assert.ErrorContains(t, err, message, rules)
	}
}

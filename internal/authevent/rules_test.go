package authevent

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		match, line string
		takes       bool
	}{
		{`{/a: {type: number}}`, `{"a":1}`, true},
		{`{/a: {type: number}}`, `{"a":1.5}`, true},
		{`{/a: {type: number}}`, `{"a":"1"}`, false},
		{`{/a: {type: number, in: ["1"]}}`, `{"a":1}`, true},
		{`{/a: {type: array}}`, `{"a":[]}`, true},
		{`{/a: {type: array}}`, `{"a":{}}`, false},
		{`{/a: {type: boolean}}`, `{"a":false}`, true},
		{`{/a: {prefix: [user., app.]}}`, `{"a":"app.sign_on"}`, true},
		{`{/a: {prefix: [user., app.]}}`, `{"a":"device.add"}`, false},
		{`{/a: {prefix: [user.], in: [x]}}`, `{"a":"x"}`, true},
		{`{/a: {prefix: [user.], optional: true}}`, `{"b":1}`, true},
		{`{/a: {type: text}}`, `{"a":""}`, false},
		{`{/a: {type: text, optional: true}}`, `{"a":1}`, false},
		{`{/a/0/b: {in: [x]}}`, `{"a":[{"b":"x"}]}`, true},
		{`{/a/0/b: {in: [x]}}`, `{"a":{"0":{"b":"x"}}}`, true},
		{`{/a/1/b: {in: [x]}}`, `{"a":[{"b":"x"}]}`, false},
	} {
		r, _ := parseWith(t, "match: ["+c.match+"]\nevent: e", c.line)
		assert.Equal(t, c.takes, r.Kind == Event, "%s %s", c.match, c.line)
	}
}

// TestElements: elements of arrays at any depth, beside members of the array's
// place in other lines; what is no element is validated all the same.
func TestElements(t *testing.T) {
	profile := minimalProfile + `
attributes:
  - {name: user.id, from: [/target/1/id]}
  - {name: session.id, from: [/m/0/1]}
  - {name: auth.flow, from: [/target/63]}
`
	for _, c := range []struct{ line, user, session string }{
		{`{"e":"x","target":[{"id":"a"},{"id":"b"},{"id":"c"}],"m":[["p","q"],3]}`, "b", "q"},
		{`{"e":"x","target":[ {"id":"a"} , {"x":[1,2],"id":"b"} ] }`, "b", "(absent)"},
		{`{"e":"x","target":[{"id":"a"}],"m":[[]]}`, "(absent)", "(absent)"},
		{`{"e":"x","target":[],"target":[0,{"id":"c"}]}`, "c", "(absent)"},
		{`{"e":"x","target":[0,{"id":"b"}],"target":[]}`, "(absent)", "(absent)"},
		{`{"e":"x","target":{"1":{"id":"d"}},"m":null}`, "d", "(absent)"},
	} {
		r, lr := parseWith(t, profile, c.line)
		require.Equal(t, Event, r.Kind, c.line)
		assert.Equal(t, c.user, str(lr, attr.UserID), c.line)
		assert.Equal(t, c.session, str(lr, attr.SessionID), c.line)
	}
	for _, line := range []string{`{"e":"x","target":[1,}`, `{"e":"x","target":[1,]}`, `{"e":"x","target":[1 2]}`, `{"e":"x","target":[`, `{"e":"x","target":[{]}`, `{"e":"x","target":[01]}`} {
		r, _ := parseWith(t, profile, line)
		assert.Equal(t, Unparsed, r.Kind, line)
	}
}

func TestEventNames(t *testing.T) {
	events := "\nevents: {c: {new_name: {step: s, aliases: [old_name, f, 'A sentence.']}}}"
	for _, c := range []struct{ name, profile, line, event, original string }{
		{"constant", "match: [{/a: {}}]\nevent: http_request", `{"a":1}`, "http_request", "(absent)"},
		{"constant where none stands", "match: [{/a: {}}]\nevent_name: [/e]\nevent: none", `{"a":1,"e":""}`, "none", "(absent)"},
		{"as it stands", minimalProfile + events, `{"e":"else"}`, "else", "(absent)"},
		{"canonical", minimalProfile + events, `{"e":"new_name"}`, "new_name", "(absent)"},
		{"former", minimalProfile + events, `{"e":"old_name"}`, "new_name", "old_name"},
		{"code", minimalProfile + events, `{"e":"f"}`, "new_name", "f"},
		{"sentence", minimalProfile + events + "\nunknown_event: other", `{"e":"A sentence."}`, "new_name", "A sentence."},
		{"free text", minimalProfile + events + "\nunknown_event: other", `{"e":"bob did it"}`, "other", "(absent)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lr := parseWith(t, c.profile, c.line)
			require.Equal(t, Event, r.Kind)
			assert.Equal(t, c.event, lr.EventName())
			assert.Equal(t, c.original, str(lr, attr.EventOriginalName))
			if c.event == "new_name" {
				assert.Equal(t, "s", str(lr, attr.Step))
				assert.Equal(t, "c", str(lr, attr.Category))
			}
		})
	}
	r, _ := parseWith(t, "match: [{/a: {}}]\nevent_name: [/e]", `{"a":1}`)
	assert.Equal(t, Result{Kind: Unparsed, Reason: reasonNoEvent}, r, "no name, no event")
}

func TestOutcomeValues(t *testing.T) {
	profile := minimalProfile + `
outcome: [/o]
outcome_values: {success: [ALLOW, Erfolg], failure: [DENY]}
events: {c: {failed: {outcome: failure}}}
`
	for value, want := range map[string]string{
		`"ALLOW"`: "success", `"allow"`: "success", `"deny"`: "failure", `"ERFOLG"`: "success", `"SKIPPED"`: "(absent)",
		`true`: "success", `"TRUE"`: "success", `0`: "failure", `2`: "(absent)", `null`: "(absent)", `{}`: "(absent)",
	} {
		_, lr := parseWith(t, profile, `{"e":"x","o":`+value+`}`)
		assert.Equal(t, want, str(lr, attr.Outcome), value)
	}
	_, lr := parseWith(t, profile, `{"e":"failed","o":"ALLOW"}`)
	assert.Equal(t, "success", str(lr, attr.Outcome), "the line knows better than the name")
	_, lr = parseWith(t, profile, `{"e":"failed","o":"SKIPPED"}`)
	assert.Equal(t, "failure", str(lr, attr.Outcome))
}

func TestTimeRules(t *testing.T) {
	profile := minimalProfile + `
time: [/t, /s]
time_zone: America/New_York
time_layouts: ["02/Jan/2006:15:04:05 -0700", "2006/01/02 15:04:05"]
`
	for s, want := range map[string]string{
		`"t":"2026-05-20T10:00:00Z"`:            "2026-05-20T10:00:00Z",
		`"t":"2026-05-20T10:00:00"`:             "2026-05-20T14:00:00Z",
		`"t":"2026-01-20 10:00:00"`:             "2026-01-20T15:00:00Z",
		`"t":"20/May/2026:10:00:00 +0200"`:      "2026-05-20T08:00:00Z",
		`"t":"2026/05/20 10:00:00"`:             "2026-05-20T14:00:00Z",
		`"t":"soon","s":"2026-05-20T10:00:00Z"`: "2026-05-20T10:00:00Z",
		`"t":1779271200`:                        "2026-05-20T10:00:00Z",
		`"t":"20.05.2026"`:                      "",
	} {
		_, lr := parseWith(t, profile, `{"e":"x",`+s+`}`)
		if want == "" {
			assert.Equal(t, observed, lr.Timestamp().AsTime(), s)
			continue
		}
		assert.Equal(t, want, lr.Timestamp().AsTime().Format(time.RFC3339), s)
	}
}

// TestLoginGovRenames: a former name becomes the new one, and is kept.
func TestLoginGovRenames(t *testing.T) {
	for former, name := range map[string]string{
		"PIV/CAC login":                       "piv_cac_login",
		"User Registration: piv cac disabled": "piv_cac_delete_submitted",
		"IdV: review info visited":            "idv_enter_password_visited",
		"Throttler Rate Limit Triggered":      "Rate Limit Reached",
	} {
		_, lr, _ := parseOne(t, Options{}, `{"name":"`+former+`","properties":{}}`)
		assert.Equal(t, name, lr.EventName())
		assert.Equal(t, former, str(lr, attr.EventOriginalName))
	}
	_, lr, _ := parseOne(t, Options{}, `{"name":"Account Reset","properties":{}}`)
	assert.Equal(t, "Account Reset", lr.EventName(), "it was split into several")
}

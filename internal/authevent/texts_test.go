package authevent

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// parseWith parses one line by the profile x alone.
func parseWith(t *testing.T, profile, line string) (Result, plog.LogRecord) {
	t.Helper()
	r, lr, _ := parseOne(t, Options{Source: "x", Profiles: map[string]any{"x": fromYAML(t, profile)}}, line)
	return r, lr
}

const keyValueProfile = `
match: [{/logger: {in: [events]}, /message/type: {type: text}}]
event_name: [/message/type]
key_values: [/message]
attributes:
  - {name: user.id, from: [/message/userId], except: ["null"]}
  - {name: user.name, from: [/message/username]}
  - {name: client.address, from: [/message/ipAddress], as: address}
  - {name: http.response.status_code, from: [/message/status], as: int}
  - {name: url.path, from: [/message/a~1b]}
`

func TestKeyValues(t *testing.T) {
	for _, c := range []struct {
		name, message string // message as it stands in the JSON
		event         string // "" where the line is not taken
		want          map[string]string
	}{
		{"quoted", `type=\"LOGIN_ERROR\", userId=\"u-1\", ipAddress=\"203.0.113.9\", username=\"bob smith\"`, "LOGIN_ERROR",
			map[string]string{attr.UserID: "u-1", attr.ClientAddress: "203.0.113.9", attr.UserName: "bob smith"}},
		{"bare", `type=LOGIN, userId=u-1, ipAddress=203.0.113.9, username=bob`, "LOGIN",
			map[string]string{attr.UserID: "u-1", attr.ClientAddress: "203.0.113.9", attr.UserName: "bob"}},
		{"single quotes", `type=LOGIN, username='bob smith', userId=u-1`, "LOGIN", map[string]string{attr.UserName: "bob smith", attr.UserID: "u-1"}},
		{"no commas", `type=LOGIN userId=u-1 username=\"bob\"`, "LOGIN", map[string]string{attr.UserID: "u-1", attr.UserName: "bob"}},
		{"words between", `Login failed: type=\"LOGIN\" (again) userId=\"u-1\"`, "LOGIN", map[string]string{attr.UserID: "u-1"}},
		{"a comma inside", `type=LOGIN, redirect=http://x/?a=1,2, userId=u-1`, "LOGIN", map[string]string{attr.UserID: "u-1"}},
		{"null is none", `type=LOGIN, userId=\"null\"`, "LOGIN", map[string]string{attr.UserID: "(absent)"}},
		{"an escaped quote", `type=\"LOGIN\", username=\"a\\\"b\", userId=\"u-1\"`, "LOGIN", map[string]string{attr.UserName: `a"b`, attr.UserID: "u-1"}},
		{"a forged pair", `type=\"LOGIN\", username=\"a\\\", userId=\\\"evil\", userId=\"u-1\"`, "LOGIN",
			map[string]string{attr.UserName: `a", userId="evil`, attr.UserID: "u-1"}},
		{"the first counts", `type=LOGIN, userId=u-1, username=x, userId=evil`, "LOGIN", map[string]string{attr.UserID: "u-1"}},
		{"an open quote", `type=LOGIN, username=\"bob`, "LOGIN", map[string]string{attr.UserName: `"bob`}},
		{"a number", `type=LOGIN, status=404`, "LOGIN", map[string]string{attr.HTTPResponseStatusCode: "404"}},
		{"a slash in a key", `type=LOGIN, a/b=x`, "LOGIN", map[string]string{attr.URLPath: "x"}},
		{"empty", `type=LOGIN, userId=`, "LOGIN", map[string]string{attr.UserID: "(absent)"}},
		{"an empty type", `type=\"\"`, "", nil},
		{"no pairs", `Started`, "", nil},
		{"nothing", ``, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lr := parseWith(t, keyValueProfile, `{"logger":"events","message":"`+c.message+`"}`)
			if c.event == "" {
				assert.Equal(t, Result{Kind: Unparsed, Reason: reasonNoEvent}, r)
				return
			}
			require.Equal(t, Event, r.Kind)
			assert.Equal(t, c.event, lr.EventName())
			for name, want := range c.want {
				assert.Equal(t, want, str(lr, name), name)
			}
		})
	}
}

// TestTextsAreOfOneProfile: what stands inside a text for one profile is no
// member of an object for another.
func TestTextsAreOfOneProfile(t *testing.T) {
	profiles := map[string]any{
		"a": fromYAML(t, "match: [{/message/type: {in: [never]}}]\nevent_name: [/message/type]\nkey_values: [/message]"),
		"b": fromYAML(t, "match: [{/message/type: {type: text}}]\nevent_name: [/message/type]"),
	}
	r, _, _ := parseOne(t, Options{Profiles: profiles}, `{"message":"type=x"}`)
	assert.Equal(t, Unparsed, r.Kind)
	r, lr, _ := parseOne(t, Options{Profiles: profiles}, `{"message":{"type":"y"}}`)
	assert.Equal(t, "b", r.Source)
	assert.Equal(t, "y", lr.EventName())
}

// TestTextsOfAProfileThatDoesNotTakeTheLine leave nothing behind.
func TestTextsOfAProfileThatDoesNotTakeTheLine(t *testing.T) {
	profiles := map[string]any{
		"a": fromYAML(t, "match: [{/m/who: {in: [nobody]}}]\ntemplates: [{from: /m, template: 'hello {who}', event: greeting}]"),
		"b": fromYAML(t, "match: [{/m: {type: text}}]\nevent: own\nkey_values: [/m]"),
	}
	r, lr, _ := parseOne(t, Options{Profiles: profiles}, `{"m":"hello world"}`)
	assert.Equal(t, "b", r.Source)
	assert.Equal(t, "own", lr.EventName())
}

const templateProfile = `
match: [{/msg: {type: text}}]
event_name: [/event, /msg]
unknown_event: other_message
templates:
  - {from: /msg, template: "Unsuccessful {method} attempt by user '{user}'", event: first_factor_failed}
  - {from: /msg, template: "Unsuccessful {method} attempt by user '{user}' from {ip}", event: first_factor_failed_from}
  - {from: /msg, template: "{{{}}} said {what}.", event: "said.{what}"}
  - {template: "[{area}] {kind}: {}", event: "{area}.{kind}"}
  - {template: "at {time}", event: tick}
events:
  login: {first_factor_failed: {outcome: failure}, signed_in: {outcome: success, aliases: ["User signed in", fp]}}
  area: {a.started: {aliases: [a.begun]}}
time: [/time]
attributes:
  - {name: user.name, from: [/msg/user]}
  - {name: auth.method, from: [/msg/method], as: method}
  - {name: client.address, from: [/msg/ip], as: address}
  - {name: auth.flow, from: [/area]}
`

func TestTemplates(t *testing.T) {
	for _, c := range []struct{ name, line, event, original, user string }{
		{"fits", `{"msg":"Unsuccessful 1FA attempt by user 'bob'"}`, "first_factor_failed", "(absent)", "bob"},
		{"goes before event_name", `{"event":"fp","msg":"Unsuccessful 1FA attempt by user 'bob'"}`, "first_factor_failed", "(absent)", "bob"},
		{"the second", `{"msg":"Unsuccessful 1FA attempt by user 'bob' from 192.0.2.1"}`, "first_factor_failed_from", "(absent)", "bob"},
		{"a quote in a name", `{"msg":"Unsuccessful 1FA attempt by user 'o'brien'"}`, "first_factor_failed", "(absent)", "o'brien"},
		{"braces and a name of captures", `{"msg":"{x} said hello."}`, "said.hello", "(absent)", "(absent)"},
		{"a capture that is no code", `{"msg":"{x} said hello world."}`, "other_message", "(absent)", "(absent)"},
		{"an alias", `{"msg":"User signed in"}`, "signed_in", "User signed in", "(absent)"},
		{"a code", `{"event":"fp","msg":"Wrong password"}`, "signed_in", "fp", "(absent)"},
		{"free text", `{"msg":"bob@example.com signed in"}`, "other_message", "(absent)", "(absent)"},
		{"a plain line", "[a] started: now", "a.started", "(absent)", "(absent)"},
		{"a plain line's alias", "[a] begun: now\r", "a.started", "a.begun", "(absent)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, lr := parseWith(t, templateProfile, c.line)
			require.Equal(t, Event, r.Kind)
			assert.Equal(t, c.event, lr.EventName())
			assert.Equal(t, c.event, str(lr, attr.OTelEventName))
			assert.Equal(t, c.original, str(lr, attr.EventOriginalName))
			assert.Equal(t, c.user, str(lr, attr.UserName))
		})
	}
}

func TestPlainTextEvent(t *testing.T) {
	for _, body := range []Body{BodyText, BodyMap} {
		r, lr, rl := parseOne(t, Options{Body: body, Profiles: map[string]any{"x": fromYAML(t, templateProfile)}}, "  [a] started: now \r")
		assert.Equal(t, Result{Kind: Event, Source: "x"}, r)
		assert.Equal(t, "[a] started: now", lr.Body().Str())
		assert.Equal(t, "a", str(lr, attr.Flow), "a capture is as a member of the line")
		fields, _ := rl.ScopeLogs().At(0).Scope().Attributes().Get(attr.PIIFields)
		assert.Equal(t, `{"public":["/area","/time"],"text":["/event","/msg"]}`, fields.Str(), "of lines that are JSON")
	}
	_, lr := parseWith(t, templateProfile, "at 2026-05-20T10:00:00Z")
	assert.Equal(t, "2026-05-20T10:00:00Z", lr.Timestamp().AsTime().Format("2006-01-02T15:04:05Z07:00"))
	for _, line := range []string{"[a] b", "[a]", "a", "[1]", "at"} {
		r, _ := parseWith(t, templateProfile, line)
		assert.Equal(t, Unparsed, r.Kind, line)
	}
}

func TestFailOpenIsAnError(t *testing.T) {
	for _, prefix := range []string{"", "[ERROR]"} {
		r, lr, _ := parseOne(t, Options{}, prefix+"[security][brute_force][fail_open] checkLockout DB error: x")
		assert.Equal(t, "hera", r.Source)
		assert.Equal(t, "brute_force.fail_open", lr.EventName())
		assert.Equal(t, plog.SeverityNumberError, lr.SeverityNumber())
		assert.Equal(t, "lockout", str(lr, attr.Category))
	}
	r, _, _ := parseOne(t, Options{}, "[security][brute_force] value is below minimum")
	assert.Equal(t, reasonNotJSON, r.Reason)
	r, _, _ = parseOne(t, Options{}, "[security][brute force][fail_open] x")
	assert.Equal(t, reasonNotJSON, r.Reason, "free text never becomes an event's name")
}

// TestReleaseLetsGoOfTexts: a pooled batch holds nobody's user name.
func TestReleaseLetsGoOfTexts(t *testing.T) {
	p, err := NewParser(Options{Profiles: map[string]any{"x": fromYAML(t, keyValueProfile), "y": fromYAML(t, templateProfile)}})
	require.NoError(t, err)
	b := p.NewBatch()
	b.Add(Line{Text: []byte(`{"logger":"events","message":"type=LOGIN, username=\"canary\""}`)}, &Origin{}, observed)
	b.Add(Line{Text: []byte(`{"msg":"Unsuccessful 1FA attempt by user 'canary'"}`)}, &Origin{}, observed)
	require.Contains(t, strings.Join(b.decoder.inner, " "), "canary")
	b.Add(Line{Text: []byte(`{"type":"audit","event":"canary"}`)}, &Origin{}, observed)
	require.NotEmpty(t, b.drift.seen)
	b.Release()
	assert.NotContains(t, strings.Join(b.decoder.inner[:cap(b.decoder.inner)], " "), "canary")
	assert.NotContains(t, strings.Join(b.decoder.captures[:cap(b.decoder.captures)], " "), "canary")
	assert.Empty(t, b.decoder.event)
	assert.Nil(t, b.event.meaning)
	assert.Empty(t, b.TakeDrift())
}

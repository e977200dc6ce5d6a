//go:build unix

package e2e

import (
	"fmt"
	"net/url"
	"strings"
)

// canary is a planted value.
type canary struct {
	kind  string
	place string
	value string
	// needles are what of the value may not be found: its part that tells, in
	// more than one spelling if it is not found as it was planted.
	needles []string
}

// A place makes a line that holds a value. Known places are fields that the
// profiles know; a scrubber finds e-mail and IP addresses anywhere, but an
// identity only in a known field, or where it repeats one of the same record.
type place struct {
	name string
	line func(value string) string
}

// hera and loginGov frame the members of a line.
func hera(members string) string {
	return `{"type":"audit","event":"mfa_challenge_failed","method":"totp","ts":"2026-05-20T10:00:00.000Z",` + members + `}`
}

func loginGov(properties, eventProperties string) string {
	return `{"name":"Multi-Factor Authentication","properties":{"event_properties":{"success":false,` + eventProperties +
		`},"path":"/x",` + properties + `},"time":"2026-08-21T20:38:54.123Z","visit_id":null,"log_filename":"events.log"}`
}

func heraMember(format string) func(string) string {
	return func(v string) string { return hera(fmt.Sprintf(format, v)) }
}

func loginGovMember(format string) func(string) string {
	return func(v string) string { return loginGov(fmt.Sprintf(format, v), `"x":1`) }
}

func loginGovEvent(format string) func(string) string {
	return func(v string) string { return loginGov(`"locale":"en"`, fmt.Sprintf(format, v)) }
}

// anywhere are places where e-mail and IP addresses are found by search.
var anywhere = []place{
	{"an unknown member", heraMember(`"x":"%s"`)},
	{"free text", heraMember(`"x":"from %s, again"`)},
	{"a nested member", heraMember(`"x":{"y":{"z":"%s"}}`)},
	{"an array", heraMember(`"x":["a",["%s"]]`)},
	{"an array of objects", heraMember(`"x":[{"y":"%s"}]`)},
	{"a name", heraMember(`"%s":true`)},
	{"a nested name", heraMember(`"x":{"%s":{"y":1}}`)},
	{"the event's name", func(v string) string { return `{"type":"audit","event":"` + v + `"}` }},
	{"an action's name", func(v string) string { return `{"audit":true,"action":"x ` + v + `"}` }},
	{"client_id", heraMember(`"client_id":"%s"`)},
	{"provider", heraMember(`"provider":"%s"`)},
	{"reason", heraMember(`"reason":"%s"`)},
	{"flow", heraMember(`"flow":"%s"`)},
	{"domain", heraMember(`"domain":"%s"`)},
	{"env, which becomes a resource attribute", heraMember(`"env":"%s"`)},
	{"the time", func(v string) string { return `{"type":"audit","event":"x","ts":"` + v + `"}` }},
	{"duplicate members", heraMember(`"x":"%s","x":"y"`)},
	{"a member of an escaped name", heraMember(`"\u0065mail":"%s"`)},
	{"changed_fields", heraMember(`"changed_fields":["%s"]`)},
	{"upper-case key", heraMember(`"EMAIL":"%s"`)},
	{"a key with blanks", heraMember(`" email ":"%s"`)},
	{"JSON in a string", heraMember(`"x":"{\"user\":\"%s\",\"n\":[1]}"`)},
	{"JSON in a string in a string", heraMember(`"x":"{\"a\":\"{\\\"b\\\":\\\"%s\\\"}\"}"`)},
	{"plain text", func(v string) string { return "login of " + v + " failed" }},
	{"a truncated object", func(v string) string { return `{"type":"audit","x":"` + v + `"` }},
	{"an object that is no event", func(v string) string { return `{"x":"` + v + `"}` }},
	{"an array line", func(v string) string { return `["` + v + `"]` }},
	{"trailing text", func(v string) string { return hera(`"x":1`) + " " + v }},
	{"user_agent", loginGovMember(`"user_agent":"Mozilla/5.0 (%s)"`)},
	{"referer", loginGovMember(`"referer":"https://idp.example/?login_hint=%s&r=1"`)},
	{"path", loginGovMember(`"path":"/users/%s"`)},
	{"service_provider", loginGovMember(`"service_provider":"%s"`)},
	{"hostname", loginGovMember(`"hostname":"%s"`)},
	{"trace_id", loginGovMember(`"trace_id":"%s"`)},
	{"git_sha", loginGovMember(`"git_sha":"%s"`)},
	{"browser_name", loginGovMember(`"browser_name":"%s"`)},
	{"the id", func(v string) string { return `{"name":"x","properties":{},"id":"` + v + `"}` }},
	{"the name", func(v string) string { return `{"name":"x ` + v + `","properties":{}}` }},
	{"error_details' key", loginGovEvent(`"error_details":{"%s":true}`)},
	{"error_details' text", loginGovEvent(`"error_details":["no match for %s"]`)},
	{"error", loginGovEvent(`"error":"%s"`)},
	{"exception", loginGovEvent(`"exception":"Net::ReadTimeout: %s"`)},
	{"multi_factor_auth_method", loginGovEvent(`"multi_factor_auth_method":"%s"`)},
	{"context", loginGovEvent(`"context":"%s"`)},
	{"an unknown event property", loginGovEvent(`"x":{"y":["%s"]}`)},
}

// encoded are places where addresses stand in another spelling.
var encoded = []place{
	{"percent-encoded", func(v string) string { return hera(`"x":"https://a.example/?u=` + url.QueryEscape(v) + `"`) }},
	{"percent-encoded twice", func(v string) string {
		return hera(`"x":"` + url.QueryEscape(url.QueryEscape(v)) + `"`)
	}},
	{"JSON escapes", func(v string) string { return hera(`"x":"` + jsonEscaped(v) + `"`) }},
	{"JSON escapes in a name", func(v string) string { return hera(`"` + jsonEscaped(v) + `":1`) }},
}

// known are the fields of the profiles that hold each kind.
var known = map[string][]place{
	"identity": {
		{"identity_id", heraMember(`"identity_id":"%s"`)},
		{"admin_id", heraMember(`"admin_id":"%s"`)},
		{"actor_id", heraMember(`"actor_id":"%s"`)},
		{"metadata.session_id", heraMember(`"metadata":{"session_id":"%s"}`)},
		{"an object in identity_id", heraMember(`"identity_id":{"a":["%s"]}`)},
		{"duplicate identity_id", heraMember(`"identity_id":"%s","identity_id":"x"`)},
		{"an escaped name", heraMember(`"identity\u005fid":"%s"`)},
		{"user_id", loginGovMember(`"user_id":"%s"`)},
		{"visitor_id", func(v string) string { return `{"name":"x","properties":{},"visitor_id":"` + v + `"}` }},
		{"visit_id", func(v string) string { return `{"name":"x","properties":{},"visit_id":"` + v + `"}` }},
		{"event_properties.user_id", loginGovEvent(`"user_id":"%s"`)},
		{"event_properties.session_id", loginGovEvent(`"session_id":"%s"`)},
		{"phone_fingerprint", loginGovEvent(`"phone_fingerprint":"%s"`)},
		{"threatmetrix' session_id", loginGovEvent(`"proofing_results":{"context":{"stages":{"threatmetrix":{"session_id":"%s"}}}}`)},
		{"a path", repeated(`"path":"/users/%s/x"`)},
		{"an unknown member", repeated(`"x":"%s"`)},
		{"a name", repeated(`"x":{"%s":1}`)},
		{"an array", repeated(`"x":["%s"]`)},
		{"free text", repeated(`"user_agent":"agent of %s (x)"`)},
		{"upper case", func(v string) string { return repeated(`"x":"%s"`)(strings.ToUpper(v)) }},
		{"client_id", repeated(`"service_provider":"%s"`)},
		{"the trace id", repeated(`"trace_id":"%s"`)},
		{"plain text", func(v string) string { return "session of " + v }},
		{"a truncated object", func(v string) string { return `{"identity_id":"` + v }},
		{"an object that is no event", func(v string) string { return `{"identity_id":"` + v + `"}` }},
	},
	"email": {
		{"admin_email", heraMember(`"admin_email":"%s"`)},
		{"actor", heraMember(`"actor":"%s"`)},
		{"email", heraMember(`"email":"%s"`)},
		{"an object in email", heraMember(`"email":{"a":"%s"}`)},
		{"event_properties.email", loginGovEvent(`"email":"%s"`)},
	},
	"ip": {
		{"source_ip", heraMember(`"source_ip":"%s"`)},
		{"metadata.ip", heraMember(`"metadata":{"ip":"%s"}`)},
		{"an array in source_ip", heraMember(`"source_ip":["%s"]`)},
		{"user_ip", loginGovMember(`"user_ip":"%s"`)},
		{"event_ip", loginGovEvent(`"event_ip":"%s"`)},
		{"disavowed_device_last_ip", loginGovEvent(`"disavowed_device_last_ip":"%s"`)},
	},
}

// repeated makes a line that has the identity as its user, and once more.
func repeated(format string) func(string) string {
	return func(v string) string {
		return loginGov(`"user_id":"`+v+`",`+fmt.Sprintf(format, v), `"x":1`)
	}
}

// plant makes the lines, places in turn until all canaries stand.
func plant() (lines []string, planted []canary) {
	put := func(c canary, p place) {
		c.place = p.name
		lines = append(lines, p.line(c.value))
		planted = append(planted, c)
	}
	for _, kind := range []string{"identity", "email", "ip"} {
		places := append(append([]place{}, known[kind]...), ofIdPs[kind]...)
		if kind != "identity" {
			places = append(append(places, anywhere...), encoded...)
		}
		for i := range canariesPerKind {
			put(newCanary(kind, i), places[i%len(places)])
		}
	}
	for i, s := range spellings {
		for j, p := range spelledIn {
			put(s(10*i+j), p)
		}
	}
	return lines, planted
}

// newCanary makes a value that no other canary's spelling contains, and that
// nothing in the collector makes by itself.
func newCanary(kind string, i int) canary {
	switch kind {
	case "identity":
		v := fmt.Sprintf("c0ffee00-%04d-4bad-8bad-%012d", i, 100_000_000_000+i)
		return canary{kind: kind, value: v, needles: []string{v}}
	case "email":
		v := fmt.Sprintf("canary%03d+x@nest%03d.example", i, i)
		return canary{kind: kind, value: v, needles: []string{fmt.Sprintf("canary%03d", i)}}
	default:
		v := fmt.Sprintf("198.%d.%d.%d", 18+i/200, i%200, 101+i%100)
		if i%3 == 0 {
			v = fmt.Sprintf("2001:db8:%x:7::%x", 0x1000+i, 0xbad0+i)
		}
		return canary{kind: kind, value: v, needles: []string{v}}
	}
}

// jsonEscaped writes every character as \uXXXX.
func jsonEscaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return b.String()
}

package scrub

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

const uuid = "9088ec8a-d3f1-3f19-15d4-e7c20e9bac31"

func TestTextBody(t *testing.T) {
	s := newTest(t, testPolicy())
	nested := `{"p":"{\"q\":\"{\\\"e\\\":\\\"alice@example.com\\\",\\\"password\\\":\\\"x\\\"}\"}"}`
	for body, want := range map[string]string{
		// Unchanged bytes stay, in whatever form they are written.
		` { "a" : 1.50 , "b":"\u003c\/" , "c":12345678901234567890 } `: ` { "a" : 1.50 , "b":"\u003c\/" , "c":12345678901234567890 } `,
		`{}`: `{}`,
		`[]`: `[]`,
		// Known fields.
		`{"id":"u1", "n":[1,2],"email":"A <Alice@Example.com>","x":"\u00e9"}`: `{"id":"<identity:u1>", "n":[1,2],"email":"<email:alice@example.com>","x":"\u00e9"}`,
		`{"id":91823745,"email":true,"ip":1.5}`:                               `{"id":"<identity:91823745>","email":"<email:true>","ip":"[REDACTED]"}`,
		`{"id":null,"email":"","ip":{}}`:                                      `{"id":null,"email":"","ip":{}}`,
		`{"id":{"a":["u1",{"b":7}],"c":null}}`:                                `{"id":{"a":["<identity:u1>",{"b":"<identity:7>"}],"c":null}}`,
		`{"id":"u1","id":"u2","\u0069d":"u3"}`:                                `{"id":"<identity:u1>","id":"<identity:u2>","\u0069d":"<identity:u3>"}`,
		`{"users":{"x":"u1"},"deep":{"a":[{"id":"u2"},{"id":"kept"}]}}`:       `{"users":{"x":"<identity:u1>"},"deep":{"a":[{"id":"<identity:u2>"},{"id":"kept"}]}}`,
		`{"users":{"x":{"` + uuid + `":1}}}`:                                  `{"users":{"x":{"<identity:` + uuid + `>":"<identity:1>"}}}`,
		`{"tel":"555","hidden":{"a":[1,"b",false,null]}}`:                     `{"tel":"[REDACTED]","hidden":{"a":["[REDACTED]","[REDACTED]","[REDACTED]",null]}}`,
		// Addresses.
		`{"ip":"192.0.2.44"}`:                 `{"ip":"192.0.2.0"}`,
		`{"ip":"192.0.2.44:8443"}`:            `{"ip":"192.0.2.0:8443"}`,
		`{"ip":"192.0.2.44/24"}`:              `{"ip":"192.0.2.0/24"}`,
		`{"ip":"192.0.2.44, 2001:db8::1"}`:    `{"ip":"192.0.2.0, 2001:db8::"}`,
		`{"ip":"[2001:db8:1:2::1]:443"}`:      `{"ip":"[2001:db8:1::]:443"}`,
		`{"ip":"fe80::1%eth0"}`:               `{"ip":"fe80::"}`,
		`{"ip":"2002:c000:22c::1"}`:           `{"ip":"2002:c000:200::"}`, // 192.0.2.44 of 6to4
		`{"ip":"::ffff:192.0.2.44"}`:          `{"ip":"192.0.2.0"}`,
		`{"ip":"2001:0DB8:0:0:0:0:0:1"}`:      `{"ip":"2001:db8::"}`,
		`{"ip":"192.000.002.044"}`:            `{"ip":"192.0.2.0"}`,
		`{"ip":"192.0.2.0"}`:                  `{"ip":"192.0.2.0"}`,
		`{"ip":"unknown"}`:                    `{"ip":"[REDACTED]"}`,
		`{"ip":"3221226028"}`:                 `{"ip":"[REDACTED]"}`,
		`{"x":"for=192.0.2.60;by=\"[::1]\""}`: `{"x":"for=192.0.2.0;by=\"[::]\""}`,
		// Search.
		`{"x":"a b@c.d e","y":["alice@example.com"]}`:                `{"x":"a <email:b@c.d> e","y":["<email:alice@example.com>"]}`,
		`{"alice@example.com":1,"ALICE@example.com":2,"n":3}`:        `{"<email:alice@example.com>":1,"<email:alice@example.com>_2":2,"n":3}`,
		`{"192.0.2.0":1,"192.0.2.9":2,"192.0.2.8":3}`:                `{"192.0.2.0":1,"192.0.2.0_2":2,"192.0.2.0_3":3}`,
		`{"u":"https://h/?login_hint=alice%40example.com&r=%2F"}`:    `{"u":"https://h/?login_hint=<email:alice@example.com>&r=%2F"}`,
		`{"u":"/cb?code=abc&state=xyz&x=1"}`:                         `{"u":"/cb?code=[REDACTED]&state=[REDACTED]&x=1"}`,
		`{"h":"Cookie: a=b"}`:                                        `{"h":"Cookie: [REDACTED]"}`,
		`{"x":"call +12025550123"}`:                                  `{"x":"call [REDACTED]"}`,
		`{"password":"x","Client-Secret":5,"otp":["1",2,{"a":"b"}]}`: `{"password":"[REDACTED]","Client-Secret":"[REDACTED]","otp":["[REDACTED]","[REDACTED]",{"a":"b"}]}`,
		`{"code":{"wrong_length":true},"token":false,"state":null}`:  `{"code":{"wrong_length":true},"token":false,"state":null}`,
		nested:                           strings.NewReplacer("alice@example.com", "<email:alice@example.com>", `\\\"x\\\"`, `\\\"[REDACTED]\\\"`).Replace(nested),
		`{"x":"{\"n\":1}"}`:              `{"x":"{\"n\":1}"}`,
		`{"x":"[alice@example.com]"}`:    `{"x":"[<email:alice@example.com>]"}`,
		"{\"x\":\"a\xffb@c\"}":           "{\"x\":\"<email:a\xffb@c>\"}",
		`{"x":"\ud800","y":"\u0000a@b"}`: `{"x":"\ud800","y":"\u0000<email:a@b>"}`,
		// No JSON object or array: redacted whole.
		`user alice logged in`: Redacted,
		`"alice"`:              Redacted,
		`{"a":1}{"b":2}`:       Redacted,
		`{"email":"a@b"`:       Redacted,
		`{"a":1,}`:             Redacted,
		`42`:                   Redacted,
		"\ufeff{}":             Redacted,
		strings.Repeat("[", 65) + strings.Repeat("]", 65): Redacted,
		``:       ``,
		Redacted: Redacted,
	} {
		got, _ := scrubBody(s, body)
		assert.Equal(t, want, named(s, got, "u1", "u2", "u3", "91823745", "true", "1", "7", uuid,
			"alice@example.com", "b@c.d", "a@b", "a\xffb@c"), body)
	}
}

// A text holds what the object in its place would: the columns of a table that
// are JSON come as texts through some exporters.
func TestJSONTextAtAPlaceWithFields(t *testing.T) {
	s := newTest(t, testPolicy())
	body := `{"users":"{\"x\":\"alice\"}","deep":"{\"a\":[{\"id\":\"bob\"},{\"id\":\"carol\"}]}"}`
	const want = `{"users":"{\"x\":\"<identity:alice>\"}","deep":"{\"a\":[{\"id\":\"<identity:bob>\"},{\"id\":\"carol\"}]}"}`
	got, _ := scrubBody(s, body)
	assert.Equal(t, want, named(s, got, "alice", "bob"))
	ld := oneRecord(testFields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
	s.Logs(ld)
	wantMap := pcommon.NewValueEmpty()
	parseMap(t, wantMap, got)
	assert.Equal(t, wantMap.AsRaw(), record(ld).Body().AsRaw())
}

func TestDropLeavesValidJSON(t *testing.T) {
	p := testPolicy()
	p.Actions[pii.Identity], p.Actions[pii.Email], p.Actions[pii.IP] = Drop, Drop, Drop
	s := newTest(t, p)
	for body, want := range map[string]string{
		`{"id":1}`:                              `{}`,
		`{ "id" : 1 }`:                          `{  }`,
		`{"id":1,"a":2}`:                        `{"a":2}`,
		`{"a":2,"id":1}`:                        `{"a":2}`,
		`{"a":2 , "id":1 , "b":3}`:              `{"a":2 , "b":3}`,
		`{"id":1,"email":2,"a":3}`:              `{"a":3}`,
		`{"a":3,"id":1,"email":2}`:              `{"a":3}`,
		`{"id":1,"a":3,"email":2,"ip":4}`:       `{"a":3}`,
		`{"id":{"x":[1,{"y":2}]},"a":3}`:        `{"a":3}`,
		`{"id":null,"email":"","a":1}`:          `{"id":null,"email":"","a":1}`,
		`{"users":[1,2,"u"],"a":1}`:             `{"users":[],"a":1}`,
		`{"deep":{"ip":1,"a":[{"id":1}]}}`:      `{"deep":{"a":[{}]}}`,
		`{"x":"{\"password\":\"p\"}a@b"}`:       `{"x":"{\"password\":\"[REDACTED]\"}"}`,
		`{"x":"from 192.0.2.44 to a@b.","y":1}`: `{"x":"from  to .","y":1}`,
		`{"a@b":1,"x":"a@b"}`:                   `{"":1,"x":""}`,
		`{"code a@b":"x"}`:                      `{"code ":"[REDACTED]"}`,
		`{"x":"of sess-1234567","id":"sess-1234567","users":["user-1234"],"y":"/user-1234/z"}`: `{"x":"of ","users":[],"y":"//z"}`,
		`{"tel":"5","password":"x"}`: `{"tel":"[REDACTED]","password":"[REDACTED]"}`,
	} {
		got, _ := scrubBody(s, body)
		assert.Equal(t, want, got, body)

		ld := oneRecord(testFields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
		s.Logs(ld)
		wantMap := pcommon.NewValueEmpty()
		parseMap(t, wantMap, want)
		assert.Equal(t, wantMap.AsRaw(), record(ld).Body().AsRaw(), "as a map: %s", body)
	}
}

func TestRedactAndKeep(t *testing.T) {
	const body = `{"id":"u1 a@b","email":"a@b","ip":"192.0.2.44:1","x":"192.0.2.4 c@d"}`
	p := testPolicy()
	p.Actions[pii.Identity], p.Actions[pii.Email], p.Actions[pii.IP] = Redact, Redact, Redact
	got, _ := scrubBody(newTest(t, p), body)
	assert.Equal(t, `{"id":"[REDACTED]","email":"[REDACTED]","ip":"[REDACTED]","x":"[REDACTED] [REDACTED]"}`, got)

	p.Actions[pii.Identity], p.Actions[pii.Email], p.Actions[pii.IP] = Keep, Redact, Keep
	got, _ = scrubBody(newTest(t, p), body)
	assert.Equal(t, `{"id":"u1 [REDACTED]","email":"[REDACTED]","ip":"192.0.2.44:1","x":"192.0.2.4 [REDACTED]"}`, got, "a kept value holds no other kind")

	p.Actions[pii.IP] = Pseudonym
	s := newTest(t, p)
	got, _ = scrubBody(s, `{"ip":"192.0.2.44:1","x":"[::ffff:192.0.2.44]"}`)
	assert.Equal(t, `{"ip":"<ip:192.0.2.44>:1","x":"[<ip:192.0.2.44>]"}`, named(s, got, "192.0.2.44"))
}

func TestTextAndMapAgree(t *testing.T) {
	s := newTest(t, testPolicy())
	for _, body := range []string{
		`{"id":"u1","n":[1,2.5,null,true],"email":"a@b","ip":"192.0.2.44:1","tel":5,"users":{"x":{"y":"u9"}}}`,
		`{"alice@example.com":1,"ALICE@example.com":1}`, // alike: FromRaw goes through a map, in any order
		`{"password":5,"code":["a",{"b":"c"}],"deep":{"a":[{"id":91823745}]}}`,
		`{"x":"{\"e\":\"a@b\"}"}`,
		`["a@b",["192.0.2.1"]]`,
		readFile(t, "login_gov.json"), readFile(t, "hera.json"),
	} {
		text, stats := scrubBody(s, body)
		ld := oneRecord(testFields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
		mapStats := s.Logs(ld)
		want := pcommon.NewValueEmpty()
		parseMap(t, want, text)
		assert.Equal(t, want.AsRaw(), record(ld).Body().AsRaw())
		assert.Equal(t, summary(stats), summary(mapStats))
	}
}

func TestBytesBody(t *testing.T) {
	s := newTest(t, testPolicy())
	for body, want := range map[string]string{
		`{"id":"u1"}`: `{"id":"<identity:u1>"}`,
		`plain a@b`:   `plain <email:a@b>`,
		``:            ``,
	} {
		ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.Body().SetEmptyBytes().FromRaw([]byte(body)) })
		s.Logs(ld)
		assert.Equal(t, want, named(s, string(record(ld).Body().Bytes().AsRaw()), "u1", "a@b"))
	}
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetEmptyBytes().FromRaw([]byte("\xff alice"))
		lr.Attributes().PutEmptyBytes("x").FromRaw([]byte("\xff alice"))
	})
	stats := s.Logs(ld)
	assert.Equal(t, Redacted, record(ld).Body().Str())
	assert.Equal(t, 1, stats.Bodies[NotJSON])
	v, _ := record(ld).Attributes().Get("x")
	assert.Equal(t, Redacted, string(v.Bytes().AsRaw()))
}

func TestRootField(t *testing.T) {
	for action, want := range map[Action]string{Redact: `{"a":["[REDACTED]"]}`, Drop: `{}`} {
		p := testPolicy()
		p.Actions[pii.Identity] = action
		ld := oneRecord(`{"identity":[""]}`, func(lr plog.LogRecord) { lr.Body().SetStr(`{"a":["u1"]}`) })
		newTest(t, p).Logs(ld)
		assert.Equal(t, want, record(ld).Body().Str())
	}
}

func TestFailsClosed(t *testing.T) {
	s := newTest(t, testPolicy())
	for name, tt := range map[string]struct {
		fields string
		fill   func(plog.LogRecord)
		reason Reason
	}{
		"parse error": {testFields, func(lr plog.LogRecord) {
			lr.Attributes().PutStr(attr.ParseError, "invalid_json")
			lr.Body().SetStr(`{"a":1}`)
		}, ParseError},
		"parse error, map":            {testFields, func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.ParseError, "x"); lr.Body().SetEmptyMap() }, ParseError},
		"no fields":                   {"", func(lr plog.LogRecord) { lr.Body().SetStr(`{"a":1}`) }, Strict},
		"no fields, map":              {"", func(lr plog.LogRecord) { lr.Body().SetEmptyMap().PutStr("a", "b") }, Strict},
		"unreadable fields":           {`{"shoe_size":["/a"]}`, func(lr plog.LogRecord) { lr.Body().SetStr(`{"a":1}`) }, Strict},
		"plain text":                  {testFields, func(lr plog.LogRecord) { lr.Body().SetStr("alice logged in") }, NotJSON},
		"beyond the bounds of a walk": {testFields, func(lr plog.LogRecord) { lr.Body().SetStr(strings.Repeat("[", 65) + strings.Repeat("]", 65)) }, NotJSON},
	} {
		t.Run(name, func(t *testing.T) {
			ld := oneRecord(tt.fields, tt.fill)
			stats := s.Logs(ld)
			assert.Equal(t, Redacted, record(ld).Body().Str())
			var want [NumReasons]int
			want[tt.reason] = 1
			assert.Equal(t, want, stats.Bodies)
			_, kept := ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().Get(attr.PIIFields)
			assert.False(t, kept)
		})
	}
}

func TestEventNameAsBody(t *testing.T) {
	s := newTest(t, testPolicy())
	name := func(lr plog.LogRecord) { lr.SetEventName("mfa for a@b") }
	got, stats := scrubBody(s, "mfa for a@b", name)
	assert.Equal(t, "mfa for <email:a@b>", named(s, got, "a@b"))
	assert.Zero(t, stats.Bodies)
	got, _ = scrubBody(s, "another for a@b", name)
	assert.Equal(t, Redacted, got)
}

func TestStrictAttributes(t *testing.T) {
	s := newTest(t, testPolicy())
	ld := oneRecord("", func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, "u1")
		lr.Attributes().PutStr(attr.URLPath, "/login?u=a@b")
		lr.Attributes().PutStr("custom", "alice smith")
		lr.Attributes().PutEmptyMap("custom2").PutStr("a", "b")
		lr.Attributes().PutInt("custom3", 42)
		lr.Attributes().PutEmpty("custom4")
	})
	ld.ResourceLogs().At(0).Resource().Attributes().PutStr("k8s.pod.name", "idp-0")
	ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().PutStr("custom", "alice smith")
	stats := s.Logs(ld)
	got := named(s, marshal(t, ld), "u1", "a@b")
	assert.Equal(t, map[string]any{
		attr.UserID: s.names.Token(pii.Identity, "u1"), attr.URLPath: "/login",
	}, record(ld).Attributes().AsRaw())
	assert.NotContains(t, got, "alice")
	assert.Contains(t, got, "idp-0", "a resource is of several scopes, it is searched")
	assert.Equal(t, [NumUnlisted]int{ScanUnlisted: 1, DropUnlisted: 5}, stats.Unlisted)
}

func TestAttributes(t *testing.T) {
	s := newTest(t, testPolicy())
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		a := lr.Attributes()
		a.PutStr(attr.UserID, strings.ToUpper(uuid))
		a.PutStr(attr.UserEmail, "ALICE@EXAMPLE.COM")
		a.PutStr(attr.ClientAddress, "192.0.2.44")
		a.PutInt(attr.SessionID, 7)
		a.PutStr(attr.UserAgentOriginal, "Chrome/120.0.0.0 (192.0.2.44)")
		a.PutStr("http.request.header.authorization", "Basic eA==")
		a.PutStr("phone", "5550123")
		a.PutBool("token", true)
		a.PutDouble("pin", 12.5)
		a.PutEmptyMap("nested").PutStr(attr.UserID, "u1")
		a.PutStr("alice@example.com", "x")
		a.PutStr("ALICE@example.com", "y")
	})
	s.Logs(ld)
	email := s.names.Token(pii.Email, "alice@example.com")
	assert.Equal(t, map[string]any{
		attr.UserID: s.names.Token(pii.Identity, uuid), attr.UserEmail: email, attr.ClientAddress: "192.0.2.0",
		attr.SessionID:     s.names.Token(pii.Identity, "7"),
		attr.UserAgentName: "Chrome", attr.UserAgentVersion: "120", "http.request.header.authorization": Redacted,
		"phone": Redacted, "token": true, "pin": Redacted,
		"nested": map[string]any{attr.UserID: s.names.Token(pii.Identity, "u1")},
		email:    "x", email + "_2": "y",
	}, record(ld).Attributes().AsRaw())
}

func TestDropAttributes(t *testing.T) {
	p := testPolicy()
	p.Actions[pii.Identity], p.Actions[pii.IP] = Drop, Drop
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, "u1")
		lr.Attributes().PutStr("a@b", "x")
		lr.Attributes().PutStr(attr.ClientAddress, "192.0.2.44")
		lr.Attributes().PutStr("note", "of u1")
	})
	s := newTest(t, p)
	s.Logs(ld)
	assert.Equal(t, map[string]any{s.names.Token(pii.Email, "a@b"): "x", "note": "of u1"}, record(ld).Attributes().AsRaw())
}

func TestRecordsOwnIDs(t *testing.T) {
	s := newTest(t, testPolicy())
	ids := func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, uuid)
		lr.Attributes().PutStr(attr.SessionID, "s1")
		lr.Attributes().PutInt(attr.VisitorID, 91823745)
		lr.Attributes().PutStr(attr.ActorID, "auth0|61823277")
	}
	for body, want := range map[string]string{
		`{"x":"` + uuid + `"}`:                                        `{"x":"<identity:` + uuid + `>"}`,
		`{"x":"/users/` + strings.ToUpper(uuid) + `/y"}`:              `{"x":"/users/<identity:` + uuid + `>/y"}`,
		`{"x":"a-b-c-` + uuid + `,` + uuid + `"}`:                     `{"x":"a-b-c-<identity:` + uuid + `>,<identity:` + uuid + `>"}`,
		`{"x":"` + strings.ToUpper(uuid) + `"}`:                       `{"x":"<identity:` + uuid + `>"}`,
		`{"x":"q` + uuid + `"}`:                                       `{"x":"q<identity:` + uuid + `>"}`,
		`{"x":"s1","y":"of s1","s1":2}`:                               `{"x":"<identity:s1>","y":"of s1","<identity:s1>":2}`,
		`{"x":91823745,"y":"#91823745","z":9182374,"` + uuid + `":1}`: `{"x":"<identity:91823745>","y":"#<identity:91823745>","z":9182374,"<identity:` + uuid + `>":1}`,
		`{"x":"as auth0|61823277 now"}`:                               `{"x":"as <identity:auth0|61823277> now"}`,
		`{"x":"{\"y\":\"` + uuid + `\"}"}`:                            `{"x":"{\"y\":\"<identity:` + uuid + `>\"}"}`,
	} {
		got, _ := scrubBody(s, body, ids)
		assert.Equal(t, want, named(s, got, uuid, "s1", "91823745", "auth0|61823277"), body)
	}
	// The ids of one record say nothing of the next.
	ld := oneRecord(testFields, ids)
	next := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
	next.Attributes().PutStr("x", "s1")
	s.Logs(ld)
	assert.Equal(t, map[string]any{"x": "s1"}, next.Attributes().AsRaw())
}

func TestEncodedAndShortIDs(t *testing.T) {
	s := newTest(t, testPolicy())
	ids := func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, "auth0|61823277")
		lr.Attributes().PutStr(attr.SessionID, "4711")
	}
	for body, want := range map[string]string{
		`{"x":"/u/auth0%7C61823277/y","y":"auth0%7c61823277"}`:        `{"x":"/u/<identity:auth0|61823277>/y","y":"<identity:auth0|61823277>"}`,
		`{"x":"u=auth0%257C61823277&v=%2F","auth0%7C61823277":1}`:     `{"x":"u=<identity:auth0|61823277>&v=%2F","<identity:auth0|61823277>":1}`,
		`{"x":"auth0%7C618232770"}`:                                   `{"x":"auth0%7C618232770"}`,
		`{"x":"/u/4711","y":"/u/4711/z?id=4711&a=1","4711":1}`:        `{"x":"/u/<identity:4711>","y":"/u/<identity:4711>/z?id=<identity:4711>&a=1","<identity:4711>":1}`,
		`{"x":"/u/47112","y":"4711 of 4711","z":4711,"f":"/47.4711"}`: `{"x":"/u/47112","y":"4711 of 4711","z":4711,"f":"/47.4711"}`,
	} {
		got, _ := scrubBody(s, body, ids)
		assert.Equal(t, want, named(s, got, "auth0|61823277", "4711"), body)
	}
}

// The ids of a body's fields are looked for as well, before and behind them.
func TestLearnedIDs(t *testing.T) {
	s := newTest(t, testPolicy())
	const want = `{"a":"/s/<identity:sess-1234567>?x","id":"<identity:sess-1234567>","b":["of <identity:sess-1234567>"],"c":"sess-12345678","email":"<email:a@b>"}`
	body := `{"a":"/s/sess-1234567?x","id":"sess-1234567","b":["of \u0073ess-1234567"],"c":"sess-12345678","email":"a@b"}`
	path := func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.URLPath, "/s/sess-1234567") }
	got, stats := scrubBody(s, body, path)
	assert.Equal(t, want, named(s, got, "sess-1234567", "a@b"))
	assert.EqualValues(t, 1, stats.Values[pii.Email][Pseudonym][ByField][InBody])
	assert.EqualValues(t, 1, stats.Values[pii.Identity][Pseudonym][ByField][InBody])
	assert.EqualValues(t, 2, stats.Values[pii.Identity][Pseudonym][BySearch][InBody])
	assert.EqualValues(t, 1, stats.Values[pii.Path][Template][ByField][InAttribute])

	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		parseMap(t, lr.Body(), body)
		path(lr)
		lr.SetEventName("of sess-1234567")
	})
	next := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
	next.Attributes().PutStr("x", "sess-1234567")
	mapStats := s.Logs(ld)
	assert.EqualValues(t, [NumPlaces]uint32{InBody: 2, InName: 1}, mapStats.Values[pii.Identity][Pseudonym][BySearch])
	wantMap := pcommon.NewValueEmpty()
	parseMap(t, wantMap, got)
	assert.Equal(t, wantMap.AsRaw(), record(ld).Body().AsRaw())
	assert.Equal(t, "of <identity:sess-1234567>", named(s, record(ld).EventName(), "sess-1234567"))
	assert.Equal(t, map[string]any{"x": "sess-1234567"}, next.Attributes().AsRaw(), "of another record")
}

// An id that is all but the whole text, at each of its places, is found where
// it stands; BenchmarkLongIDs shows that it does not cost the square of the text.
func TestLongIDs(t *testing.T) {
	s := newTest(t, testPolicy())
	for _, unit := range []string{"a", "-ab"} {
		ld := longID(unit, 1<<12)
		id, _ := record(ld).Attributes().Get(attr.UserID)
		text := id.Str()
		s.Logs(ld)
		v, _ := record(ld).Attributes().Get("x")
		require.False(t, strings.Contains(v.Str(), text), "unit %q", unit) // NotContains would print both
	}
}

// longID is a record with an id of half the length of a text of like units.
func longID(unit string, n int) plog.Logs {
	return oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Attributes().PutStr(attr.UserID, strings.Repeat(unit, n/2/len(unit)))
		lr.Attributes().PutStr("x", strings.Repeat(unit, n))
	})
}

func TestEntityRefs(t *testing.T) {
	ld := oneRecord(testFields, func(plog.LogRecord) {})
	ref := entity.ResourceEntityRefs(ld.ResourceLogs().At(0).Resource()).AppendEmpty()
	ref.SetType("of alice@example.com")
	ref.SetSchemaUrl("https://x/?u=alice@example.com")
	ref.IdKeys().FromRaw([]string{"service.name", "alice@example.com"})
	ref.DescriptionKeys().FromRaw([]string{"alice@example.com"})
	s := newTest(t, testPolicy())
	s.Logs(ld)
	email := s.names.Token(pii.Email, "alice@example.com")
	assert.Equal(t, "of "+email, ref.Type())
	assert.Equal(t, "https://x/?u="+email, ref.SchemaUrl())
	assert.Equal(t, []string{"service.name", email}, ref.IdKeys().AsRaw())
	assert.Equal(t, []string{email}, ref.DescriptionKeys().AsRaw())
}

func TestNestingIsBounded(t *testing.T) {
	s := newTest(t, testPolicy())
	nest := func(times int) string {
		text := `{"x":"a@b"}`
		for range times {
			text = string(appendQuotedObject(text))
		}
		return text
	}
	got, _ := scrubBody(s, nest(maxNested))
	assert.Contains(t, got, s.names.Token(pii.Email, "a@b"))
	got, stats := scrubBody(s, nest(maxNested+1))
	assert.Contains(t, got, Redacted)
	assert.NotContains(t, got, "a@b")
	assert.EqualValues(t, 1, stats.Values[pii.None][Redact][BySearch][InBody])

	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		m := lr.Body().SetEmptyMap()
		for range 100 {
			m = m.PutEmptyMap("m")
		}
		m.PutStr("x", "alice smith")
	})
	s.Logs(ld)
	assert.NotContains(t, marshal(t, ld), "alice")
	got, _ = scrubBody(s, `{"x":"`+strings.Repeat("[", 70)+strings.Repeat("]", 70)+`"}`)
	assert.JSONEq(t, `{"x":"[REDACTED]"}`, got)
}

func TestSecondHopChangesNothing(t *testing.T) {
	for _, action := range ipActions {
		p := testPolicy()
		p.KeepPIIFields, p.Actions[pii.IP] = true, action
		if action != Truncate {
			p.Actions[pii.Identity], p.Actions[pii.Email] = action, action
		}
		first, q := newTest(t, p), p
		q.Context = "elsewhere"
		second := newTest(t, q)
		for _, body := range []string{
			readFile(t, "login_gov.json"),
			`{"id":{"` + uuid + `":[1,"u1"]},"email":"A <a@b>","ip":"[::1]:443","x":"::1, 192.0.2.44:80 a@b","tel":"5","a@b":1,"A@b":2}`,
			`{"ip":"192.0.2.44:8443, [2001:db8::1]:443"}`, `{"ip":"::1, ::2"}`, `{"ip":"unknown"}`, `{"ip":"for=192.0.2.60;proto=http"}`,
			`{"x":"alice%40example.com&code=1&x=+12025550123"}`, `plain text`,
		} {
			ld := oneRecord(testFields, func(lr plog.LogRecord) {
				lr.Body().SetStr(body)
				lr.Attributes().PutStr(attr.UserID, uuid)
				lr.Attributes().PutStr(attr.UserEmail, "a@b")
				lr.Attributes().PutStr(attr.ClientAddress, "::1")
				lr.Attributes().PutStr(attr.URLPath, "/users/"+uuid+"?code=5")
				lr.Attributes().PutStr("a@b", "1")
			})
			first.Logs(ld)
			want := marshal(t, ld)
			assert.Contains(t, want, attr.PIIFields)
			second.Logs(ld)
			assert.Equal(t, want, marshal(t, ld), "%s: %s", action, body)
		}
	}
}

func TestKeptFieldsHoldNoPersonalData(t *testing.T) {
	p := testPolicy()
	p.KeepPIIFields = true
	ld := oneRecord(`{"email":["/alice@example.com"]}`, func(lr plog.LogRecord) { lr.Body().SetStr(`{"a":1}`) })
	stats := newTest(t, p).Logs(ld)
	assert.NotContains(t, marshal(t, ld), "alice")
	assert.Equal(t, 1, stats.Bodies[Strict])
}

func TestForgedTokenIsScrubbed(t *testing.T) {
	s := newTest(t, testPolicy())
	forged := "identity_k1_" + strings.Repeat("0", 40)
	got, _ := scrubBody(s, `{"id":"`+forged+`"}`)
	assert.NotContains(t, got, forged)
}

func TestPanicCostsItsRecordOnly(t *testing.T) {
	s := newTest(t, testPolicy())
	s.scrubRecord = func(w *walker, lr plog.LogRecord) {
		if lr.EventName() == "bad" {
			w.count(pii.Email, BySearch)
			lr.Body().SetStr("half scrubbed")
			panic("a bug")
		}
		w.scrubRecord(lr)
	}
	ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.SetEventName("bad") })
	sl := ld.ResourceLogs().At(0).ScopeLogs().At(0)
	sl.LogRecords().AppendEmpty().SetEventName("good")
	sl.LogRecords().AppendEmpty().SetEventName("bad")
	stats := s.Logs(ld)
	require.Equal(t, 1, ld.LogRecordCount())
	assert.Equal(t, "good", record(ld).EventName())
	assert.Equal(t, 3, stats.Records)
	assert.Equal(t, 2, stats.Dropped)
	assert.Equal(t, 2, stats.Panics)
	assert.Zero(t, stats.Values, "of what is gone nothing is counted")

	ld = oneRecord(testFields, func(lr plog.LogRecord) { lr.SetEventName("bad") })
	s.Logs(ld)
	assert.Zero(t, ld.ResourceLogs().Len(), "what is empty goes as well")

	stats = s.Logs(oneRecord(testFields, func(lr plog.LogRecord) { lr.SetEventName("good") }))
	assert.Zero(t, stats.Panics, "of another batch")
	assert.Nil(t, stats.FirstPanic)
}

type quotingError struct{ text string }

func (e quotingError) Error() string  { return e.text }
func (e quotingError) String() string { return e.text }

func TestPanicIsDescribedWithoutData(t *testing.T) {
	const canary = "canary.q7@example.com"
	for want, fail := range map[string]func(string){
		"string":                 func(text string) { panic(text) },
		"scrub.quotingError":     func(text string) { panic(quotingError{text}) },
		"runtime.boundsError":    func(text string) { _ = text[len(text):][len(text)] },
		"runtime.errorString":    func(text string) { _ = len(text) / len(text[len(text):]) },
		"*runtime.PanicNilError": func(string) { panic(nil) },
	} {
		t.Run(want, func(t *testing.T) {
			s := newTest(t, testPolicy())
			s.scrubRecord = func(_ *walker, lr plog.LogRecord) { fail(lr.Body().Str()) }
			stats := s.Logs(oneRecord(testFields, func(lr plog.LogRecord) { lr.Body().SetStr(canary) }))
			require.Equal(t, 1, stats.Panics)
			require.NotNil(t, stats.FirstPanic)
			stack := stats.FirstPanic.Stack
			assert.Contains(t, stats.FirstPanic.Type, strings.TrimPrefix(want, "runtime."))
			require.NotEmpty(t, stack)
			assert.Contains(t, stack[0], "TestPanicIsDescribedWithoutData", "where it happened comes first")
			assert.LessOrEqual(t, len(stack), maxPanicStack)
			for _, frame := range stack {
				assert.Regexp(t, `^[^ :]+:[0-9]+$`, frame)
			}
			assert.NotContains(t, fmt.Sprintf("%+v", *stats.FirstPanic), canary)
		})
	}
}

func TestPanicOutsideARecordCostsItsRecords(t *testing.T) {
	for name, put := range map[string]func(plog.ResourceLogs){
		"resource": func(rl plog.ResourceLogs) { rl.Resource().Attributes().PutStr(attr.UserID, "u1") },
		"scope":    func(rl plog.ResourceLogs) { rl.ScopeLogs().At(0).Scope().Attributes().PutStr(attr.UserID, "u1") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newTest(t, testPolicy())
			s.names = broken() // the first pseudonym panics
			ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.Body().SetStr(`{"a":1}`) })
			put(ld.ResourceLogs().At(0))
			good := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			good.SetEventName("good")
			stats := s.Logs(ld)
			require.Equal(t, 1, ld.LogRecordCount())
			assert.Equal(t, "good", record(ld).EventName())
			assert.Equal(t, [3]int{2, 1, 1}, [3]int{stats.Records, stats.Dropped, stats.Panics})
		})
	}
}

func TestWhatIsNoJSONCountsNothing(t *testing.T) {
	s := newTest(t, testPolicy())
	got, stats := scrubBody(s, `{"id":"u1","x":"a@b",}`) // found out behind two values
	assert.Equal(t, Redacted, got)
	assert.Equal(t, map[string]int{"records": 1, "body not_json": 1}, summary(stats))
}

func TestCounts(t *testing.T) {
	s := newTest(t, testPolicy())
	_, stats := scrubBody(s, `{"id":"u1","email":"a@b","ip":"192.0.2.1","x":"c@d 192.0.2.2 192.0.2.0","password":"p"}`,
		func(lr plog.LogRecord) { lr.Attributes().PutStr(attr.UserID, "u1") })
	var want Stats
	want.Records = 1
	want.Values[pii.Identity][Pseudonym][ByField][InBody] = 1
	want.Values[pii.Identity][Pseudonym][ByField][InAttribute] = 1
	want.Values[pii.Email][Pseudonym][ByField][InBody] = 1
	want.Values[pii.Email][Pseudonym][BySearch][InBody] = 1
	want.Values[pii.IP][Truncate][ByField][InBody] = 1
	want.Values[pii.IP][Truncate][BySearch][InBody] = 1
	want.Values[pii.Secret][Redact][ByField][InBody] = 1
	want.Changed = want.Values
	want.Unlisted[ScanUnlisted] = 2
	assert.Equal(t, summary(want), summary(stats))
}

func TestNewRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Policy)
		want   string
	}{
		"identity":   {func(p *Policy) { p.Actions[pii.Identity] = Truncate }, `identity: must be keep, drop, redact or pseudonym (got "truncate")`},
		"email":      {func(p *Policy) { p.Actions[pii.Email] = unset }, `email: must be keep, drop, redact, pseudonym or keep_domain (got "unset")`},
		"ip":         {func(p *Policy) { p.Actions[pii.IP] = 99 }, `ip: must be keep, drop, redact, pseudonym, truncate or prefix_preserving (got "unknown")`},
		"ipv4_bits":  {func(p *Policy) { p.IPv4Bits = 33 }, `ipv4_bits: must be between 1 and 32 (got 33)`},
		"ipv6_bits":  {func(p *Policy) { p.IPv6Bits = 0 }, `ipv6_bits: must be between 1 and 128 (got 0)`},
		"short key":  {func(p *Policy) { p.Keys[0].Secret = nil }, `keys[0].secret: must be at least 32 bytes (got 0): set the environment variable that it names, for example to the output of "openssl rand -base64 32"`},
		"no key":     {func(p *Policy) { p.Keys = nil }, `keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`},
		"everything": {func(p *Policy) { *p = Policy{Keys: []pseudonym.Key{{}}} }, "ipv4_bits"},
	} {
		t.Run(name, func(t *testing.T) {
			p := testPolicy()
			tt.change(&p)
			_, err := New(p)
			if name != "everything" {
				require.EqualError(t, err, tt.want)
				return
			}
			for _, key := range []string{"identity:", "email:", "ip:", "ipv4_bits:", "ipv6_bits:", "keys[0].id:", "keys[0].secret:"} {
				assert.ErrorContains(t, err, key)
			}
		})
	}
}

func TestParseAction(t *testing.T) {
	for _, action := range ipActions {
		got, err := ParseAction(pii.IP, action.String())
		require.NoError(t, err)
		assert.Equal(t, action, got)
	}
	_, err := ParseAction(pii.Email, "truncate")
	require.EqualError(t, err, `must be keep, drop, redact, pseudonym or keep_domain (got "truncate")`)
}

func TestConcurrentUse(t *testing.T) {
	s := newTest(t, testPolicy())
	body := readFile(t, "login_gov.json")
	want, _ := scrubBody(s, body)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, _ := scrubBody(s, body); got != want {
					t.Error("differs")
				}
			}
		})
	}
	wg.Wait()
}

func TestLeavesAloneWithoutAllocating(t *testing.T) {
	s := newTest(t, testPolicy())
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"a":"text \u003c 12:30","b":[1,{"c":"d"}],"url":"https://x/y?z=1"}`)
		lr.SetEventName("Multi-Factor Authentication")
		lr.Attributes().PutStr(attr.UserAgentOriginal, "Mozilla/5.0 Chrome/120.0.0.0")
	})
	s.Logs(ld)
	ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().PutStr(attr.PIIFields, testFields)
	w := newWalker(s)
	assert.Zero(t, testing.AllocsPerRun(100, func() { w.scrubRecord(record(ld)) }))
}

func TestPoolForgetsTheBatch(t *testing.T) {
	w := newWalker(newTest(t, testPolicy()))
	w.addID("u1")
	w.pass("alice@example.com")
	w.levels[0].src = "x"
	assert.True(t, w.recyclable())
	assert.Equal(t, identity{}, w.ids[:1][0])
	assert.Zero(t, w.spans[:1][0])
	assert.Empty(t, w.levels[0].src)
	w.text = make([]byte, maxPooled+1)
	assert.False(t, w.recyclable())
}

// A record's own ids are found wherever they stand, the user's name as well.
func TestOwnIDsInTexts(t *testing.T) {
	for _, name := range []string{attr.UserID, attr.UserName, attr.SessionID, attr.VisitorID, attr.ActorID} {
		s := newTest(t, testPolicy())
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			lr.Attributes().PutStr(name, "jane.roe-1977")
			lr.Attributes().PutStr(attr.URLPath, "/users/jane.roe-1977/edit")
			lr.Body().SetStr(`{"msg":"sign-in of user 'jane.roe-1977' failed"}`)
		})
		s.Logs(ld)
		assert.NotContains(t, marshal(t, ld), "jane.roe", name)
	}
}

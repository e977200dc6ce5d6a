package scrub

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// TestPairs: a value is treated as under the name that stands beside it.
func TestPairs(t *testing.T) {
	for body, want := range map[string]string{
		`{"h":[{"name":"Cookie","value":"v"},{"name":"Host","value":"x"}]}`: `{"h":[{"name":"Cookie","value":"[REDACTED]"},{"name":"Host","value":"x"}]}`,
		`{"value":"v","name":"Cookie"}`:                                     `{"value":"[REDACTED]","name":"Cookie"}`,
		`{"key":"X-Api-Key","value":["v",{"a":"w"}]}`:                       `{"key":"X-Api-Key","value":["[REDACTED]",{"a":"[REDACTED]"}]}`,
		`{"Name":"sub","Value":"u1"}`:                                       `{"Name":"sub","Value":"<identity:u1>"}`,
		`{"Name":"custom:sub","Value":"u1"}`:                                `{"Name":"custom:sub","Value":"u1"}`,
		`{"Name":"given_name","Value":"Alice"}`:                             `{"Name":"given_name"}`,
		`{"header":"Authorization:","values":["v",7,null,true]}`:            `{"header":"Authorization:","values":["[REDACTED]","[REDACTED]",null,true]}`,
		`{"field":"password","old_value":"a","newValue":"b"}`:               `{"field":"password","old_value":"[REDACTED]","newValue":"[REDACTED]"}`,
		`{"n\u0061me":"C\u006fokie","v\u0061lue":"v"}`:                      `{"n\u0061me":"C\u006fokie","v\u0061lue":"[REDACTED]"}`,
		`{"a":1,"k":"otp","x":{"y":[2]},"v":123456}`:                        `{"a":1,"k":"otp","x":{"y":[2]},"v":"[REDACTED]"}`,
		`{"type":"password","value":"v"}`:                                   `{"type":"password","value":"[REDACTED]"}`,
		`{"name":"x","key":"y","field":"pin","value":"v"}`:                  `{"name":"x","key":"y","field":"pin","value":"[REDACTED]"}`,
		// The value's own kind is as with a member: an object of another kind.
		`{"name":"state","value":{"from":"locked"}}`: `{"name":"state","value":{"from":"locked"}}`,
		// OTLP in JSON.
		`{"key":"user.id","value":{"stringValue":"u1"}}`:                                        `{"key":"user.id","value":{"stringValue":"<identity:u1>"}}`,
		`{"key":"auth.visitor.id","value":{"intValue":"7"}}`:                                    `{"key":"auth.visitor.id","value":{"intValue":"<identity:7>"}}`,
		`{"key":"enduser.id","value":{"arrayValue":{"values":[{"stringValue":"u1"}]}}}`:         `{"key":"enduser.id","value":{"arrayValue":{"values":[{"stringValue":"<identity:u1>"}]}}}`,
		`{"value":{"string_value":"v"},"key":"http.request.header.cookie"}`:                     `{"value":{"string_value":"[REDACTED]"},"key":"http.request.header.cookie"}`,
		`{"key":"state","value":{"stringValue":"v"}}`:                                           `{"key":"state","value":{"stringValue":"[REDACTED]"}}`,
		`{"key":"x","value":{"kvlistValue":{"values":[{"key":"otp","value":{"intValue":5}}]}}}`: `{"key":"x","value":{"kvlistValue":{"values":[{"key":"otp","value":{"intValue":"[REDACTED]"}}]}}}`,
		`{"key":"exception.message","value":{"stringValue":"no user jane"}}`:                    `{"key":"exception.message","value":{}}`,
		// Lists of two, and of names and values in turns.
		`{"h":[["Cookie","v"],["Host","x"]]}`:              `{"h":[["Cookie","[REDACTED]"],["Host","x"]]}`,
		`{"rawHeaders":["Host","x","Cookie","v","A","x"]}`: `{"rawHeaders":["Host","x","Cookie","[REDACTED]","[REDACTED]","[REDACTED]"]}`,
		`{"rawHeaders":"[\"Cookie\",\"v\"]"}`:              `{"rawHeaders":"[\"Cookie\",\"[REDACTED]\"]"}`,
		`{"x":"{\"name\":\"Cookie\",\"value\":\"v\"}"}`:    `{"x":"{\"name\":\"Cookie\",\"value\":\"[REDACTED]\"}"}`,
		// Look-alikes.
		`{"amr":["pwd","otp"]}`:                              `{"amr":["pwd","otp"]}`,
		`{"h":[["pwd","otp","mfa"],["password",["short"]]]}`: `{"h":[["pwd","otp","mfa"],["password",["short"]]]}`,
		`{"headers":["authorization","content-type"]}`:       `{"headers":["authorization","content-type"]}`,
		`{"name":"login_count","value":7}`:                   `{"name":"login_count","value":7}`,
		`{"type":"login","value":"x"}`:                       `{"type":"login","value":"x"}`,
		`{"id":"sub","value":"x"}`:                           `{"id":"<identity:sub>","value":"x"}`,
		`{"name":"Cookie","domain":"x","secure":true}`:       `{"name":"Cookie","domain":"x","secure":true}`,
		`{"name":{"x":"Cookie"},"value":"v"}`:                `{"name":{"x":"Cookie"},"value":"v"}`,
		`{"name":"Cookie","o":{"value":"v"}}`:                `{"name":"Cookie","o":{"value":"v"}}`,
		`{"name":"token","value":false}`:                     `{"name":"token","value":false}`,
	} {
		p := testPolicy()
		p.Verify, p.KeepPIIFields = 1, true
		s := newTest(t, p)
		text, stats := scrubBody(s, body)
		assert.Equal(t, want, named(s, text, "u1", "7", "sub"), body)
		assert.Zero(t, stats.Residual, body)
		again, _ := scrubBody(s, text)
		assert.Equal(t, text, again, "a second hop")

		asMap := pcommon.NewValueEmpty()
		parseMap(t, asMap, body)
		w := newWalker(s)
		w.left = maxMembers
		w.mapBody(asMap, w.plan.root)
		wantMap := pcommon.NewValueEmpty()
		parseMap(t, wantMap, text)
		assert.Equal(t, wantMap.AsRaw(), asMap.AsRaw(), "as a map: %s", body)
	}
}

// What a field says is known, and the name beside it is a guess.
func TestPairsUnderFields(t *testing.T) {
	const fields = `{"public":["/a/*/value","/b"],"identity":["/c/*/value"]}`
	s := newTest(t, testPolicy())
	for body, want := range map[string]string{
		`{"a":[{"name":"state","value":"open"}]}`: `{"a":[{"name":"state","value":"open"}]}`,
		`{"b":[{"name":"state","value":"open"}]}`: `{"b":[{"name":"state","value":"[REDACTED]"}]}`,
		`{"c":[{"name":"x","value":"u1"}]}`:       `{"c":[{"name":"x","value":"<identity:u1>"}]}`,
	} {
		w := newWalker(s)
		w.plan = s.planFor(fields, w.t, 0)
		out, _, code := w.json(body, w.plan.root, spot{}, 0)
		assert.Equal(t, jsonscan.OK, code)
		assert.Equal(t, want, named(s, out, "u1"), body)
	}
	// Dropped as unlisted, a name still says what its value is.
	p := testPolicy()
	p.Rules = []Rule{{Treatment: p.Treatment, AllowFields: []string{"/h/*/value", "/h/*/v"}}}
	const body = `{"h":[{"name":"Cookie","value":"v"},{"v":"w","key":"Cookie"},{"name":"Host","value":"x"}]}`
	const want = `{"h":[{"value":"[REDACTED]"},{"v":"[REDACTED]"},{"value":"x"}]}`
	got, _ := scrubBody(newTest(t, p), body)
	assert.Equal(t, want, got)
	ld := oneRecord(testFields, func(lr plog.LogRecord) { lr.Body().SetEmptyMap(); parseMap(t, lr.Body(), body) })
	newTest(t, p).Logs(ld)
	wantMap := pcommon.NewValueEmpty()
	parseMap(t, wantMap, want)
	assert.Equal(t, wantMap.AsRaw(), record(ld).Body().AsRaw())
}

// Objects in values in objects are read ahead once for each: only so often.
func TestPairsAheadIsBounded(t *testing.T) {
	const depth = 40
	s := newTest(t, testPolicy())
	long := strings.Repeat("v", 1000)
	got, _ := scrubBody(s, `{"x":`+strings.Repeat(`{"value":`, depth)+`"`+long+`"`+strings.Repeat("}", depth+1))
	assert.NotContains(t, got, long, "what is too deep to be read ahead is a secret")
	body := `{"x":` + strings.Repeat(`{"key":"k","value":`, 5) + `"v"` + strings.Repeat("}", 6)
	got, _ = scrubBody(s, body)
	assert.Equal(t, body, got)
}

// TestPairsNamedJSON: a name that is JSON itself takes no level of the walk that it
// stands in.
func TestPairsNamedJSON(t *testing.T) {
	s := newTest(t, testPolicy())
	for _, name := range []string{"[]", "{}", "[REDACTED]", `{"a":"b@example.org"}`, `["` + strings.Repeat("x", 300) + `","c@example.org"]`} {
		inner := `{"":{"":{"":[{"":{"name":` + quote(name) + `,"v":"","w":"d@example.org"}}]}},"e":"alice@example.org"}`
		for place, put := range map[string]func(plog.LogRecord){
			"attribute": func(lr plog.LogRecord) { lr.Attributes().PutStr("note", inner) },
			"body":      func(lr plog.LogRecord) { lr.Body().SetStr(inner) },
			"in a text": func(lr plog.LogRecord) { lr.Body().SetStr(`{"x":` + quote(inner) + `,"y":"e@example.org"}`) },
			"map":       func(lr plog.LogRecord) { lr.Body().SetEmptyMap().PutStr("x", inner) },
		} {
			ld := oneRecord(`{}`, put)
			stats := s.Logs(ld)
			assert.Equal(t, 1, ld.LogRecordCount(), "%s: %s: %v", place, name, stats.Dropped)
			assert.NotContains(t, marshal(t, ld), "@example.org", "%s: %s", place, name)
		}
	}
}

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

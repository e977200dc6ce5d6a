package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

const listFields = `{"public":["/a","/list/*","/deep/ok","/deep/x/0","/any/*/ok"],"identity":["/id"],"text":["/a/free"]}`

func scrubListed(t *testing.T, p Policy, body string) (string, Stats) {
	t.Helper()
	p.Verify = 1
	s := newTest(t, p)
	ld := oneRecord(listFields, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
	stats := s.Logs(ld)
	require.Zero(t, stats.Residual)
	ofMap := oneRecord(listFields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
	mapStats := s.Logs(ofMap)
	want := pcommon.NewValueEmpty()
	parseMap(t, want, record(ld).Body().Str())
	require.Equal(t, want.AsRaw(), record(ofMap).Body().AsRaw(), body)
	require.Equal(t, summary(stats), summary(mapStats), body)
	return record(ld).Body().Str(), stats
}

func TestUnlisted(t *testing.T) {
	for _, tt := range []struct {
		body, dropped string
		n             int
	}{
		{`{"a":1,"id":"u1"}`, `{"a":1,"id":"<identity:u1>"}`, 0},
		{`{"b":1,"c":{"d":[1,{"e":2}]},"a":{"x":{"y":1}},"n":null,"s":""}`, `{"a":{"x":{"y":1}}}`, 4},
		{`{"a":{"free":"said a@b","more":"a@b"}}`, `{"a":{"more":"<email:a@b>"}}`, 0}, // the deeper one says otherwise
		{`{"list":[1,[2],{"x":3}]}`, `{"list":[1,[2],{"x":3}]}`, 0},
		{`{"list":"one"}`, `{}`, 1},
		{`{"deep":{"ok":1,"no":2,"x":[1,2,3]}}`, `{"deep":{"ok":1,"x":[1]}}`, 3},
		{`{"deep":[1],"any":{"p":{"ok":1,"no":2},"q":7}}`, `{"deep":[],"any":{"p":{"ok":1}}}`, 3},
		{`{"deep":"{\"ok\":1,\"no\":2}"}`, `{"deep":"{\"ok\":1}"}`, 1},
		{`{"deep":"{no JSON}","any":"x","a":2}`, `{"a":2}`, 2},
		{`{"deep":"","any":"[REDACTED]"}`, `{}`, 2},
		{`{"alice@example.com":1,"a":1}`, `{"a":1}`, 1},
	} {
		p := testPolicy()
		p.Unlisted = DropUnlisted
		got, stats := scrubListed(t, p, tt.body)
		assert.Equal(t, tt.dropped, named(newTest(t, p), got, "u1", "a@b"), tt.body)
		assert.Equal(t, [NumUnlisted]int{DropUnlisted: tt.n}, stats.Unlisted, tt.body)

		p.Unlisted = ScanUnlisted
		_, stats = scrubListed(t, p, tt.body)
		assert.Equal(t, [NumUnlisted]int{ScanUnlisted: tt.n}, stats.Unlisted, tt.body)
	}
}

func TestUnlistedAttributes(t *testing.T) {
	p := testPolicy()
	p.Unlisted = DropUnlisted
	p.Fields = []Field{
		{Path: "k8s.*", Kind: pii.Public},
		{Path: "api*", Kind: pii.Public},
		{Path: "tenant", Kind: pii.Identity, Source: "hera"},
		{Path: "secret.code", Kind: pii.Public},
	}
	for _, source := range []string{"hera", "okta"} {
		s := newTest(t, p)
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			m := lr.Attributes()
			m.PutStr(attr.Source, source)
			m.PutStr(attr.UserID, "u1")
			m.PutStr("k8s.pod.name", "idp-0")
			m.PutStr("api_token", "hush")
			m.PutStr("tenant", "acme")
			m.PutStr("secret.code", "E42")
			m.PutEmptyMap("other").PutStr("x", "y")
		})
		ld.ResourceLogs().At(0).Resource().Attributes().PutStr("k8s.node.name", "n1")
		ld.ResourceLogs().At(0).Resource().Attributes().PutStr("owner", "alice")
		ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().PutStr("owner", "alice")
		stats := s.Logs(ld)
		want := map[string]any{
			attr.Source: source, attr.UserID: s.names.Token(pii.Identity, "u1"), "k8s.pod.name": "idp-0",
			"api_token": Redacted, "secret.code": "E42",
		}
		dropped := 4
		if source == "hera" {
			want["tenant"] = s.names.Token(pii.Identity, "acme")
			dropped--
		}
		assert.Equal(t, want, record(ld).Attributes().AsRaw(), source)
		assert.Equal(t, map[string]any{"k8s.node.name": "n1"}, ld.ResourceLogs().At(0).Resource().Attributes().AsRaw())
		assert.Zero(t, ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().Len())
		assert.Equal(t, [NumUnlisted]int{DropUnlisted: dropped}, stats.Unlisted)
	}
}

// What is to be dropped is not where a deeper field says otherwise.
func TestDeeperFieldsOfWhatIsDropped(t *testing.T) {
	const fields = `{"text":["/details","/list/*"],"public":["/details/*/class","/list/0/ok"],"secret":["/s"],"identity":["/details/*/class/who"]}`
	const body = `{"details":{"said":"Smith","code":{"class":{"a":"E1","who":"u1"},"text":"x"},"n":[1]},"list":[{"ok":1,"no":2},{"ok":3},4],"s":{"class":1}}`
	for _, unlisted := range []Unlisted{ScanUnlisted, DropUnlisted} {
		p := testPolicy()
		p.Unlisted, p.Verify = unlisted, 1
		s := newTest(t, p)
		ld := oneRecord(fields, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
		assert.Zero(t, s.Logs(ld).Residual)
		assert.Equal(t, `{"details":{"code":{"class":{"a":"E1","who":"<identity:u1>"}},"n":[]},"list":[{"ok":1}],"s":{"class":"[REDACTED]"}}`,
			named(s, record(ld).Body().Str(), "u1"))
		ofMap := oneRecord(fields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
		s.Logs(ofMap)
		want := pcommon.NewValueEmpty()
		parseMap(t, want, record(ld).Body().Str())
		assert.Equal(t, want.AsRaw(), record(ofMap).Body().AsRaw())
	}
}

// A member of which nothing is left takes its name along, changed or not.
func TestGoneMembersWithChangedNames(t *testing.T) {
	const fields = `{"version":["/v/*"]}`
	const body = `{"v":{"x":1,"a@b":"Unknown","c":"1.2","d@e":"none"},"w":{"192.0.2.44":2}}`
	s := newTest(t, testPolicy())
	ld := oneRecord(fields, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
	assert.Zero(t, s.Logs(ld).Panics)
	assert.Equal(t, `{"v":{"x":1,"c":"1"},"w":{"192.0.2.0":2}}`, record(ld).Body().Str())
	ld = oneRecord(fields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
	s.Logs(ld)
	assert.Equal(t, map[string]any{"v": map[string]any{"x": int64(1), "c": "1"}, "w": map[string]any{"192.0.2.0": int64(2)}}, record(ld).Body().AsRaw())
}

func TestFieldsOfTheConfig(t *testing.T) {
	p := testPolicy()
	p.Fields = []Field{
		{Path: "/device/*/label", Kind: pii.Name},
		{Path: "/ref", Kind: pii.Identity, Source: "hera"},
		{Path: "/ip", Kind: pii.Public}, // the profile's stays: it is the stronger one
	}
	s := newTest(t, p)
	scrub := func(fields, source, body string) string {
		ld := oneRecord(fields, func(lr plog.LogRecord) {
			lr.Attributes().PutStr(attr.Source, source)
			lr.Body().SetStr(body)
		})
		s.Logs(ld)
		return named(s, record(ld).Body().Str(), "r1")
	}
	const body = `{"device":[{"label":"Alice's phone","os":"x"}],"ref":"r1","ip":"192.0.2.44"}`
	assert.Equal(t, `{"device":[{"os":"x"}],"ref":"<identity:r1>","ip":"192.0.2.0"}`, scrub(testFields, "hera", body))
	assert.Equal(t, `{"device":[{"os":"x"}],"ref":"r1","ip":"192.0.2.0"}`, scrub(testFields, "okta", body))
	// Where no profile says anything, only what the config lists stays.
	assert.Equal(t, `{"device":[{}],"ref":"<identity:r1>","ip":"192.0.2.0"}`, scrub("", "hera", body))
	assert.Equal(t, `{"device":[{}],"ip":"192.0.2.0"}`, scrub("", "okta", body))
}

func TestAllowFields(t *testing.T) {
	p := testPolicy()
	p.Rules = []Rule{{Source: "hera", Treatment: p.Treatment, AllowFields: []string{"/id", "/deep/*/n", "auth.source", "http.*"}}}
	s := newTest(t, p)
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"id":"u1","event":"x","email":"a@b","deep":{"a":{"n":"192.0.2.44","m":2}},"username":"alice"}`)
		lr.Attributes().PutStr(attr.Source, "hera")
		lr.Attributes().PutStr(attr.UserID, "u1")
		lr.Attributes().PutStr("http.route", "/x")
		lr.Attributes().PutStr("other", "y")
		lr.SetEventName("stays")
	})
	stats := s.Logs(ld)
	assert.Equal(t, `{"id":"<identity:u1>","deep":{"a":{"n":"192.0.2.0"}}}`, named(s, record(ld).Body().Str(), "u1"), "the profile's kinds hold")
	assert.Equal(t, map[string]any{attr.Source: "hera", "http.route": "/x"}, record(ld).Attributes().AsRaw())
	assert.Equal(t, "stays", record(ld).EventName())
	assert.Equal(t, [NumUnlisted]int{DropUnlisted: 6}, stats.Unlisted)

	ld = oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"event":"x"}`)
		lr.Attributes().PutStr(attr.Source, "okta")
	})
	s.Logs(ld)
	assert.Equal(t, `{"event":"x"}`, record(ld).Body().Str(), "no rule matches")
}

// A field listed as public by its very name may be called as a secret is.
func TestPublicByName(t *testing.T) {
	const fields = `{"public":["/code","/m","/w/*"],"identity":["/login"],"email":["/username"]}`
	ld := oneRecord(fields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"code":"E42","state":"x","m":{"code":"1","nickname":"Al"},"w":{"pin":"2"},"login":"u1","username":"a@b"}`)
	})
	s := newTest(t, testPolicy())
	s.Logs(ld)
	assert.Equal(t, `{"code":"E42","state":"[REDACTED]","m":{"code":"[REDACTED]"},"w":{"pin":"[REDACTED]"},"login":"<identity:u1>","username":"<email:a@b>"}`,
		named(s, record(ld).Body().Str(), "u1", "a@b"))
}

// The name of a field is a guess, and what a profile says of it is known: the
// state of an ID document is no OAuth state.
func TestListedKindInsteadOfTheName(t *testing.T) {
	const fields = `{"quasi_identifier":["/id_document/state"],"email":["/token"],"secret":["/w"],"version":["/w/code"]}`
	for _, form := range []string{"text", "map"} {
		ld := oneRecord(fields, func(lr plog.LogRecord) {
			const body = `{"id_document":{"state":"MD","nonce":"x"},"state":"x","token":"a@b","w":{"code":"7"}}`
			if form == "map" {
				parseMap(t, lr.Body(), body)
			} else {
				lr.Body().SetStr(body)
			}
		})
		s := newTest(t, testPolicy())
		s.Logs(ld)
		assert.JSONEq(t, `{"id_document":{"nonce":"[REDACTED]"},"state":"[REDACTED]","token":"<email:a@b>","w":{"code":"[REDACTED]"}}`,
			named(s, record(ld).Body().AsString(), "a@b"), form)
	}
}

func TestNamesByKind(t *testing.T) {
	for name, want := range map[string]pii.Kind{
		"username": pii.Identity, "userName": pii.Identity, "preferred_username": pii.Identity, "Session-Id": pii.Identity, "sub": pii.Identity,
		"given_name": pii.Name, "displayName": pii.Name, "birth_date": pii.QuasiIdentifier, "zip.code": pii.QuasiIdentifier,
		"password": pii.Secret, "phone_number": pii.Phone,
		"name": pii.None, "client_name": pii.None, "event_name": pii.None, "subject_type": pii.None, "logins": pii.None, "": pii.None,
		"s.id.": pii.None, "..sub": pii.None,
	} {
		assert.Equal(t, want.String(), nameKind(name).String(), name)
	}
	for name := range personNames {
		assert.Equal(t, pii.None, nameKind("x"+name+"9"), name)
		assert.LessOrEqual(t, len(name), maxKnownName)
	}
	got, stats := scrubBody(newTest(t, testPolicy()), `{"username":"alice","x":{"last_name":"Smith","nickname":["Al",{"a":"b"}],"dob":"1984-01-02","gender":true},"sub":7}`)
	assert.Equal(t, `{"username":"<identity:alice>","x":{"nickname":[{"a":"b"}],"gender":true},"sub":"<identity:7>"}`, named(newTest(t, testPolicy()), got, "alice", "7"))
	assert.EqualValues(t, 2, stats.Changed[pii.Name][Drop][ByField][InBody])

	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Attributes().PutStr("enduser.id", "alice")
		lr.Attributes().PutStr("app.family_name", "x")
		lr.Attributes().PutStr("family.name", "Smith")
	})
	s := newTest(t, testPolicy())
	s.Logs(ld)
	assert.Equal(t, map[string]any{"enduser.id": s.names.Token(pii.Identity, "alice"), "app.family_name": "x"}, record(ld).Attributes().AsRaw())
}

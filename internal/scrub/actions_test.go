package scrub

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// kindFields has one member of each kind.
const kindFields = `{"identity":["/identity"],"email":["/email"],"ip":["/ip"],"phone":["/phone"],"secret":["/secret"],"name":["/name"],` +
	`"quasi_identifier":["/quasi"],"vendor_id":["/vendor"],"user_agent":["/ua"],"version":["/version"],"url":["/url"],"path":["/path"],` +
	`"text":["/text"],"email_domain":["/domain"],"trace_id":["/trace"],"public":["/public"]}`

// scrubKinds returns what becomes of a body under kindFields, as a text and as
// a map: they have to agree. A second hop must change nothing.
func scrubKinds(t *testing.T, p Policy, body string) string {
	t.Helper()
	p.KeepPIIFields, p.Verify = true, 1
	s := newTest(t, p)
	ld := oneRecord(kindFields, func(lr plog.LogRecord) { lr.Body().SetStr(body) })
	stats := s.Logs(ld)
	require.Zero(t, stats.Residual, body)
	require.Equal(t, 1, ld.LogRecordCount())
	once := marshal(t, ld)
	if p.Actions[pii.IP] != PrefixPreserving {
		s.Logs(ld)
		require.Equal(t, once, marshal(t, ld), "a second hop changes it: %s", body)
	}
	text := record(ld).Body().Str()

	ld = oneRecord(kindFields, func(lr plog.LogRecord) { parseMap(t, lr.Body(), body) })
	mapStats := s.Logs(ld)
	want := pcommon.NewValueEmpty()
	parseMap(t, want, text)
	require.Equal(t, want.AsRaw(), record(ld).Body().AsRaw(), "as a map: %s", body)
	require.Equal(t, summary(stats), summary(mapStats), body)
	return text
}

func TestActions(t *testing.T) {
	for _, tt := range []struct {
		kind       pii.Kind
		action     Action
		body, want string
	}{
		{pii.Name, Drop, `{"name":"Alice Smith","a":1}`, `{"a":1}`},
		{pii.Name, Redact, `{"name":{"first":"Alice","n":[1]}}`, `{"name":{"first":"[REDACTED]","n":["[REDACTED]"]}}`},
		{pii.Name, Keep, `{"name":"Alice a@b"}`, `{"name":"Alice <email:a@b>"}`},
		{pii.QuasiIdentifier, Drop, `{"quasi":{"zip":20001},"a":1}`, `{"a":1}`},
		{pii.VendorID, Drop, `{"a":1,"vendor":"tmx-1"}`, `{"a":1}`},
		{pii.Text, Drop, `{"text":"she said so","a":[]}`, `{"a":[]}`},
		{pii.Text, Keep, `{"text":"from 192.0.2.44"}`, `{"text":"from 192.0.2.0"}`},
		{pii.TraceID, Drop, `{"trace":"Root=1-67891233-abcdef012345678912345678"}`, `{}`},
		{pii.TraceID, Keep, `{"trace":"Root=1-67891233-abcdef012345678912345678"}`, `{"trace":"Root=1-67891233-abcdef012345678912345678"}`},
		{pii.Secret, Drop, `{"secret":[1,2],"a":1,"password":"x","otp":["1",{"b":"c"}],"code":{"wrong":true}}`, `{"a":1,"otp":[{"b":"c"}],"code":{"wrong":true}}`},
		{pii.Phone, Keep, `{"phone":"+12025550123","text":null}`, `{"phone":"+12025550123","text":null}`},
		{pii.Public, Keep, `{"public":{"a":["x",1,true,null,{"b":"192.0.2.44 a@b"}]}}`, `{"public":{"a":["x",1,true,null,{"b":"192.0.2.0 <email:a@b>"}]}}`},

		{pii.UserAgent, Family, `{"ua":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.6099.71 Safari/537.36"}`, `{"ua":"Chrome/120"}`},
		{pii.UserAgent, Family, `{"ua":"alice's own browser 192.0.2.44","a":1}`, `{"a":1}`},
		{pii.UserAgent, Family, `{"ua":["curl/8.5.0","nobody knows"],"a":1}`, `{"ua":["curl/8"],"a":1}`},
		{pii.UserAgent, Keep, `{"ua":"x 192.0.2.44"}`, `{"ua":"x 192.0.2.0"}`},
		{pii.UserAgent, Redact, `{"ua":"x"}`, `{"ua":"[REDACTED]"}`},

		{pii.Version, Major, `{"version":"126.0.6478.122"}`, `{"version":"126"}`},
		{pii.Version, Major, `{"version":7}`, `{"version":7}`},
		{pii.Version, Major, `{"version":"Unknown","a":1}`, `{"a":1}`},
		{pii.Version, Major, `{"version":-3,"a":1}`, `{"a":1}`},

		{pii.URL, Origin, `{"url":"https://secure.login.gov/users/4711?token=x#y"}`, `{"url":"https://secure.login.gov"}`},
		{pii.URL, Origin, `{"url":"https://alice:pw@192.0.2.44:8443/x"}`, `{"url":"https://192.0.2.0:8443"}`},
		{pii.URL, Origin, `{"url":"/relative?u=a@b","a":1}`, `{"a":1}`},
		{pii.URL, Origin, `{"url":"https://[2001:db8:1:2::1]/"}`, `{"url":"https://[2001:db8:1::]"}`},

		{pii.Path, Template, `{"path":"/users/4711/edit?code=1"}`, `{"path":"/users/{id}/edit"}`},
		{pii.Path, Template, `{"path":"/invite/alice@example.com"}`, `{"path":"/invite/{id}"}`},
		{pii.Path, Template, `{"path":"/es/login/two_factor/sms"}`, `{"path":"/es/login/two_factor/sms"}`},

		{pii.EmailDomain, Provider, `{"domain":"GMail.com"}`, `{"domain":"gmail.com"}`},
		{pii.EmailDomain, Provider, `{"domain":"alice-smith.example"}`, `{"domain":"_OTHER"}`},
		{pii.EmailDomain, Registrable, `{"domain":"mail.dept.example.co.uk"}`, `{"domain":"example.co.uk"}`},

		{pii.Email, KeepDomain, `{"email":"Alice <alice@Mail.Example.com>"}`, `{"email":"[REDACTED]@mail.example.com"}`},
		{pii.Email, KeepDomain, `{"email":"alice","public":"of alice@example.com."}`, `{"email":"[REDACTED]","public":"of [REDACTED]@example.com."}`},
		{pii.Email, KeepDomain, `{"email":"a@b, c@d"}`, `{"email":"[REDACTED]"}`},
		{pii.Email, KeepDomain, `{"email":"alice@192.0.2.44"}`, `{"email":"[REDACTED]@192.0.2.0"}`},
	} {
		p := testPolicy()
		p.Actions[tt.kind] = tt.action
		got := scrubKinds(t, p, tt.body)
		assert.Equal(t, tt.want, named(newTest(t, p), got, "a@b"), "%s %s: %s", tt.kind, tt.action, tt.body)
	}
}

func TestEmailDomains(t *testing.T) {
	for domains, want := range map[Action]string{
		Keep:        `{"email":"[REDACTED]@mail.example.co.uk","public":"x [REDACTED]@gmail.com"}`,
		Registrable: `{"email":"[REDACTED]@example.co.uk","public":"x [REDACTED]@gmail.com"}`,
		Provider:    `{"email":"[REDACTED]@_OTHER","public":"x [REDACTED]@gmail.com"}`,
	} {
		p := testPolicy()
		p.Actions[pii.Email], p.EmailDomains = KeepDomain, domains
		assert.Equal(t, want, scrubKinds(t, p, `{"email":"alice@mail.example.co.uk","public":"x bob@gmail.com"}`))
	}
}

func TestIPKeep(t *testing.T) {
	const body = `{"ip":"10.1.2.3","public":"127.0.0.1 and 192.0.2.44, 8.8.8.8","a":{"b":1}}`
	for _, tt := range []struct {
		keep   IPKeep
		action Action
		want   string
	}{
		{KeepPrivate, Truncate, `{"ip":"10.1.2.3","public":"127.0.0.1 and 192.0.2.0, 8.8.8.0","a":{"b":1}}`},
		{KeepPrivate, Drop, `{"ip":"10.1.2.3","public":"127.0.0.1 and , ","a":{"b":1}}`},
		{KeepClass, Redact, `{"ip":"private","public":"loopback and documentation, public","a":{"b":1}}`},
		{KeepClass, Drop, `{"ip":"private","public":"loopback and documentation, public","a":{"b":1}}`},
		{KeepClass, Truncate, `{"ip":"10.1.2.0","public":"127.0.0.0 and 192.0.2.0, 8.8.8.0","a":{"b":1}}`},
		{KeepNone, Drop, `{"public":" and , ","a":{"b":1}}`},
	} {
		p := testPolicy()
		p.IPKeep, p.Actions[pii.IP] = tt.keep, tt.action
		assert.Equal(t, tt.want, scrubKinds(t, p, body), "%d %s", tt.keep, tt.action)
	}
	p := testPolicy()
	p.IPKeep, p.Actions[pii.IP] = KeepClass, Redact
	assert.Equal(t, `{"ip":"documentation, private"}`, scrubKinds(t, p, `{"ip":"192.0.2.1:443, for=10.0.0.1"}`))
	assert.Equal(t, `{"ip":"[REDACTED]"}`, scrubKinds(t, p, `{"ip":"unknown"}`))
	p.IPKeep, p.Actions[pii.IP] = KeepPrivate, Drop
	assert.Equal(t, `{"a":1}`, scrubKinds(t, p, `{"ip":"192.0.2.1","a":1}`), "a member of which nothing is left goes")
}

func TestPrefixPreserving(t *testing.T) {
	p := testPolicy()
	p.Actions[pii.IP] = PrefixPreserving
	s := newTest(t, p)
	mapped := func(addr string) string { return s.names.Anonymize(netip.MustParseAddr(addr)).String() }
	got := scrubKinds(t, p, `{"ip":"192.0.2.44","public":"of 192.0.2.45 and 2001:db8::1"}`)
	assert.Equal(t, `{"ip":"`+mapped("192.0.2.44")+`","public":"of `+mapped("192.0.2.45")+` and `+mapped("2001:db8::1")+`"}`, got)
	assert.NotContains(t, got, "192.0.2.4")

	// Found before the id that comes behind it makes the body be walked again.
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"x":"sess-1234567 at 192.0.2.44","id":"sess-1234567"}`)
		lr.Attributes().PutStr(attr.ClientAddress, "192.0.2.44")
	})
	ld.ResourceLogs().At(0).Resource().Attributes().PutStr("host", "192.0.2.44 of sess-1234567")
	s.Logs(ld)
	assert.Contains(t, record(ld).Body().Str(), mapped("192.0.2.44"), "mapped once, not twice")
	host, _ := ld.ResourceLogs().At(0).Resource().Attributes().Get("host")
	assert.Equal(t, mapped("192.0.2.44")+" of "+s.names.Token(pii.Identity, "sess-1234567"), host.Str())
}

func TestUserAgentAttributes(t *testing.T) {
	const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
	for name, tt := range map[string]struct {
		fill func(pcommon.Map)
		want map[string]any
	}{
		"added": {
			func(m pcommon.Map) { m.PutStr(attr.UserAgentOriginal, chrome) },
			map[string]any{attr.UserAgentName: "Chrome", attr.UserAgentVersion: "120"},
		},
		"not over what is there": {
			func(m pcommon.Map) {
				m.PutStr(attr.UserAgentOriginal, chrome)
				m.PutStr(attr.UserAgentName, "Chromium")
				m.PutStr(attr.UserAgentVersion, "119.7.8")
			},
			map[string]any{attr.UserAgentName: "Chromium", attr.UserAgentVersion: "119"},
		},
		"unknown": {func(m pcommon.Map) { m.PutStr(attr.UserAgentOriginal, "alice's") }, map[string]any{}},
		"nested": {
			func(m pcommon.Map) { m.PutEmptyMap("x").PutStr(attr.UserAgentOriginal, chrome) },
			map[string]any{"x": map[string]any{attr.UserAgentOriginal: "Chrome/120"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testPolicy()
			p.Verify = 1
			ld := oneRecord(testFields, func(lr plog.LogRecord) { tt.fill(lr.Attributes()) })
			stats := newTest(t, p).Logs(ld)
			assert.Zero(t, stats.Residual)
			assert.Equal(t, tt.want, record(ld).Attributes().AsRaw())
			assert.EqualValues(t, 1, stats.Changed[pii.UserAgent][Family][ByField][InAttribute])
		})
	}
}

func TestTraceIDs(t *testing.T) {
	for action, kept := range map[Action]bool{Drop: false, Keep: true} {
		p := testPolicy()
		p.Actions[pii.TraceID] = action
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			lr.SetTraceID([16]byte{1})
			lr.SetSpanID([8]byte{2})
			lr.SetFlags(1)
		})
		stats := newTest(t, p).Logs(ld)
		assert.Equal(t, kept, !record(ld).TraceID().IsEmpty())
		assert.Equal(t, kept, !record(ld).SpanID().IsEmpty())
		assert.Equal(t, kept, record(ld).Flags() == 1)
		assert.Equal(t, !kept, stats.Changed[pii.TraceID][Drop][ByField][InAttribute] == 1)
	}
}

// Numbers and what else is no text keep their types in attributes, too.
func TestTypesOfAttributes(t *testing.T) {
	p := testPolicy()
	p.Fields = []Field{{Path: "v.*", Kind: pii.Version}, {Path: "q", Kind: pii.QuasiIdentifier}, {Path: "u", Kind: pii.UserAgent}}
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		m := lr.Attributes()
		m.PutDouble("v.d", 17.4)
		m.PutInt("v.i", 17)
		m.PutStr("v.s", "17.4.1")
		m.PutInt("v.long", 123456)
		m.PutInt("q", 1984)
		m.PutInt("u", 5)
		m.PutEmptyBytes("v.b").FromRaw([]byte("9.8"))
	})
	newTest(t, p).Logs(ld)
	assert.Equal(t, map[string]any{"v.d": 17.0, "v.i": int64(17), "v.s": "17", "v.b": []byte("9")}, record(ld).Attributes().AsRaw())
}

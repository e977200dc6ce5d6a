package scrub

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestGlob(t *testing.T) {
	for pattern, texts := range map[string]map[string]bool{
		"mfa_*":   {"mfa_": true, "mfa_x": true, "mfa": false, "xmfa_": false},
		"*_end":   {"_end": true, "a_end": true, "a_end_": false},
		"a*b*c":   {"abc": true, "aXbYc": true, "acb": false, "ac": false, "abbc": true},
		"*":       {"": true, "x": true},
		"a*a":     {"a": false, "aa": true, "aba": true},
		"exact":   {"exact": true, "exactly": false},
		"*x*x*":   {"x": false, "xx": true, "axbxc": true},
		"OIDC: *": {"OIDC: x": true, "oidc: x": false},
	} {
		for text, want := range texts {
			assert.Equal(t, want, compileGlob(pattern).match(text), "%s: %s", pattern, text)
		}
	}
}

// ruleTreatment is that of the policy, but for what becomes of an identity.
func ruleTreatment(base Policy, action Action) Treatment {
	t := base.Treatment
	t.Actions[pii.Identity] = action
	return t
}

func TestRules(t *testing.T) {
	p := testPolicy()
	keep, redact, drop := ruleTreatment(p, Keep), ruleTreatment(p, Redact), ruleTreatment(p, Drop)
	p.Verify = 1
	p.Rules = []Rule{
		{EventName: "mfa_*", Source: "hera", Treatment: keep},
		{EventName: "mfa_*", Treatment: redact},
		{Attributes: map[string]string{attr.Category: "admin", "host.name": "h1"}, Treatment: drop},
		{Attributes: map[string]string{"n": "42"}, Treatment: keep},
	}
	s := newTest(t, p)
	token := s.names.Token(pii.Identity, "user-1234")
	for name, tt := range map[string]struct {
		event, scope, source, category, host string
		n                                    int64
		want                                 any
		body                                 string
	}{
		"both of the first":     {event: "mfa_x", source: "hera", want: "user-1234", body: `{"id":"user-1234"}`},
		"source of the scope":   {event: "mfa_x", scope: "hera", want: "user-1234", body: `{"id":"user-1234"}`},
		"record before scope":   {event: "mfa_x", scope: "hera", source: "okta", want: Redacted, body: `{"id":"[REDACTED]"}`},
		"the second":            {event: "mfa_y", want: Redacted, body: `{"id":"[REDACTED]"}`},
		"record and resource":   {event: "x", category: "admin", host: "h1", want: nil, body: `{}`},
		"one of two attributes": {event: "x", category: "admin", host: "h2", want: token, body: `{"id":"` + token + `"}`},
		"a number":              {event: "x", n: 42, want: "user-1234", body: `{"id":"user-1234"}`},
		"none":                  {event: "x", want: token, body: `{"id":"` + token + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			ld := oneRecord(testFields, func(lr plog.LogRecord) {
				lr.SetEventName(tt.event)
				lr.Body().SetStr(`{"id":"user-1234"}`)
				lr.Attributes().PutStr(attr.UserID, "user-1234")
				lr.Attributes().PutStr(attr.Category, tt.category)
				lr.Attributes().PutInt("n", tt.n)
				if tt.source != "" {
					lr.Attributes().PutStr(attr.Source, tt.source)
				}
			})
			ld.ResourceLogs().At(0).Resource().Attributes().PutStr("host.name", tt.host)
			ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().PutStr(attr.Source, tt.scope)
			next := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
			next.Attributes().PutStr(attr.UserID, "user-1234") // of no rule, whatever the one before it was
			stats := s.Logs(ld)
			assert.Equal(t, tt.want, record(ld).Attributes().AsRaw()[attr.UserID])
			assert.Equal(t, tt.body, record(ld).Body().Str())
			assert.Equal(t, token, next.Attributes().AsRaw()[attr.UserID])
			assert.Zero(t, stats.Residual)
		})
	}
}

func TestNewNamesWhatIsWrong(t *testing.T) {
	bad := testPolicy().Treatment
	bad.Actions[pii.URL] = Template
	bad.IPv4Bits = 0
	for want, change := range map[string]func(*Policy){
		`verify: must be a share of records, between 0 and 1 (got 2)`:       func(p *Policy) { p.Verify = 2 },
		`unparsed: must be redact or scan (got 9)`:                          func(p *Policy) { p.Unparsed = 9 },
		`on_error: must be drop or redact (got 9)`:                          func(p *Policy) { p.OnError = 9 },
		`unlisted: must be scan or drop (got 9)`:                            func(p *Policy) { p.Unlisted = 9 },
		`ip.keep: must be none, private or class (got 9)`:                   func(p *Policy) { p.IPKeep = 9 },
		`email.domain: must be full, registrable or provider (got "major")`: func(p *Policy) { p.EmailDomains = Major },
		`fields[1].path: must be a JSON Pointer into the body, such as /properties/user_id, or the name of an attribute (got "")`: func(p *Policy) {
			p.Fields = []Field{{Path: "/a", Kind: pii.IP}, {Kind: pii.IP}}
		},
		`fields[0].path: an attribute's name may have a * at its end only (got "a*b"): for a place in the body begin with /`: func(p *Policy) {
			p.Fields = []Field{{Path: "a*b", Kind: pii.IP}}
		},
		`fields[0].path: must have at most 64 levels (got 65): no body is as deep`: func(p *Policy) {
			p.Fields = []Field{{Path: strings.Repeat("/a", 65), Kind: pii.IP}}
		},
		`fields[0].path: must have at most 256 bytes (got 257)`: func(p *Policy) {
			p.Fields = []Field{{Path: strings.Repeat("a", 257), Kind: pii.IP}}
		},
		`fields[0].kind: must be one of identity, email, ip, phone, secret, name, quasi_identifier, vendor_id, user_agent, version, url, path, text, email_domain, trace_id, public (got "none")`: func(p *Policy) {
			p.Fields = []Field{{Path: "/a"}}
		},
		"rules[0].url: must be keep, drop, redact or origin (got \"template\")\nrules[0].ipv4_bits: must be between 1 and 32 (got 0)\n" +
			`rules[0].allow_fields[1]: must be a JSON Pointer into the body, such as /properties/user_id, or the name of an attribute (got "")`: func(p *Policy) {
			p.Rules = []Rule{{Treatment: bad, AllowFields: []string{"/a", ""}}}
		},
		`rules[0].attributes: must name an attribute (got "")`: func(p *Policy) {
			p.Rules = []Rule{{Treatment: p.Treatment, Attributes: map[string]string{"": "x"}}}
		},
		`rules[0].event_name: must have at most 256 bytes (got 300)`: func(p *Policy) {
			p.Rules = []Rule{{Treatment: p.Treatment, EventName: strings.Repeat("x", 300)}}
		},
		`rules: must be at most 256 (got 257)`: func(p *Policy) { p.Rules = make([]Rule, 257) },
		errKeyless.Error():                     func(p *Policy) { p.Keys, p.TrustedUpstream = nil, true },
	} {
		p := testPolicy()
		change(&p)
		_, err := New(p)
		require.EqualError(t, err, want)
	}
}

// A hop without a key may drop and redact.
func TestNoKeyWithTrustedUpstream(t *testing.T) {
	p := testPolicy()
	p.Keys, p.TrustedUpstream = nil, true
	p.Actions[pii.Identity], p.Actions[pii.Email] = Redact, Drop
	s := newTest(t, p)
	token := "identity_k9_" + strings.Repeat("0", 40)
	got, _ := scrubBody(s, `{"id":"u1","email":"a@b","x":"`+token+`","users":["`+token+`"]}`)
	assert.JSONEq(t, `{"id":"[REDACTED]","x":"`+token+`","users":["[REDACTED]"]}`, got)
	assert.Empty(t, s.KeyID())
	require.EqualError(t, newTest(t, testPolicy()).SetKeys(nil), `keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`)
}

package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// countedLine is a line of an IdP, and the points that it adds to, with what
// it adds.
type countedLine struct {
	line string
	want []string
}

// TestLines goes the whole way: a line is parsed by its profile and counted by
// the engine.
func TestLines(t *testing.T) {
	for _, tt := range slices.Concat(heraLines, loginGovLines, idpLines) {
		assert.Equal(t, tt.want, counted(t, tt.line), tt.line)
	}
}

// TestEveryRuleIsTried: each rule that names a source is tried by one
// of the lines.
func TestEveryRuleIsTried(t *testing.T) {
	tried := map[string]map[string]bool{} // metric, source
	for _, tt := range slices.Concat(heraLines, loginGovLines, idpLines) {
		e := newEngine(t)
		e.Compute(parse(t, nil, tt.line)).Commit()
		for _, p := range points(e) {
			if tried[p.metric] == nil {
				tried[p.metric] = map[string]bool{}
			}
			tried[p.metric][p.attributes[attr.Source]] = true
		}
	}
	for _, m := range catalogue.Builtin().Metrics {
		for _, r := range m.Rules {
			if r.Source != "" {
				assert.True(t, tried[m.Name][r.Source], "%s: no line of %s is counted", m.Name, r.Source)
			}
		}
	}
}

// TestOwnProfiles: what a user's own profile tells counts by its category.
func TestOwnProfiles(t *testing.T) {
	profiles := map[string]any{"acme": map[string]any{
		"match":      []any{map[string]any{"/acme": map[string]any{}}},
		"event_name": []any{"/e"},
		"outcome":    []any{"/ok"},
		"attributes": []any{
			map[string]any{"name": "user.id", "from": []any{"/u"}},
			map[string]any{"name": "auth.limiter", "from": []any{"/limiter"}},
		},
		"events": map[string]any{
			"login": map[string]any{"signed_in": map[string]any{}, "page_seen": map[string]any{}}, "mfa": map[string]any{"factor": map[string]any{}},
			"captcha": map[string]any{"captcha": map[string]any{}}, "password": map[string]any{"changed": map[string]any{}},
			"password_reset": map[string]any{"reset": map[string]any{"step": "sent"}}, "token": map[string]any{"token": map[string]any{}},
			"registration": map[string]any{"signed_up": map[string]any{}}, "idv": map[string]any{"proofed": map[string]any{}},
			"rate_limit": map[string]any{"limited": map[string]any{}}, "lockout": map[string]any{"locked": map[string]any{}},
			"admin": map[string]any{"client_made": map[string]any{}}, "breach_check": map[string]any{"breached": map[string]any{}},
		},
	}}
	for _, tt := range []countedLine{
		{`{"acme":1,"e":"signed_in","ok":true}`, []string{"auth.login.attempts{auth.outcome=success} 1"}},
		{`{"acme":1,"e":"page_seen"}`, nil},
		{`{"acme":1,"e":"factor","ok":false}`, []string{"auth.mfa.attempts{auth.outcome=failure} 1"}},
		{`{"acme":1,"e":"captcha","ok":false}`, []string{"auth.captcha.attempts{auth.outcome=failure} 1"}},
		{`{"acme":1,"e":"breached","ok":false}`, []string{"auth.password.breach.checks{auth.outcome=failure} 1"}},
		{`{"acme":1,"e":"changed","ok":true}`, []string{"auth.password.changes{auth.outcome=success} 1"}},
		{`{"acme":1,"e":"reset"}`, []string{"auth.password.resets{auth.step=sent} 1"}},
		{`{"acme":1,"e":"token","ok":true}`, []string{"auth.oauth.token.exchanges{auth.outcome=success} 1"}},
		{`{"acme":1,"e":"signed_up"}`, []string{"auth.registration.steps{} 1"}},
		{`{"acme":1,"e":"proofed","ok":true}`, []string{"auth.idv.steps{auth.outcome=success} 1"}},
		{`{"acme":1,"e":"limited","limiter":"api"}`, []string{"auth.rate_limit.hits{auth.limiter=api} 1"}},
		{`{"acme":1,"e":"locked","ok":false}`, []string{"auth.account.lockouts{} 1"}},
		{`{"acme":1,"e":"locked","ok":true}`, nil},
		{`{"acme":1,"e":"client_made"}`, []string{"auth.admin.actions{auth.action=client_made} 1"}},
	} {
		e := newEngine(t)
		e.Compute(parse(t, profiles, tt.line)).Commit()
		var got []string
		for _, p := range points(e) {
			if p.metric != "auth.events" {
				got = append(got, p.text)
			}
		}
		assert.Equal(t, tt.want, got, tt.line)
	}
}

// TestEventNames: of a source with a profile, the names that it lists are told
// apart, and of others all.
func TestEventNames(t *testing.T) {
	e := newEngine(t)
	e.Compute(parse(t, map[string]any{"acme": map[string]any{
		"match": []any{map[string]any{"/acme": map[string]any{}}}, "event_name": []any{"/e"},
	}},
		heraLine("mfa_removed", ""), heraLine("social_new_thing", ""), heraLine("social_other_thing", ""),
		keycloakLine("LOGIN", ""), `{"acme":1,"e":"LOGIN"}`, `{"acme":1,"e":"anything"}`,
	)).Commit()
	var got []string
	for _, p := range points(e) {
		if p.metric == "auth.events" {
			got = append(got, p.attributes[attr.Source]+" "+p.attributes[attr.OTelEventName]+" "+strings.Fields(p.text)[len(strings.Fields(p.text))-1])
		}
	}
	assert.ElementsMatch(t, []string{
		"hera mfa_removed 1", "hera " + eventmetrics.Other + " 2", "keycloak LOGIN 1", "acme LOGIN 1", "acme anything 1",
	}, got)
}

// TestDeclared: what is declared has its zeros before the first event, and
// those of its source alone.
func TestDeclared(t *testing.T) {
	e, err := eventmetrics.New(catalogue.Builtin(), eventmetrics.Settings{Start: now, Declare: []map[string]string{{attr.Source: "hera", attr.Domain: "ciam"}}})
	require.NoError(t, err)
	found := map[string]bool{}
	for _, p := range collect(e, func(point) bool { return true }) {
		assert.Zero(t, p.value, p.text)
		assert.Equal(t, "hera", p.attributes[attr.Source], p.text)
		assert.Equal(t, "ciam", p.attributes[attr.Domain], p.text)
		found[p.text] = true
	}
	for _, want := range []string{
		"auth.login.attempts{auth.method=social,auth.outcome=failure} 0", "auth.login.attempts{auth.outcome=success} 0",
		"auth.mfa.attempts{auth.method=totp,auth.outcome=failure} 0", "auth.captcha.attempts{auth.outcome=success} 0",
		"auth.password.breach.checks{auth.outcome=failure} 0", "auth.account.lockouts{} 0", "auth.stepups{auth.aal=aal2,auth.outcome=success} 0",
	} {
		assert.True(t, found[want], want)
	}
	assert.False(t, found["auth.login.attempts{auth.method=piv_cac,auth.outcome=success} 0"])
}

// TestNamesImplyMethods: also behind a hop that has kept neither method nor step.
func TestNamesImplyMethods(t *testing.T) {
	for event, want := range map[string]string{
		"piv_cac_login":                     "auth.login.attempts{auth.method=piv_cac} 1",
		"Email and Password Authentication": "auth.login.attempts{auth.method=password} 1",
		"Multi-Factor Authentication: enter webAuthn authentication visited": "auth.mfa.challenges{auth.method=webauthn} 1",
		"TOTP Setup": "auth.mfa.enrollments{auth.method=totp} 1",
	} {
		ld := parse(t, nil, loginGovLine(event, ""))
		record := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		record.Attributes().Clear()
		record.Attributes().PutStr(attr.Source, "login_gov")
		e := newEngine(t)
		e.Compute(ld).Commit()
		var got []string
		for _, p := range points(e) {
			if p.metric != "auth.events" {
				got = append(got, p.text)
			}
		}
		assert.Equal(t, []string{want}, got, event)
	}
}

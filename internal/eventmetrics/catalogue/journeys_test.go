package catalogue_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
)

// of gives a line of Login.gov's another user and another time.
func of(user string, after time.Duration, line string) string {
	at := now.Add(after).Format(time.RFC3339)
	line = strings.Replace(line, "4b1a2b2e-8e2d-4f52-9a51-0d1b6a6f7c11", user, 1)
	return strings.Replace(line, "2026-05-20T12:00:00Z", at, 1)
}

// follow counts lines, lets the clock go on, and returns what has
// come to stand in a metric.
func follow(t *testing.T, metric string, later time.Duration, lines ...string) []string {
	t.Helper()
	clock := now
	e, err := eventmetrics.New(catalogue.Builtin(), eventmetrics.Settings{Start: now.Add(-time.Hour), Now: func() time.Time { return clock }})
	require.NoError(t, err)
	require.Equal(t, len(lines), e.Compute(parse(t, nil, lines...)).Commit().Counted)
	clock = now.Add(later)
	e.Advance(clock)
	var texts []string
	for _, p := range points(e) {
		if p.metric == metric {
			texts = append(texts, p.text)
		}
	}
	return texts
}

func TestChallengeToSuccess(t *testing.T) {
	asked := loginGovLine("Multi-Factor Authentication: enter OTP visited", `"context":"authentication","multi_factor_auth_method":"sms"`)
	wrong := loginGovLine("Multi-Factor Authentication", `"success":false,"multi_factor_auth_method":"sms"`)
	right := loginGovLine("Multi-Factor Authentication", `"success":true,"multi_factor_auth_method":"sms"`)
	other := loginGovLine("Multi-Factor Authentication: enter TOTP visited", `"context":"authentication"`)
	lines := []string{
		of("a", 0, asked), of("a", 10*time.Second, wrong), of("a", 30*time.Second, right),
		of("b", 0, asked), of("b", 5*time.Second, wrong),
		of("c", 0, other), of("c", time.Minute, right), // another method than the one asked for
	}
	assert.Equal(t, []string{"auth.mfa.challenge.duration{auth.method=sms} 30"}, follow(t, "auth.mfa.challenge.duration", time.Minute, lines...))
	assert.Empty(t, follow(t, "auth.mfa.challenges.abandoned", 9*time.Minute, lines...))
	assert.ElementsMatch(t, []string{
		"auth.mfa.challenges.abandoned{auth.method=sms,auth.context=authentication} 1",
		"auth.mfa.challenges.abandoned{auth.method=totp,auth.context=authentication} 1",
	}, follow(t, "auth.mfa.challenges.abandoned", 11*time.Minute, lines...))
	// Hera's name the user where an identity is known.
	assert.Equal(t, []string{"auth.mfa.challenges.abandoned{auth.method=totp} 1"}, follow(t, "auth.mfa.challenges.abandoned", 11*time.Minute,
		heraLine("mfa_challenge_displayed", `"method":"totp","identity_id":"x"`), heraLine("mfa_challenge_displayed", `"method":"totp"`),
		heraLine("mfa_challenge_displayed", `"method":"totp","identity_id":"y"`), heraLine("mfa_challenge_succeeded", `"method":"totp","identity_id":"y"`)))
}

func TestPKCEAbandoned(t *testing.T) {
	begun := loginGovLine("OpenID Connect: authorization request", `"success":true,"client_id":"sp","code_challenge_present":true,"scope":"openid"`)
	without := loginGovLine("OpenID Connect: authorization request", `"success":true,"client_id":"sp","code_challenge_present":false,"scope":"openid"`)
	refused := loginGovLine("OpenID Connect: authorization request", `"success":false,"client_id":"sp","code_challenge_present":true,"scope":"openid"`)
	token := strings.Replace(loginGovLine("OpenID Connect: token", `"success":true,"client_id":"sp"`), "v-1", "v-of-the-client", 1)
	assert.Equal(t, []string{"auth.pkce.abandoned{auth.client.id=sp} 2"}, follow(t, "auth.pkce.abandoned", 11*time.Minute,
		of("a", 0, begun), of("a", time.Second, token),
		of("b", 0, begun), of("c", 0, begun),
		of("d", 0, without), of("e", 0, refused), of("anonymous-uuid", 0, begun),
		heraLine("pkce_authorize", `"client_id":"app"`), // names nobody
	))
}

func TestFunnels(t *testing.T) {
	confirmed := loginGovLine("User Registration: Email Confirmation", `"success":true`)
	failed := loginGovLine("User Registration: Email Confirmation", `"success":false`)
	visited := loginGovLine("User Registration: 2FA Setup visited", ``)
	registered := loginGovLine("User Registration: User Fully Registered", ``)
	arrived := loginGovLine("SP redirect initiated", ``)
	got := follow(t, "auth.funnel.users", 0,
		of("a", 0, confirmed), of("a", 1, visited), of("a", 2, visited), of("a", 3, registered), of("a", 4, arrived),
		of("b", 0, confirmed), of("b", 1, registered), // a step is missing
		of("c", 0, failed), of("c", 1, visited),
		of("d", 0, arrived),
		of("e", 0, loginGovLine("Email and Password Authentication", `"success":true`)),
		of("e", 1, loginGovLine("Multi-Factor Authentication: enter TOTP visited", ``)),
		of("e", 2, loginGovLine("Multi-Factor Authentication", `"success":true,"multi_factor_auth_method":"totp"`)),
		of("f", 0, loginGovLine("Email and Password Authentication", `"success":false`)),
		of("g", 0, loginGovLine("IdV: intro visited", ``)), of("g", 0, loginGovLine("IdV: doc auth welcome visited", ``)),
		of("g", 0, loginGovLine("IdV: final resolution", `"success":true`)),
	)
	step := func(funnel, step, value string) string {
		return "auth.funnel.users{auth.funnel=" + funnel + ",auth.funnel.step=" + step + ",auth.client.id=sp} " + value
	}
	assert.ElementsMatch(t, []string{
		step("registration", "email_confirmed", "2"), step("registration", "mfa_setup_visited", "1"),
		step("registration", "registered", "1"), step("registration", "arrived_at_client", "1"),
		step("sign_in", "first_factor", "1"), step("sign_in", "second_factor_asked", "1"), step("sign_in", "second_factor", "1"),
		step("sign_in", "arrived_at_client", "2"),
		step("idv", "started", "1"), step("idv", "completed", "1"),
	}, got)
}

func TestUniqueUsers(t *testing.T) {
	login := loginGovLine("Email and Password Authentication", `"success":true`)
	e := newEngine(t)
	e.Compute(parse(t, nil,
		of("a", 0, login), of("a", 0, login), of("b", 0, loginGovLine("Session Timed Out", ``)), of("anonymous-uuid", 0, login),
		// What an administrator does to somebody is no visit of theirs.
		`{"type":"audit","audit":true,"action":"m2m_client.created","identity_id":"x","ts":"2026-05-20T12:00:00Z"}`,
	)).Commit()
	var got []string
	for _, p := range e.Gauges() {
		text := ""
		for _, a := range p.Attributes {
			text += a.Name + "=" + a.Value + " "
		}
		if strings.Contains(text, "auth.window=24h") {
			got = append(got, fmt.Sprint(text, p.Value))
		}
	}
	assert.ElementsMatch(t, []string{
		"auth.source=login_gov auth.category=password auth.window=24h 1", "auth.source=login_gov auth.category=session auth.window=24h 1",
		"auth.source=login_gov auth.client.id=sp auth.window=24h 2", "auth.source=login_gov auth.window=24h 2",
	}, got)
}

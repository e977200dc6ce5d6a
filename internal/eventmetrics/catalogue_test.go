package eventmetrics

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// full carries every attribute that a point may have.
func full(source, name string) event {
	return event{source, name, map[string]any{
		attr.Category: "any", attr.Outcome: "failure", attr.ErrorType: "timeout", attr.Method: "sms",
		attr.Context: "authentication", attr.ClientID: "app", attr.PKCEUsed: true, attr.Provider: "google",
		attr.FirstLogin: false, attr.Flow: "login", attr.Duration: 1.5,
		attr.UserID: "u-1", attr.SessionID: "s-1", attr.ClientAddress: "203.0.113.9",
	}}
}

func TestEveryRule(t *testing.T) {
	const (
		login        = "auth.login.attempts {auth.method=sms auth.outcome=failure error.type=timeout} 1"
		challenge    = "auth.mfa.challenges {auth.method=sms auth.context=authentication} 1"
		attempt      = "auth.mfa.attempts {auth.method=sms auth.context=authentication auth.outcome=failure error.type=timeout} 1"
		enrollment   = "auth.mfa.enrollments {auth.method=sms auth.outcome=failure} 1"
		captchaShown = "auth.captcha.challenges {auth.flow=login} 1"
		captcha      = "auth.captcha.attempts {auth.flow=login auth.outcome=failure error.type=timeout} 1"
		breach       = "auth.password.breach.checks {auth.outcome=failure error.type=timeout} 1"
		authorize    = "auth.oauth.authorizations {auth.client.id=app auth.pkce.used=true auth.outcome=failure} 1"
		token        = "auth.oauth.token.exchanges {auth.client.id=app auth.pkce.used=true auth.outcome=failure} 1"
		pkceFailure  = "auth.pkce.failures {auth.client.id=app error.type=timeout} 1"
		pkceDuration = "auth.pkce.duration {auth.client.id=app} 1"
		initiation   = "auth.social.initiations {auth.provider=google} 1"
		socialLogin  = "auth.social.logins {auth.provider=google auth.first_login=false} 1"
		link         = "auth.social.links {auth.provider=google} 1"
	)
	tests := []struct {
		source, event string
		want          []string // beside auth.events
	}{
		{hera, "social_login_initiated", []string{initiation}},
		{hera, "social_login_completed", []string{login, socialLogin}},
		{hera, "social_login_failed", []string{login}},
		{hera, "social_link_completed", []string{link}},
		{hera, "social_linked", []string{link}},
		{hera, "social_link_initiated", nil},
		{hera, "social_link_started", nil},
		{hera, "social_link_failed", nil},
		{hera, "social_link_removed", nil},
		{hera, "mfa_challenge_displayed", []string{challenge}},
		{hera, "mfa_challenge_succeeded", []string{attempt}},
		{hera, "mfa_challenge_failed", []string{attempt}},
		{hera, "captcha_displayed", []string{captchaShown}},
		{hera, "captcha_succeeded", []string{captcha}},
		{hera, "captcha_failed", []string{captcha}},
		{hera, "breach_check_passed", []string{breach}},
		{hera, "breach_check_failed", []string{breach}},
		{hera, "pkce_authorize", []string{authorize}},
		{hera, "auth.pkce.started", []string{authorize}},
		{hera, "pkce_token_exchange", []string{token}},
		{hera, "auth.pkce.completed", []string{token, pkceDuration}},
		{hera, "pkce_flow_completed", []string{pkceDuration}},
		{hera, "pkce_failed", []string{pkceFailure}},
		{hera, "auth.pkce.failed", []string{pkceFailure}},
		{hera, "sdk.startup.succeeded", nil},
		{loginGov, "Email and Password Authentication", []string{login}},
		{loginGov, "piv_cac_login", []string{login}},
		{loginGov, "piv_cac_login_visited", nil},
		{loginGov, "password_found_on_pwned_list", []string{breach}},
		{loginGov, "Multi-Factor Authentication", []string{attempt}},
		{loginGov, "Multi-Factor Authentication: enter OTP visited", []string{challenge}},
		{loginGov, "Multi-Factor Authentication: enter TOTP visited", []string{challenge}},
		{loginGov, "Multi-Factor Authentication: enter backup code visited", []string{challenge}},
		{loginGov, "Multi-Factor Authentication: enter personal key visited", []string{challenge}},
		{loginGov, "Multi-Factor Authentication: enter webAuthn authentication visited", []string{challenge}},
		{loginGov, "multi_factor_auth_enter_piv_cac", []string{challenge}},
		{loginGov, "Multi-Factor Authentication: option list visited", nil},
		{loginGov, "Multi-Factor Authentication: max attempts reached", nil},
		{loginGov, "Multi-Factor Authentication Setup", []string{enrollment}},
		{loginGov, "TOTP Setup", []string{enrollment}},
		{loginGov, "TOTP Setup Visited", nil},
		{loginGov, "WebAuthn Setup Submitted", []string{enrollment}},
		{loginGov, "webauthn_setup_submitted", nil},
		{loginGov, "User Registration: piv cac enabled", []string{enrollment}},
		{loginGov, "Backup Code Created", nil},
		{loginGov, "reCAPTCHA verify result received", []string{captcha}},
		{loginGov, "recaptcha_annotation_result_received", nil},
		{loginGov, "OpenID Connect: authorization request", []string{authorize}},
		{loginGov, "OpenID Connect: authorization request handoff", nil},
		{loginGov, "OpenID Connect: token", []string{token}},
		// A name of one provider means nothing at the other.
		{loginGov, "mfa_challenge_failed", nil},
		{hera, "Multi-Factor Authentication", nil},
		{"", "mfa_challenge_failed", nil},
	}
	metrics := catalogue.Builtin().Metrics
	for _, tt := range tests {
		t.Run(tt.source+"/"+tt.event, func(t *testing.T) {
			e := newTestEngine(t, 0)
			count(e, logs(full(tt.source, tt.event)))
			assert.Equal(t, []string{"{otel.event.name=" + tt.event + " auth.category=any auth.outcome=failure} 1"}, points(e, "auth.events"))
			var got []string
			for _, m := range metrics[1:] {
				for _, p := range points(e, m.Name) {
					got = append(got, m.Name+" "+p)
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestLoginGovTokenFailuresOnPKCEKeys(t *testing.T) {
	for errorType, want := range map[string]int64{
		"code_verifier.invalid_code_verifier": 1,
		"code_challenge.blank":                1,
		"client_assertion.invalid":            0,
		"":                                    0,
	} {
		e := newTestEngine(t, 0)
		count(e, logs(full(loginGov, "OpenID Connect: token").with(attr.ErrorType, errorType)))
		assert.Equal(t, want, total(e, "auth.pkce.failures", "", ""), errorType)
	}
}

func TestDefaultsOfAnEventName(t *testing.T) {
	tests := []struct{ source, event, metric, want string }{
		{hera, "social_login_completed", "auth.login.attempts", "{auth.method=social} 1"},
		{loginGov, "Email and Password Authentication", "auth.login.attempts", "{auth.method=password} 1"},
		{loginGov, "piv_cac_login", "auth.login.attempts", "{auth.method=piv_cac} 1"},
		{loginGov, "password_found_on_pwned_list", "auth.password.breach.checks", "{auth.outcome=failure} 1"},
		{loginGov, "Multi-Factor Authentication: enter OTP visited", "auth.mfa.challenges", "{} 1"},
		{loginGov, "Multi-Factor Authentication: enter TOTP visited", "auth.mfa.challenges", "{auth.method=totp} 1"},
		{loginGov, "Multi-Factor Authentication: enter backup code visited", "auth.mfa.challenges", "{auth.method=backup_code} 1"},
		{loginGov, "Multi-Factor Authentication: enter personal key visited", "auth.mfa.challenges", "{auth.method=personal_key} 1"},
		{loginGov, "Multi-Factor Authentication: enter webAuthn authentication visited", "auth.mfa.challenges", "{auth.method=webauthn} 1"},
		{loginGov, "multi_factor_auth_enter_piv_cac", "auth.mfa.challenges", "{auth.method=piv_cac} 1"},
		{loginGov, "TOTP Setup", "auth.mfa.enrollments", "{auth.method=totp} 1"},
		{loginGov, "WebAuthn Setup Submitted", "auth.mfa.enrollments", "{auth.method=webauthn} 1"},
		{loginGov, "User Registration: piv cac enabled", "auth.mfa.enrollments", "{auth.method=piv_cac} 1"},
	}
	for _, tt := range tests {
		t.Run(tt.event, func(t *testing.T) {
			e := newTestEngine(t, 0)
			count(e, logs(event{source: tt.source, name: tt.event}))
			assert.Equal(t, []string{tt.want}, points(e, tt.metric))
		})
	}
}

// A name misspelt in the catalogue would count nothing and say nothing.
func TestLoginGovNamesExist(t *testing.T) {
	raw, err := os.ReadFile("testdata/login_gov_names.txt")
	require.NoError(t, err)
	names := strings.Split(string(raw), "\n")
	checked := 0
	for _, m := range catalogue.Builtin().Metrics {
		for _, r := range m.Rules {
			if r.Source != loginGov {
				continue
			}
			for _, name := range r.Events {
				p, err := compilePattern(name)
				require.NoError(t, err)
				assert.True(t, slices.ContainsFunc(names, p.matches), "%s: %s", m.Name, name)
				checked++
			}
		}
	}
	assert.NotZero(t, checked)
}

func TestNamesAndUnits(t *testing.T) {
	for _, m := range catalogue.Builtin().Metrics {
		assert.True(t, strings.HasPrefix(m.Name, "auth."), m.Name)
		assert.NotContains(t, m.Name, "total")
		assert.NotEmpty(t, m.Description, m.Name)
		if m.Kind == definition.Histogram {
			assert.Equal(t, "s", m.Unit, m.Name)
			continue
		}
		assert.Regexp(t, `^\{[a-z]+\}$`, m.Unit, m.Name)
	}
}

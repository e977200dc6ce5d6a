// Package catalogue holds the built-in metrics.
package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

const (
	hera     = "hera"
	loginGov = "login_gov"
)

// Builtin returns the built-in metrics, in the order of output.
func Builtin() definition.Set {
	var all definition.Set
	for _, section := range [][]definition.Metric{
		eventMetrics(), loginMetrics(), mfaMetrics(), captchaMetrics(), oauthMetrics(), socialMetrics(),
	} {
		all.Metrics = append(all.Metrics, section...)
	}
	return all
}

func eventMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.events",
		Unit:        "{event}",
		Description: "Events of the identity providers, by event name.",
		Dimensions:  dimensions(attr.OTelEventName, attr.Category, attr.Outcome),
		Rules:       []definition.Rule{{Events: []string{"*"}}},
	}}
}

func loginMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.login.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to sign in with a first factor.",
		Dimensions:  dimensions(attr.Method, attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"social_login_completed", "social_login_failed"}, Defaults: method("social")},
			{Source: loginGov, Events: []string{"Email and Password Authentication"}, Defaults: method("password")},
			{Source: loginGov, Events: []string{"piv_cac_login"}, Defaults: method("piv_cac")},
		},
	}, {
		Name:        "auth.password.breach.checks",
		Unit:        "{check}",
		Description: "Passwords checked against lists of breached ones.",
		Dimensions:  dimensions(attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"breach_check_*"}},
			// Login.gov says nothing when a password passes.
			{
				Source: loginGov, Events: []string{"password_found_on_pwned_list"},
				Defaults: []definition.Default{{Dimension: attr.Outcome, Value: attr.OutcomeFailure}},
			},
		},
	}}
}

func mfaMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.mfa.challenges",
		Unit:        "{challenge}",
		Description: "Second factors asked for.",
		Dimensions:  dimensions(attr.Method, attr.Context),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"mfa_challenge_displayed"}},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter TOTP visited"}, Defaults: method("totp")},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter backup code visited"}, Defaults: method("backup_code")},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter personal key visited"}, Defaults: method("personal_key")},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter webAuthn authentication visited"}, Defaults: method("webauthn")},
			{Source: loginGov, Events: []string{"multi_factor_auth_enter_piv_cac"}, Defaults: method("piv_cac")},
			// "enter OTP visited" is a text message or a call: only the record knows.
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter * visited"}},
		},
	}, {
		Name:        "auth.mfa.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to pass a second factor.",
		Dimensions:  dimensions(attr.Method, attr.Context, attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"mfa_challenge_succeeded", "mfa_challenge_failed"}},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication"}},
		},
	}, {
		Name:        "auth.mfa.enrollments",
		Unit:        "{enrollment}",
		Description: "Attempts to set up a second factor.",
		Dimensions:  dimensions(attr.Method, attr.Outcome),
		// "webauthn_setup_submitted" and "Backup Code Created" are not here:
		// Login.gov emits them beside "Multi-Factor Authentication Setup".
		Rules: []definition.Rule{
			{Source: loginGov, Events: []string{"Multi-Factor Authentication Setup"}},
			{Source: loginGov, Events: []string{"TOTP Setup"}, Defaults: method("totp")},
			{Source: loginGov, Events: []string{"WebAuthn Setup Submitted"}, Defaults: method("webauthn")},
			{Source: loginGov, Events: []string{"User Registration: piv cac enabled"}, Defaults: method("piv_cac")},
		},
	}}
}

func captchaMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.captcha.challenges",
		Unit:        "{challenge}",
		Description: "Captchas shown.",
		Dimensions:  dimensions(attr.Flow),
		Rules:       []definition.Rule{{Source: hera, Events: []string{"captcha_displayed"}}},
	}, {
		Name:        "auth.captcha.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to pass a captcha.",
		Dimensions:  dimensions(attr.Flow, attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"captcha_succeeded", "captcha_failed"}},
			{Source: loginGov, Events: []string{"reCAPTCHA verify result received"}},
		},
	}}
}

func oauthMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.oauth.authorizations",
		Unit:        "{request}",
		Description: "Authorization requests of clients.",
		Dimensions:  dimensions(attr.ClientID, attr.PKCEUsed, attr.Outcome),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"pkce_authorize", "auth.pkce.started"}},
			{Source: loginGov, Events: []string{"OpenID Connect: authorization request"}},
		},
	}, {
		Name:        "auth.oauth.token.exchanges",
		Unit:        "{request}",
		Description: "Exchanges of a code for a token.",
		Dimensions:  dimensions(attr.ClientID, attr.PKCEUsed, attr.Outcome),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"pkce_token_exchange", "auth.pkce.completed"}},
			{Source: loginGov, Events: []string{"OpenID Connect: token"}},
		},
	}, {
		Name:        "auth.pkce.failures",
		Unit:        "{failure}",
		Description: "Flows that failed on their PKCE challenge or verifier.",
		Dimensions:  dimensions(attr.ClientID, attr.ErrorType),
		Rules: []definition.Rule{
			{Source: hera, Events: []string{"pkce_failed", "auth.pkce.failed"}},
			{
				Source: loginGov, Events: []string{"OpenID Connect: token"},
				// A token request fails for many reasons; these are PKCE's keys.
				Conditions: []definition.Condition{{
					Place:  definition.Place{In: definition.Attribute, Name: attr.ErrorType},
					Values: []string{"code_verifier*", "code_challenge*"},
				}},
			},
		},
	}, {
		Name:        "auth.pkce.duration",
		Unit:        "s",
		Description: "Time from the start of a PKCE flow to its end.",
		Kind:        definition.Histogram,
		Dimensions:  dimensions(attr.ClientID),
		Rules:       []definition.Rule{{Source: hera, Events: []string{"pkce_flow_completed", "auth.pkce.completed"}}},
	}}
}

func socialMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.social.initiations",
		Unit:        "{login}",
		Description: "Social logins begun.",
		Dimensions:  dimensions(attr.Provider),
		Rules:       []definition.Rule{{Source: hera, Events: []string{"social_login_initiated"}}},
	}, {
		Name:        "auth.social.logins",
		Unit:        "{login}",
		Description: "Social logins completed.",
		Dimensions:  dimensions(attr.Provider, attr.FirstLogin),
		Rules:       []definition.Rule{{Source: hera, Events: []string{"social_login_completed"}}},
	}, {
		Name:        "auth.social.links",
		Unit:        "{login}",
		Description: "Social logins linked to an account that stood already.",
		Dimensions:  dimensions(attr.Provider),
		Rules: []definition.Rule{{
			Source: hera,
			Events: []string{"social_link*"},
			// Points have no outcome, so what is no link yet must not count as one.
			Except: []string{"social_link_initiated", "social_link_started", "*_failed", "*_removed"},
		}},
	}}
}

func method(name string) []definition.Default {
	return []definition.Default{{Dimension: attr.Method, Value: name}}
}

// dimensions are attributes of the record under their own names.
func dimensions(names ...string) []definition.Dimension {
	list := make([]definition.Dimension, len(names))
	for i, name := range names {
		list[i].Name = name
	}
	return list
}

package catalogue

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// aal2 is how Ory and Hera name the level that takes a second factor.
const aal2 = "aal2"

// loginAttempts are attempts with a first factor, whether they succeed or not.
func loginAttempts() []definition.Rule {
	return []definition.Rule{
		implying(rule(hera, "social_login_completed", "social_login_failed"), attr.Method, "social"),
		rule(hera, "login_succeeded", "login_failed"),
		implying(rule(loginGov, "Email and Password Authentication"), attr.Method, "password"),
		implying(rule(loginGov, "piv_cac_login"), attr.Method, "piv_cac"),
		// A flow that asks for aal2 is the second factor: see mfaAttempts.
		unless(rule(ory, "identity.authenticated", "login.failed"), attr.AAL, aal2),
		implying(where(rule(keycloak, "LOGIN", "LOGIN_ERROR"), attr.Provider, present), attr.Method, "social"),
		rule(keycloak, "LOGIN", "LOGIN_ERROR"),
		implying(where(rule(auth0, "success_login", "failed_login"), attr.Provider, socialStrategies...), attr.Method, "social"),
		rule(auth0, "success_login", "failed_login", "failed_login_incorrect_password", "failed_login_invalid_email_or_username"),
		rule(okta, "user.session.start"),
		rule(authentik, "login", "login_failed"),
		rule(authelia, "first_factor_succeeded", "first_factor_failed", "first_factor_banned"),
		rule(authelia, "passkey_succeeded", "passkey_failed", "passkey_banned"),
		othersWithOutcome("login"),
	}
}

// loginCompletions are arrivals at the client that the user wanted to sign in to.
func loginCompletions() []definition.Rule {
	return []definition.Rule{
		rule(loginGov, "SP redirect initiated"),
		rule(keycloak, "LOGIN"),
		rule(auth0, "success_login"),
		where(rule(okta, "user.authentication.sso"), attr.Outcome, attr.OutcomeSuccess),
		rule(authentik, "authorize_application"),
		rule(authelia, "authorization_request_succeeded"),
	}
}

func loginMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.login.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to sign in with a first factor.",
		Dimensions:  dimensions(attr.Method, attr.Outcome, attr.ErrorType, attr.NewDevice, attr.RateLimited),
		Rules:       loginAttempts(),
		Zeros: slices.Concat(
			zeros(hera, "social"), zeros(loginGov, "password", "piv_cac"), zeros(authelia, "password", "passkey"),
			outcomeZeros(hera, ory, keycloak, auth0, okta, authentik),
		),
		Question: "How many sign-ins fail, and of what?",
		Query: share("auth_source, auth_method",
			`rate(auth_login_attempts_total{auth_outcome="failure"}[5m])`,
			`rate(auth_login_attempts_total[5m])`),
		Limits: "Hera tells of social logins that were completed, and hardly of those that failed: take its `login_succeeded` and `login_failed`, or Kratos' lines (`auth.source` ory), for a failure rate. Okta's attempts are sessions asked for, whatever the method. A device that is new, and an attempt that a rate limit refused, are told by Login.gov, and by Hera where it says so.",
	}, {
		Name:        "auth.login.completions",
		Unit:        "{login}",
		Description: "Sign-ins that arrived at the client.",
		Dimensions:  dimensions(attr.ClientID, attr.IAL),
		Rules:       loginCompletions(),
		Question:    "How many sign-ins does each client get?",
		Query:       `topk(10, sum by (auth_client_id) (increase(auth_login_completions_total[24h])))`,
		Limits:      "Single sign-on counts each time. Hera and Ory do not tell when a user arrives at a client.",
	}, {
		Name:        "auth.login.duration",
		Unit:        "s",
		Description: "Time from the begin of a sign-in to its completion.",
		Kind:        definition.Histogram,
		Dimensions:  dimensions(attr.ClientID),
		Rules:       []definition.Rule{rule(loginGov, "SP redirect initiated"), rule(auth0, "success_login")},
		Bounds:      definition.DefaultBounds(),
		Question:    "How long does signing in take?",
		Query:       `histogram_quantile(0.95, sum by (le, auth_source) (rate(auth_login_duration_seconds_bucket[1h])))`,
		Limits:      "Of sign-ins that were completed, so that those who gave up are not in it: see the funnel sign_in.",
	}}
}

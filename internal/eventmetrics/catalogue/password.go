package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func passwordMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.password.breach.checks",
		Unit:        "{check}",
		Description: "Passwords checked against lists of breached ones.",
		Dimensions:  dimensions(attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			rule(hera, "breach_check_*"),
			// The others say nothing when a password passes.
			implying(rule(loginGov, "password_found_on_pwned_list"), attr.Outcome, attr.OutcomeFailure),
			rule(auth0, "breached_password", "breached_password_on_reset", "breached_password_on_signup"),
			rule(okta, "security.breached_credential.detected"),
			othersWithOutcome("breach_check"),
		},
		Zeros: append(outcomeZeros(hera),
			map[string]string{attr.Source: loginGov, attr.Outcome: attr.OutcomeFailure},
			map[string]string{attr.Source: auth0, attr.Outcome: attr.OutcomeFailure},
			map[string]string{attr.Source: okta, attr.Outcome: attr.OutcomeFailure},
		),
		Question: "How large is the share of passwords that are known from breaches?",
		Query: share("",
			`rate(auth_password_breach_checks_total{auth_source="hera",error_type="in_hibp"}[24h])`,
			`rate(auth_password_breach_checks_total{auth_source="hera"}[24h])`),
		Limits: "Checks are counted, not users: one who tries three bad passwords counts three times. Login.gov, Auth0 and Okta tell of passwords that were found alone, so that a share has no denominator there.",
	}, {
		Name:        "auth.password.changes",
		Unit:        "{change}",
		Description: "Passwords changed, or set for the first time, by who knows the old one or has proven to own the account.",
		Dimensions:  dimensions(attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			rule(hera, "password_changed"),
			rule(loginGov, "Password Changed", "Password Creation"),
			where(rule(ory, "settings.updated", "settings.failed"), attr.Method, "password"),
			rule(keycloak, "UPDATE_PASSWORD", "UPDATE_PASSWORD_ERROR"),
			rule(auth0, "success_change_password", "failed_change_password"),
			rule(okta, "user.account.update_password"),
			rule(authentik, "password_set"),
			rule(authelia, "password_changed", "password_change_failed"),
			othersWithOutcome("password"),
		},
		Zeros:    outcomeZeros(loginGov, ory, keycloak, auth0, okta, authelia),
		Question: "How many passwords are changed, and why are others refused?",
		Query:    `sum by (auth_source, error_type) (increase(auth_password_changes_total{auth_outcome="failure"}[24h]))`,
		Limits:   "Hera and authentik tell of changes that succeeded alone.",
	}, {
		Name:        "auth.password.resets",
		Unit:        "{step}",
		Description: "Steps of those who have lost their password.",
		Dimensions:  dimensions(attr.Step, attr.Outcome),
		Rules: []definition.Rule{
			rule(loginGov, "Password Reset: *"),
			rule(ory, "recovery.requested_for_unknown_address", "recovery.sent", "recovery.created"),
			implying(rule(ory, "recovery.failed"), attr.Step, "recovery"),
			rule(keycloak, "SEND_RESET_PASSWORD", "SEND_RESET_PASSWORD_ERROR", "RESET_PASSWORD", "RESET_PASSWORD_ERROR"),
			rule(auth0, "success_change_password_request", "failed_change_password_request"),
			implying(rule(okta, "system.email.password_reset.sent_message", "system.sms.send_password_reset_message", "system.voice.send_password_reset_call"), attr.Step, "sent"),
			implying(rule(okta, "user.account.reset_password"), attr.Step, "reset"),
			rule(authelia, "password_reset"),
			others("password_reset"),
		},
		Question: "How many lose their password, and how many get back in?",
		Query:    `sum by (auth_step) (increase(auth_password_resets_total{auth_source="login_gov",auth_outcome!="failure"}[24h]))`,
		Limits:   "The steps are each source's own. They count requests; who they are, the funnels tell.",
	}}
}

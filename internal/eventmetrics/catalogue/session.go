package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Values of auth.reason of auth.session.ends.
const (
	endedByLogout  = "logout"
	endedByTimeout = "timeout"
	endedByAdmin   = "revoked"
)

func sessionEnds() []definition.Rule {
	because := func(reason, source string, events ...string) definition.Rule {
		return implying(rule(source, events...), attr.Reason, reason)
	}
	rules := []definition.Rule{
		because(endedByTimeout, loginGov, "Session Timed Out"),
		because("max_length", loginGov, "User Maximum Session Length Exceeded"),
		because(endedByLogout, loginGov, "Logout Initiated"),
		because("remote_logout", loginGov, "Remote Logout completed"),
		because("concurrent_session", loginGov, "concurrent_session_logout"),
		because(endedByLogout, ory, "logout.completed"),
		because(endedByLogout, keycloak, "LOGOUT"),
		because(endedByAdmin, keycloak, "USER_SESSION_DELETED"),
		because(endedByLogout, auth0, "success_logout"),
		because("remote_logout", auth0, "oidc_backchannel_logout_succeeded"),
		because(endedByAdmin, auth0, "universal_logout_succeeded"),
		because(endedByLogout, okta, "user.session.end"),
		because(endedByTimeout, okta, "user.session.expire"),
		because(endedByAdmin, okta, "user.session.clear", "user.authentication.universal_logout"),
		because(endedByLogout, authentik, "logout"),
	}
	for i, r := range rules { // points have no outcome; the one that exceeds a limit is listed as a failure
		if r.Events[0] != "User Maximum Session Length Exceeded" {
			rules[i] = unless(r, attr.Outcome, attr.OutcomeFailure)
		}
	}
	return rules
}

func sessionMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.session.ends",
		Unit:        "{session}",
		Description: "Sessions that ended.",
		Dimensions:  dimensions(attr.Reason),
		Rules:       sessionEnds(),
		Zeros:       append(valueZeros(loginGov, attr.Reason, endedByLogout, endedByTimeout), valueZeros(okta, attr.Reason, endedByLogout, endedByTimeout)...),
		Question:    "Do users sign out, or does the clock sign them out?",
		Query:       `sum by (auth_source, auth_reason) (rate(auth_session_ends_total[1h]))`,
		Limits:      "A session that nobody comes back to ends without an event.",
	}}
}

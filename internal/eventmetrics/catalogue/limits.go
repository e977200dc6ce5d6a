package catalogue

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// limitHits are all events that a profile lists with a limiter, where the limit
// was reached and not only came near; and Login.gov's that name theirs in the line.
func limitHits() []definition.Rule {
	var rules []definition.Rule
	for _, source := range authevent.Sources() {
		names := listed(source, func(e authevent.EventInfo) bool { return e.Limiter != "" && e.Outcome == attr.OutcomeFailure })
		if source == loginGov {
			names = append(names, "Rate Limit Reached", "Rate Limit Triggered")
		}
		if len(names) > 0 {
			rules = append(rules, rule(source, names...))
		}
	}
	return append(rules, others("rate_limit"))
}

func lockouts() []definition.Rule {
	because := func(reason, source string, events ...string) definition.Rule {
		return implying(rule(source, events...), attr.Reason, reason)
	}
	return []definition.Rule{
		rule(hera, "lockout.applied"),
		implying(where(rule(loginGov, "Email and Password Authentication"), attr.LockedOut, "true"), attr.Reason, "user_locked_out"),
		because("password_max_attempts", loginGov, "Password Max Attempts Reached"),
		because("permanent", keycloak, "USER_DISABLED_BY_PERMANENT_LOCKOUT"),
		because("temporary", keycloak, "USER_DISABLED_BY_TEMPORARY_LOCKOUT"),
		because("account", auth0, "blocked_account"),
		because("ip", auth0, "blocked_ip_address"),
		because("max_attempts", okta, "user.account.lock", "user.account.lock.limit"),
		because("regulation", authelia, "first_factor_banned", "passkey_banned", "second_factor_banned"),
		where(others("lockout"), attr.Outcome, attr.OutcomeFailure),
	}
}

func limitMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.rate_limit.hits",
		Unit:        "{hit}",
		Description: "Limits that somebody ran into.",
		Dimensions:  dimensions(attr.Limiter),
		Rules:       limitHits(),
		Zeros: slices.Concat(
			valueZeros(loginGov, attr.Limiter, "password", "mfa", "otp_sends"), valueZeros(keycloak, attr.Limiter, "brute_force"),
			valueZeros(auth0, attr.Limiter, "account", "ip", "logins_per_user_and_ip"), valueZeros(okta, attr.Limiter, "account", "client", "org"),
			valueZeros(authelia, attr.Limiter, "regulation", "requests"),
		),
		Question: "Which limits are hit?",
		Query:    `sum by (auth_source, auth_limiter) (increase(auth_rate_limit_hits_total[5m])) > 0`,
		Limits:   "Warnings that a limit is near do not count. Login.gov tells of some limits twice: as an event of the flow, and as `Rate Limit Reached` with the limiter's own name.",
	}, {
		Name:        "auth.account.lockouts",
		Unit:        "{lockout}",
		Description: "Accounts that were locked, or found locked at a sign-in.",
		Dimensions:  dimensions(attr.Reason),
		Rules:       lockouts(),
		Zeros: slices.Concat(
			valueZeros(loginGov, attr.Reason, "user_locked_out", "password_max_attempts"), valueZeros(keycloak, attr.Reason, "permanent", "temporary"),
			valueZeros(auth0, attr.Reason, "account", "ip"), valueZeros(okta, attr.Reason, "max_attempts"), valueZeros(authelia, attr.Reason, "regulation"),
			[]map[string]string{{attr.Source: hera}},
		),
		Question: "How many accounts get locked: is somebody guessing passwords?",
		Query:    `sum by (auth_source, auth_reason) (increase(auth_account_lockouts_total[5m]))`,
		Limits:   "Login.gov's `user_locked_out` is an attempt at an account that was locked already. When `brute_force.fail_open` shows in auth.events, Hera could not check, and let people in: lockouts are missing then.",
	}}
}

package catalogue

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// mfaChallenges are second factors asked for.
func mfaChallenges() []definition.Rule {
	visited := func(factor, method string) definition.Rule {
		return implying(rule(loginGov, "Multi-Factor Authentication: enter "+factor+" visited"), attr.Method, method)
	}
	return []definition.Rule{
		rule(hera, "mfa_challenge_displayed"),
		visited("TOTP", "totp"),
		visited("backup code", "backup_code"),
		visited("personal key", "personal_key"),
		visited("webAuthn authentication", "webauthn"),
		implying(rule(loginGov, "multi_factor_auth_enter_piv_cac"), attr.Method, "piv_cac"),
		// "enter OTP visited" is a text message or a call: only the record knows.
		rule(loginGov, "Multi-Factor Authentication: enter * visited"),
		rule(auth0, "gd_start_auth"),
		rule(okta, oktaSends()...),
	}
}

// mfaAttempts are factors entered, right or wrong.
func mfaAttempts() []definition.Rule {
	return []definition.Rule{
		rule(hera, "mfa_challenge_succeeded", "mfa_challenge_failed"),
		rule(loginGov, "Multi-Factor Authentication"),
		where(rule(ory, "identity.authenticated", "login.failed"), attr.AAL, aal2),
		rule(auth0, "gd_auth_succeed", "gd_auth_failed", "gd_auth_rejected", "gd_auth_fail_email_verification"),
		rule(auth0, "gd_recovery_succeed", "gd_recovery_failed", "gd_webauthn_challenge_failed"),
		rule(okta, "user.authentication.auth_via_mfa"),
		rule(authelia, "second_factor_succeeded", "second_factor_failed", "second_factor_banned"),
		othersWithOutcome("mfa"),
	}
}

// mfaEnrollments leave out Login.gov's "webauthn_setup_submitted" and "Backup
// Code Created", which it emits beside "Multi-Factor Authentication Setup".
func mfaEnrollments() []definition.Rule {
	return []definition.Rule{
		rule(loginGov, "Multi-Factor Authentication Setup"),
		implying(rule(loginGov, "TOTP Setup"), attr.Method, "totp"),
		implying(rule(loginGov, "WebAuthn Setup Submitted"), attr.Method, "webauthn"),
		implying(rule(loginGov, "User Registration: piv cac enabled"), attr.Method, "piv_cac"),
		rule(keycloak, "UPDATE_TOTP", "UPDATE_TOTP_ERROR"),
		ofOtherCredentials("UPDATE_CREDENTIAL", "UPDATE_CREDENTIAL_ERROR"),
		rule(auth0, "gd_enrollment_complete", "gd_start_enroll_failed", "gd_webauthn_enrollment_failed"),
		rule(okta, "user.mfa.factor.activate"),
		rule(authelia, "totp_registration_failed", "webauthn_registration_failed"),
	}
}

func mfaRemovals() []definition.Rule {
	rules := []definition.Rule{
		rule(hera, "mfa_removed"),
		implying(rule(loginGov, "TOTP: User Disabled TOTP", "auth_app_delete_submitted"), attr.Method, "totp"),
		implying(rule(loginGov, "webauthn_delete_submitted"), attr.Method, "webauthn"),
		implying(rule(loginGov, "piv_cac_delete_submitted"), attr.Method, "piv_cac"),
		implying(rule(loginGov, "Phone Number Deletion: Submitted"), attr.Method, "phone"),
		rule(keycloak, "REMOVE_TOTP"),
		ofOtherCredentials("REMOVE_CREDENTIAL"),
		rule(auth0, "gd_unenroll"),
		rule(okta, "user.mfa.factor.deactivate", "user.mfa.factor.reset_all"),
	}
	for i, r := range rules { // points have no outcome, so what failed must not count
		rules[i] = unless(r, attr.Outcome, attr.OutcomeFailure)
	}
	return rules
}

// ofOtherCredentials are Keycloak's events of a credential that has none of its
// own. For passwords and TOTP it emits both, the one and the other.
func ofOtherCredentials(events ...string) definition.Rule {
	return unless(rule(keycloak, events...), attr.Method, "password", "otp", "totp")
}

func mfaMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.mfa.challenges",
		Unit:        "{challenge}",
		Description: "Second factors asked for.",
		Dimensions:  dimensions(attr.Method, attr.Context),
		Rules:       mfaChallenges(),
		Question:    "How often is a second factor asked for?",
		Query:       `sum by (auth_source, auth_method) (rate(auth_mfa_challenges_total[5m]))`,
		Limits:      "Okta's are messages and pushes that were sent: a code of an app is asked for without a trace. Keycloak, authentik and Authelia do not tell.",
	}, {
		Name:        "auth.mfa.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to pass a second factor.",
		Dimensions:  dimensions(attr.Method, attr.Context, attr.Outcome, attr.ErrorType, attr.ClientID, attr.AddPhone),
		Rules:       mfaAttempts(),
		Zeros: slices.Concat(
			zeros(hera, "totp", "webauthn", "lookup_secret", "code"),
			zeros(loginGov, "sms", "voice", "totp", "webauthn", "webauthn_platform", "piv_cac", "backup_code", "personal_key"),
			outcomeZeros(ory, auth0, okta, authelia),
		),
		Question: "Which factors do users choose, how many attempts fail, and how large is the share that no phishing can get?",
		Query: share("",
			`rate(auth_mfa_attempts_total{auth_outcome="success",auth_method=~"webauthn.*|passkey|security_key|piv_cac",auth_context!="reauthentication",auth_add_phone!="true"}[24h])`,
			`rate(auth_mfa_attempts_total{auth_outcome="success",auth_context!="reauthentication",auth_add_phone!="true"}[24h])`),
		Limits: "Login.gov's own report leaves out the confirmation of a telephone number that is being added (`auth.add_phone`) and reauthentication (`auth.context`), as the query does, and counts users, not attempts. Keycloak tells of the whole sign-in alone.",
	}, {
		Name:        "auth.mfa.enrollments",
		Unit:        "{enrollment}",
		Description: "Attempts to set up a second factor.",
		Dimensions:  dimensions(attr.Method, attr.Outcome),
		Rules:       mfaEnrollments(),
		Zeros:       slices.Concat(zeros(loginGov, "sms", "voice", "totp", "webauthn", "piv_cac"), zeros(keycloak, "totp"), outcomeZeros(auth0, okta)),
		Question:    "How many set up a second factor, and which?",
		Query:       `sum by (auth_method) (increase(auth_mfa_enrollments_total{auth_outcome="success"}[24h]))`,
		Limits:      "Authelia tells of failures alone.",
	}, {
		Name:        "auth.mfa.removals",
		Unit:        "{removal}",
		Description: "Second factors taken off accounts.",
		Dimensions:  dimensions(attr.Method),
		Rules:       mfaRemovals(),
		Question:    "Which factors do users give up?",
		Query:       `sum by (auth_source, auth_method) (increase(auth_mfa_removals_total[24h]))`,
		Limits:      "Okta's reset of all factors of a user counts once.",
	}, {
		Name:        "auth.stepups",
		Unit:        "{stepup}",
		Description: "Sessions that were to reach a higher assurance level.",
		Dimensions:  dimensions(attr.AAL, attr.Outcome),
		Rules: []definition.Rule{
			implying(rule(hera, "auth.aal2_stepup_*"), attr.AAL, aal2),
			where(rule(hera, "mfa_challenge_*"), attr.AAL, aal2),
			where(rule(ory, "identity.authenticated", "login.failed"), attr.AAL, aal2),
			implying(rule(ory, "session.aal_not_satisfied"), attr.AAL, aal2),
		},
		Zeros: []map[string]string{
			{attr.Source: hera, attr.AAL: aal2, attr.Outcome: attr.OutcomeSuccess}, {attr.Source: hera, attr.AAL: aal2, attr.Outcome: attr.OutcomeFailure},
			{attr.Source: ory, attr.AAL: aal2, attr.Outcome: attr.OutcomeSuccess}, {attr.Source: ory, attr.AAL: aal2, attr.Outcome: attr.OutcomeFailure},
		},
		Question: "How often must users step up, and how often do they manage to?",
		Query: share("auth_source",
			`rate(auth_stepups_total{auth_outcome="success"}[1h])`,
			`rate(auth_stepups_total{auth_outcome=~"success|failure"}[1h])`),
		Limits: "A point without `auth.outcome` is a step-up that was asked for. Where Hera emits `auth.aal2_stepup_completed` beside a challenge with aal2, that step-up counts twice.",
	}, {
		Name:        "auth.mfa.challenge.duration",
		Unit:        "s",
		Description: "Time from a second factor being asked for to the attempt that passed it.",
		Kind:        definition.Histogram,
		Dimensions:  dimensions(attr.Method),
		Bounds:      definition.DefaultBounds(),
		Question:    "How long do users take for each second factor?",
		Query:       `histogram_quantile(0.95, sum by (le, auth_method) (rate(auth_mfa_challenge_duration_seconds_bucket[1h])))`,
		Limits:      "From the first challenge that was not answered yet. Both events must name the user or the session: Hera's need an identity.",
	}, {
		Name:        "auth.mfa.challenges.abandoned",
		Unit:        "{challenge}",
		Description: "Second factors asked for that nothing passed within the timeout.",
		Dimensions:  dimensions(attr.Method, attr.Context),
		Question:    "At which second factor do users give up?",
		Query:       shareOfBoth("auth_source, auth_method", `rate(auth_mfa_challenges_abandoned_total[1h])`, `rate(auth_mfa_challenge_duration_seconds_count[1h])`),
		Limits:      "Counted when the timeout is over, by the collector's clock. A user who fails and leaves counts as well. Challenges that name neither user nor session can't be counted.",
	}}
}

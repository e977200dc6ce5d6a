package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func pkceMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.pkce.failures",
		Unit:        "{failure}",
		Description: "Flows that failed on their PKCE challenge or verifier.",
		Dimensions:  dimensions(attr.ClientID, attr.ErrorType),
		Rules: []definition.Rule{
			rule(hera, "pkce_failed", "auth.pkce.failed"),
			// A token request fails for many reasons; these are PKCE's keys.
			where(rule(loginGov, "OpenID Connect: token"), attr.ErrorType, "code_verifier*", "code_challenge*"),
			where(rule(ory, "oauth2.request_failed"), attr.ErrorType, "challenge_missing", "verifier_mismatch"),
			where(rule(keycloak, "LOGIN_ERROR", "CODE_TO_TOKEN_ERROR"), attr.ErrorType, "code_verifier_missing", "invalid_code_verifier", "pkce_verification_failed", "invalid_code_challenge_method", "code_challenge_method_not_match"),
		},
		Zeros: append(
			valueZeros(hera, attr.ErrorType, "challenge_mismatch", "verifier_mismatch"),
			valueZeros(ory, attr.ErrorType, "challenge_missing", "verifier_mismatch")...,
		),
		Question: "Which clients implement PKCE wrongly, and does somebody intercept codes?",
		Query:    `sum by (auth_client_id) (increase(auth_pkce_failures_total{error_type=~"challenge_mismatch|verifier_mismatch|code_verifier.*"}[5m])) > 0`,
		Limits:   "`challenge_mismatch` and `verifier_mismatch` are how an intercepted code shows, and also how a broken client does. That PKCE is enforced shows in Hydra's rejections of requests without a challenge: `error.type` challenge_missing with `auth.source` ory. Hydra's rejections name no client.",
	}, {
		Name:        "auth.pkce.duration",
		Unit:        "s",
		Description: "Time from the start of a PKCE flow to its end.",
		Kind:        definition.Histogram,
		Dimensions:  dimensions(attr.ClientID),
		Rules:       []definition.Rule{rule(hera, "pkce_flow_completed", "auth.pkce.completed")},
		Bounds:      definition.DefaultBounds(),
		Question:    "How long does a PKCE flow take?",
		Query:       `histogram_quantile(0.95, sum by (le, auth_client_id) (rate(auth_pkce_duration_seconds_bucket[1h])))`,
		Limits:      "Of flows whose last event has `duration_ms`: the analytics events, not the audit ones.",
	}, {
		Name:        "auth.pkce.abandoned",
		Unit:        "{flow}",
		Description: "PKCE flows that nothing ended within the timeout.",
		Dimensions:  dimensions(attr.ClientID),
		Question:    "How many begin a PKCE flow, and never come back with the code?",
		Query:       `(sum by (auth_client_id) (increase(auth_oauth_authorizations_total{auth_source="hera"}[1h])) - (sum by (auth_client_id) (increase(auth_oauth_token_exchanges_total{auth_source="hera"}[1h])) or 0 * sum by (auth_client_id) (increase(auth_oauth_authorizations_total{auth_source="hera"}[1h]))) - (sum by (auth_client_id) (increase(auth_pkce_failures_total{auth_source="hera"}[1h])) or 0 * sum by (auth_client_id) (increase(auth_oauth_authorizations_total{auth_source="hera"}[1h])))) or sum by (auth_client_id) (increase(auth_pkce_abandoned_total[1h]))`,
		Limits:      "A flow can be followed only where both its ends name the user. Hera's name neither user, session nor flow, so that this metric has no Hera: the query takes what was begun, less what was ended, by client, which is right over hours and not over minutes. Login.gov names the user once signed in: who leaves before that is in the funnel sign_in.",
	}}
}

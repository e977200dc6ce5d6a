package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func oauthMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.oauth.authorizations",
		Unit:        "{request}",
		Description: "Authorization requests of clients.",
		Dimensions:  dimensions(attr.ClientID, attr.PKCEUsed, attr.Outcome),
		Rules: []definition.Rule{
			rule(hera, "pkce_authorize", "auth.pkce.started"),
			rule(loginGov, "OpenID Connect: authorization request"),
			where(rule(ory, "oauth2.request_failed"), attr.Step, "authorization"),
			rule(okta, "app.oauth2.authorize.code", "app.oauth2.as.authorize.code"),
			rule(authentik, "authorize_application"),
			rule(authelia, "authorization_request_succeeded", "authorization_request_failed", "authorization_request_forbidden", "consent_failed"),
		},
		Zeros:    outcomeZeros(loginGov, okta, authelia),
		Question: "Which clients use PKCE?",
		Query: share("auth_client_id",
			`rate(auth_oauth_authorizations_total{auth_pkce_used="true"}[24h])`,
			`rate(auth_oauth_authorizations_total{auth_pkce_used=~"true|false"}[24h])`),
		Limits: "Hera emits nothing for flows without PKCE, so that this share is 1 there: adoption needs all authorizations of Hydra as the denominator, from Hydra's own metrics or from the proxy before it. Hydra's log has the requests that failed alone. Where Hera emits the audit event `pkce_authorize` and the analytics event `auth.pkce.started` for one flow, both count.",
	}, {
		Name:        "auth.oauth.token.exchanges",
		Unit:        "{request}",
		Description: "Exchanges of a code for a token.",
		Dimensions:  dimensions(attr.ClientID, attr.PKCEUsed, attr.Outcome),
		Rules: []definition.Rule{
			rule(hera, "pkce_token_exchange", "auth.pkce.completed"),
			rule(loginGov, "OpenID Connect: token"),
			where(rule(ory, "oauth2.request_failed"), attr.Step, "token"),
			rule(keycloak, "CODE_TO_TOKEN", "CODE_TO_TOKEN_ERROR"),
			rule(auth0, "success_exchange_authorization_code_for_access_token", "failed_exchange_authorization_code_for_access_token"),
			rule(okta, "app.oauth2.token.grant", "app.oauth2.as.token.grant"),
			rule(authelia, "access_request_succeeded", "access_request_failed"),
			othersWithOutcome("token"),
		},
		Zeros:    outcomeZeros(loginGov, keycloak, auth0, okta, authelia),
		Question: "Do clients get their tokens?",
		Query: share("auth_source, auth_client_id",
			`rate(auth_oauth_token_exchanges_total{auth_outcome="failure"}[5m])`,
			`rate(auth_oauth_token_exchanges_total[5m])`),
		Limits: "Okta's and Authelia's are of all kinds of grants. Hydra's log has those that failed alone.",
	}, {
		Name:        "auth.saml.requests",
		Unit:        "{request}",
		Description: "SAML authentication requests of clients.",
		Dimensions:  dimensions(attr.ClientID, attr.Outcome),
		Rules:       []definition.Rule{rule(loginGov, "SAML Auth")},
		Zeros:       outcomeZeros(loginGov),
		Question:    "How many requests come by SAML, and how many by OpenID Connect?",
		Query:       `sum(increase(auth_saml_requests_total{auth_outcome="success"}[24h])) / (sum(increase(auth_saml_requests_total{auth_outcome="success"}[24h])) + sum(increase(auth_oauth_authorizations_total{auth_source="login_gov",auth_outcome="success"}[24h])) > 0)`,
		Limits:      "Login.gov alone tells them apart from other sign-ins.",
	}}
}

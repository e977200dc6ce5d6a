package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

const (
	issueIntegration = "integration_error"
	issueCredentials = "invalid_client_credentials"
	issueRedirect    = "invalid_redirect_uri"
	issueUnknown     = "client_not_found"
)

// issues are all values of auth.issue: those that profiles set, and those that
// an event's name or error implies.
var issues = []string{
	"unsigned_request", "no_matching_certificate", "scope_without_openid", "deprecated_loa", "deprecated_aal3", "id_token_hint",
	issueIntegration, issueCredentials, issueRedirect, issueUnknown,
}

func clientIssues() []definition.Rule {
	failed := func(source string, events []string, issue string, errors ...string) definition.Rule {
		return implying(where(rule(source, events...), attr.ErrorType, errors...), attr.Issue, issue)
	}
	keycloakErrors := []string{"LOGIN_ERROR", "CODE_TO_TOKEN_ERROR", "CLIENT_LOGIN_ERROR", "REFRESH_TOKEN_ERROR"}
	hydraErrors := []string{"oauth2.request_failed"}
	return []definition.Rule{
		where(rule(loginGov, "SAML Auth Request", "OpenID Connect: authorization request", "OIDC Logout Requested"), attr.Issue, present),
		implying(rule(loginGov, "sp_integration_errors_present"), attr.Issue, issueIntegration),
		failed(keycloak, keycloakErrors, issueCredentials, "invalid_client_credentials", "invalid_client"),
		failed(keycloak, keycloakErrors, issueRedirect, "invalid_redirect_uri"),
		failed(keycloak, keycloakErrors, issueUnknown, "client_not_found"),
		failed(ory, hydraErrors, issueCredentials, "invalid_client"),
		implying(rule(okta, "app.oauth2.invalid_client_credentials"), attr.Issue, issueCredentials),
	}
}

func clientMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.client.issues",
		Unit:        "{issue}",
		Description: "Requests that show that a client is not set up as it should be.",
		Dimensions:  dimensions(attr.ClientID, attr.Issue),
		Rules:       clientIssues(),
		Question:    "Whose clients must be mended before a deprecated way can be shut?",
		Query:       `sum by (auth_client_id, auth_issue) (increase(auth_client_issues_total[7d])) > 0`,
		Limits:      "One issue for each request: of several the gravest, in the order unsigned_request, no_matching_certificate, scope_without_openid, deprecated_loa, deprecated_aal3.",
	}}
}

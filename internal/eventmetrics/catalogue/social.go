package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// socialStrategies are those of Auth0's connections that are social providers;
// the others are databases, enterprises and codes.
var socialStrategies = []string{
	"amazon", "apple", "bitbucket", "discord", "dropbox", "facebook", "github", "google-oauth2", "linkedin", "oauth2",
	"paypal", "salesforce", "slack-oauth-2", "twitter", "windowslive", "yahoo",
}

// socialLinks are accounts that got a social login beside what they had.
func socialLinks() []definition.Rule {
	return []definition.Rule{{
		Source: hera,
		Events: []string{"social_link*"},
		// Points have no outcome, so what is no link yet must not count as one.
		Except: []string{"social_link_initiated", "social_link_started", "*_failed", "*_removed"},
	},
		rule(keycloak, "FEDERATED_IDENTITY_LINK"),
		rule(authentik, "source_linked"),
	}
}

func socialMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.social.initiations",
		Unit:        "{login}",
		Description: "Social logins begun.",
		Dimensions:  dimensions(attr.Provider),
		Rules:       []definition.Rule{rule(hera, "social_login_initiated")},
		Question:    "How many who begin a social login complete it?",
		Query: share("auth_provider",
			`rate(auth_social_logins_total{auth_source="hera"}[1h])`,
			`rate(auth_social_initiations_total{auth_source="hera"}[1h])`),
		Limits: "The others do not tell of the begin.",
	}, {
		Name:        "auth.social.logins",
		Unit:        "{login}",
		Description: "Social logins completed.",
		Dimensions:  dimensions(attr.Provider, attr.FirstLogin),
		Rules: []definition.Rule{
			rule(hera, "social_login_completed"),
			where(rule(keycloak, "LOGIN"), attr.Provider, present),
			where(rule(auth0, "success_login", "success_exchange_native_social_login"), attr.Provider, socialStrategies...),
			where(rule(okta, "user.authentication.auth_via_social"), attr.Outcome, attr.OutcomeSuccess),
		},
		Question: "Which providers do users come by, and how many for the first time?",
		Query: share("auth_provider",
			`increase(auth_social_logins_total{auth_first_login="true"}[24h])`,
			`increase(auth_social_logins_total{auth_first_login=~"true|false"}[24h])`),
		Limits: "Hera alone tells the first login from others. Okta does not name the provider.",
	}, {
		Name:        "auth.social.links",
		Unit:        "{login}",
		Description: "Social logins linked to an account that stood already.",
		Dimensions:  dimensions(attr.Provider),
		Rules:       socialLinks(),
		Question:    "How many add a social login to their account?",
		Query:       `sum by (auth_source, auth_provider) (increase(auth_social_links_total[24h]))`,
		Limits:      "Links that were taken off are not subtracted.",
	}}
}

package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// ofAdministrators are the events of a source that its profile counts among
// the administrators' work.
func ofAdministrators(source string) definition.Rule {
	return where(rule(source, "*"), attr.Category, "admin")
}

func adminMetrics() []definition.Metric {
	// The action is the event's name: created, updated and deleted are of many things.
	action := definition.Dimension{Name: attr.Action, From: place(attr.OTelEventName)}
	return []definition.Metric{{
		Name:        "auth.admin.actions",
		Unit:        "{action}",
		Description: "What administrators did.",
		Dimensions:  append([]definition.Dimension{action}, dimensions(attr.Outcome)...),
		Rules: []definition.Rule{
			rule(hera, "m2m_client.*", "social_connection.*", "settings.*", "settings_*", "lockout.released"),
			rule(keycloak, "ADMIN_*", "IMPERSONATE", "IMPERSONATE_ERROR", "CLIENT_REGISTER", "CLIENT_UPDATE", "CLIENT_DELETE"),
			ofAdministrators(auth0),
			ofAdministrators(okta),
			ofAdministrators(authentik),
			others("admin"),
		},
		Question: "Who may do what changes: how often, and when?",
		Query:    `sum by (auth_source, auth_action) (increase(auth_admin_actions_total[1h])) > 0`,
		Limits:   "Who did it is in the logs, `auth.actor.id`, and in no metric. Hera's `lockout.released` may also be the clock's. Auth0's readings by the Management API count as well: leave them out by `auth_action!=\"management_api_read_operation\"`.",
	}}
}

package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// accountDeletions: one line of Login.gov's stands for as many accounts as its
// count says.
func accountDeletions() []definition.Rule {
	counted := where(rule(loginGov, "Account Reset", "Account Reset: notifications"), attr.Count, present)
	counted.Value = place(attr.Count)
	return []definition.Rule{
		counted,
		rule(loginGov, "Account Reset", "Account Reset: *", "Account Delet*", "Account deletion*", "Pending account reset *"),
		implying(rule(keycloak, "DELETE_ACCOUNT", "DELETE_ACCOUNT_ERROR"), attr.Step, "deleted"),
		implying(rule(auth0, "success_user_deletion", "failed_user_deletion", "deleted_user"), attr.Step, "deleted"),
		implying(rule(okta, "user.lifecycle.delete.initiated"), attr.Step, "requested"),
		implying(rule(okta, "user.lifecycle.delete.completed"), attr.Step, "deleted"),
	}
}

// Values of auth.action of auth.account.suspensions.
const (
	suspended  = "suspended"
	reinstated = "reinstated"
)

func accountSuspensions() []definition.Rule {
	action := func(source, value string, events ...string) definition.Rule {
		return implying(rule(source, events...), attr.Action, value)
	}
	return []definition.Rule{
		action(loginGov, suspended, "User Suspension: Suspended"),
		action(loginGov, reinstated, "User Suspension: Reinstated"),
		where(rule(loginGov, "IdV: final resolution"), attr.Action, "fraud_review_pending"),
		action(loginGov, "fraud_review_pending", "idv_in_person_usps_proofing_results_job_user_sent_to_fraud_review"),
		action(loginGov, "fraud_review_passed", "Fraud: Profile review passed"),
		action(loginGov, "fraud_review_rejected", "Fraud: Profile review rejected", "Fraud: Automatic Fraud Rejection"),
		action(okta, suspended, "user.lifecycle.suspend"),
		action(okta, reinstated, "user.lifecycle.unsuspend"),
		action(okta, "deactivated", "user.lifecycle.deactivate"),
		action(okta, "reactivated", "user.lifecycle.reactivate"),
	}
}

func accountMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.account.deletions",
		Unit:        "{step}",
		Description: "Steps of accounts on their way to be deleted or reset.",
		Dimensions:  dimensions(attr.Step, attr.Outcome),
		Rules:       accountDeletions(),
		Question:    "How many accounts are given up, and how many resets are cancelled?",
		Query:       `sum by (auth_step) (increase(auth_account_deletions_total[24h]))`,
		Limits:      "Login.gov's lines of notifications stand for many accounts: what they say of their number is added, not 1.",
	}, {
		Name:        "auth.account.age",
		Unit:        "s",
		Description: "Age of the accounts that were reset.",
		Kind:        definition.Histogram,
		Dimensions:  dimensions(attr.Step),
		Rules: []definition.Rule{{
			Source: loginGov, Events: []string{"Account Reset", "Account Reset: delete"}, Value: place(attr.AccountAge),
		}},
		Bounds:   inSeconds(1, 7, 30, 90, 180, 365, 730, 1825, 3650),
		Question: "Do users lose new accounts, or old ones?",
		Query:    `histogram_quantile(0.5, sum by (le) (rate(auth_account_age_seconds_bucket{auth_step="delete"}[30d])))`,
		Limits:   "Login.gov tells it of accounts that are reset alone.",
	}, {
		Name:        "auth.account.suspensions",
		Unit:        "{action}",
		Description: "Accounts suspended, reinstated, and held for a review.",
		Dimensions:  dimensions(attr.Action),
		Rules:       accountSuspensions(),
		Zeros:       append(valueZeros(loginGov, attr.Action, suspended, reinstated), valueZeros(okta, attr.Action, suspended, reinstated)...),
		Question:    "How many accounts are taken out of use, and how many come back?",
		Query:       `sum by (auth_source, auth_action) (increase(auth_account_suspensions_total[24h]))`,
		Limits:      "A rejection by hand and one by the clock are both fraud_review_rejected; auth.events tells them apart.",
	}}
}

// inSeconds turns days into the unit of metrics.
func inSeconds(days ...float64) []float64 {
	for i := range days {
		days[i] *= 24 * 60 * 60
	}
	return days
}

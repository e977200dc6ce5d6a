package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// ofIdv are Login.gov's events of identity proofing: the families by which its
// names begin, and those whose names begin otherwise.
func ofIdv() []string {
	names := listed(loginGov, func(e authevent.EventInfo) bool { return e.Category == "idv" })
	return patternsAndRest(names, "IdV: ", "Idv: ", "idv_", "Doc Auth ")
}

func registrationMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.registration.steps",
		Unit:        "{step}",
		Description: "Steps of those who make an account.",
		Dimensions:  dimensions(attr.Step, attr.Outcome, attr.EmailExists),
		Rules: []definition.Rule{
			rule(loginGov, "User Registration: *", "User registration: *"),
			implying(rule(ory, "identity.registered", "registration.failed"), attr.Step, "registered"),
			implying(rule(ory, "registration.code_sent"), attr.Step, "code_sent"),
			implying(rule(keycloak, "REGISTER", "REGISTER_ERROR"), attr.Step, "registered"),
			implying(rule(auth0, "success_signup", "failed_signup"), attr.Step, "registered"),
			implying(rule(auth0, "success_invite_accept", "failed_invite_accept"), attr.Step, "invitation_accepted"),
			implying(rule(okta, "user.lifecycle.create"), attr.Step, "registered"),
			implying(rule(authentik, "invitation_used"), attr.Step, "invitation_accepted"),
			others("registration"),
		},
		Question: "At which step do those who register give up, and how many have an account already?",
		Query: share("",
			`increase(auth_registration_steps_total{auth_step="email_submitted",auth_email_already_exists="true"}[24h])`,
			`increase(auth_registration_steps_total{auth_step="email_submitted",auth_outcome="success"}[24h])`),
		Limits: "Steps are counted, not users, so that one who comes back counts again: the funnel registration counts users. Okta's accounts may be an administrator's work.",
	}, {
		Name:        "auth.idv.steps",
		Unit:        "{step}",
		Description: "Steps of identity proofing.",
		Dimensions:  dimensions(attr.Step, attr.Outcome),
		Rules: []definition.Rule{
			rule(loginGov, ofIdv()...),
			implying(rule(okta, "user.identity_verification.start"), attr.Step, "started"),
			implying(rule(okta, "user.identity_verification"), attr.Step, "verified"),
			others("idv"),
		},
		Question: "At which step of proofing do users drop off, and what fails?",
		Query:    `topk(10, sum by (auth_step) (increase(auth_idv_steps_total{auth_outcome="failure"}[24h])))`,
		Limits:   "Steps are counted, not users: the funnel idv counts users. What the browser tells (`Frontend: IdV: …`) is left out.",
	}}
}

package catalogue

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// maxUsers bounds the users whose way through a funnel is held at a time.
const maxUsers = 100_000

// byUser: the same user has another session at each visit, and at the token
// endpoint the client's.
func byUser() []string { return []string{attr.UserID} }

func userMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.users.unique",
		Unit:        "{user}",
		Description: "Distinct users of the last hour, and of the last day.",
		Kind:        definition.Unique,
		Dimensions:  dimensions(attr.Category, attr.ClientID),
		// What an administrator does names the user it is done to.
		Rules: []definition.Rule{unless(rule(anySource, "*"), attr.Category, "admin")},
		Unique: definition.UniqueSettings{
			By:         byUser(),
			Windows:    []time.Duration{time.Hour, 24 * time.Hour},
			Breakdowns: [][]string{{attr.Category}, {attr.ClientID}},
		},
		Question: "How many people use it?",
		Query:    `auth_users_unique{auth_window="24h",auth_category="",auth_client_id=""}`,
		Limits:   "An estimate, right to about 1 in 100. Windows, categories and clients can't be added up: who came twice would count twice. A point without category and client is the total. Events that name no user, such as nearly all of Hera's about PKCE and captchas, are not in it.",
	}, {
		Name:        "auth.funnel.users",
		Unit:        "{user}",
		Description: "Users who reached a step for the first time in their window.",
		Dimensions:  append([]definition.Dimension{{Name: definition.FunnelAttribute}, {Name: definition.StepAttribute}}, dimensions(attr.ClientID)...),
		Question:    "How many get from one step to the next?",
		Query:       `sum by (auth_funnel_step) (increase(auth_funnel_users_total{auth_funnel="registration"}[24h])) / ignoring (auth_funnel_step) group_left () (sum(increase(auth_funnel_users_total{auth_funnel="registration",auth_funnel_step="email_confirmed"}[24h])) > 0)`,
		Limits:      "Each user counts once at each step in a window, which begins with the user's first step. The client is that of the event, so that a step before the client was known is in another series.",
	}}
}

// funnels are those of Login.gov's own reports, and the sign-in of all sources
// that name the user at several of its steps.
func funnels() []definition.Funnel {
	success := func(source string, events ...string) definition.Rule {
		return where(rule(source, events...), attr.Outcome, attr.OutcomeSuccess)
	}
	return []definition.Funnel{{
		Name:        "registration",
		Description: "From a confirmed address to an account that arrives at a client, as Login.gov's registration and authentication reports count it.",
		Metric:      "auth.funnel.users",
		Ordered:     true,
		Window:      24 * time.Hour,
		By:          byUser(),
		MaxUsers:    maxUsers,
		Steps: []definition.Step{
			{Name: "email_confirmed", Rules: []definition.Rule{success(loginGov, "User Registration: Email Confirmation")}},
			{Name: "mfa_setup_visited", Rules: []definition.Rule{rule(loginGov, "User Registration: 2FA Setup visited")}},
			{Name: "registered", Rules: []definition.Rule{rule(loginGov, "User Registration: User Fully Registered")}},
			{Name: "arrived_at_client", Rules: []definition.Rule{rule(loginGov, "SP redirect initiated")}},
		},
	}, {
		Name:        "idv",
		Description: "Identity proofing. Users come back, go to a post office or wait for a letter, so the steps are in any order.",
		Metric:      "auth.funnel.users",
		Window:      7 * 24 * time.Hour,
		By:          byUser(),
		MaxUsers:    maxUsers,
		Steps: []definition.Step{
			{Name: "started", Rules: []definition.Rule{rule(loginGov, "IdV: intro visited", "IdV: doc auth welcome visited"), rule(okta, "user.identity_verification.start")}},
			{Name: "documents", Rules: []definition.Rule{success(loginGov, "IdV: doc auth image upload vendor submitted", "idv_socure_verification_data_requested")}},
			{Name: "verified", Rules: []definition.Rule{success(loginGov, "IdV: doc auth verify proofing results")}},
			{Name: "phone", Rules: []definition.Rule{success(loginGov, "IdV: phone confirmation otp submitted")}},
			{Name: "completed", Rules: []definition.Rule{success(loginGov, "IdV: final resolution"), success(okta, "user.identity_verification")}},
		},
	}, {
		Name:        "sign_in",
		Description: "From a first factor that was right to the client. Who is remembered is asked for no second factor, so the steps are in any order.",
		Metric:      "auth.funnel.users",
		Window:      time.Hour,
		By:          byUser(),
		MaxUsers:    maxUsers,
		Steps: []definition.Step{
			{Name: "first_factor", Rules: bare(succeeding(loginAttempts()))},
			{Name: "second_factor_asked", Rules: bare(mfaChallenges())},
			{Name: "second_factor", Rules: succeeding(mfaAttempts())},
			{Name: "arrived_at_client", Rules: loginCompletions()},
		},
	}}
}

package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func captchaMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.captcha.challenges",
		Unit:        "{challenge}",
		Description: "Captchas shown.",
		Dimensions:  dimensions(attr.Flow),
		Rules:       []definition.Rule{rule(hera, "captcha_displayed")},
		Zeros:       valueZeros(hera, attr.Flow, "login", "registration"),
		Question:    "How many captchas are shown?",
		Query: share("",
			`rate(auth_captcha_challenges_total{auth_flow="login"}[1h])`,
			`rate(auth_login_attempts_total{auth_source="ory"}[1h])`),
		Limits: "A rate needs the attempts to sign in as its denominator, which Hera does not emit for each: take Kratos' lines, as the query does, or `login_succeeded` and `login_failed`.",
	}, {
		Name:        "auth.captcha.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to pass a captcha.",
		Dimensions:  dimensions(attr.Flow, attr.Outcome, attr.ErrorType),
		Rules: []definition.Rule{
			rule(hera, "captcha_succeeded", "captcha_failed"),
			rule(loginGov, "reCAPTCHA verify result received"),
			othersWithOutcome("captcha"),
		},
		Zeros:    outcomeZeros(hera, loginGov),
		Question: "How many people fail at a captcha?",
		Query: share("auth_source, auth_flow",
			`rate(auth_captcha_attempts_total{auth_outcome="failure"}[1h])`,
			`rate(auth_captcha_attempts_total[1h])`),
		Limits: "Whether a failure was a person or a machine, no event tells.",
	}}
}

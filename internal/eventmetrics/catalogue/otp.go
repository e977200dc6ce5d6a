package catalogue

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Values of auth.step of auth.otp.sends.
const (
	stepSelected = "selected"
	stepSent     = "sent"
)

// oktaSends are Okta's messages that ask for a factor.
func oktaSends() []string {
	return []string{
		"system.push.send_factor_verify_push", "system.sms.send_factor_verify_message", "system.sms.send_okta_push_verify_message",
		"system.voice.send_mfa_challenge_call", "system.email.send_factor_verify_message",
	}
}

func otpSends() []definition.Rule {
	sent := func(source, channel string, events ...string) definition.Rule {
		return implying(rule(source, events...), attr.Step, stepSent, attr.Channel, channel)
	}
	succeeded := func(channel, event string) definition.Rule {
		return implying(sent(auth0, channel, event), attr.Outcome, attr.OutcomeSuccess)
	}
	return []definition.Rule{
		implying(rule(loginGov, "Telephony: OTP sent"), attr.Step, stepSent),
		implying(rule(loginGov, "OTP: Delivery Selection"), attr.Step, stepSelected),
		succeeded("sms", "gd_send_sms"), sent(auth0, "sms", "gd_send_sms_failure"),
		succeeded("voice", "gd_send_voice"), sent(auth0, "voice", "gd_send_voice_failure"),
		succeeded("push", "gd_send_pn"), sent(auth0, "push", "gd_send_pn_failure"),
		succeeded("email", "gd_send_email"), implying(rule(auth0, "code_sent", "code_or_link_sent"), attr.Step, stepSent),
		sent(okta, "sms", "system.sms.send_factor_verify_message", "system.sms.send_okta_push_verify_message"),
		sent(okta, "voice", "system.voice.send_mfa_challenge_call"),
		sent(okta, "email", "system.email.send_factor_verify_message"),
		sent(okta, "push", "system.push.send_factor_verify_push"),
		implying(rule(ory, "login.code_sent", "registration.code_sent"), attr.Step, stepSent),
	}
}

func otpMetrics() []definition.Metric {
	return []definition.Metric{{
		Name:        "auth.otp.sends",
		Unit:        "{message}",
		Description: "Codes and pushes on their way to users.",
		Dimensions:  dimensions(attr.Step, attr.Channel, attr.GeoCountryISOCode, attr.Resend, attr.Outcome, attr.ErrorType),
		Rules:       otpSends(),
		Question:    "How many messages are sent, to which countries, and how many do not arrive?",
		Query:       `sum by (auth_channel, geo_country_iso_code) (increase(auth_otp_sends_total{auth_step="sent",auth_outcome="success"}[24h]))`,
		Limits:      "Of one code, Login.gov tells twice: when the user chose how to get it (`auth.step` selected) and when it was sent (sent). Take one of them. The country is that of the telephone number.",
	}}
}

package main

import "time"

// properties writes the members of event_properties.
type properties = func(g *generator, l *line, u *user)

// with writes members given as JSON text.
func with(members string) properties {
	return func(_ *generator, l *line, _ *user) { l.b = append(l.b, members...) }
}

var succeeded = with(`"success":true`)

// failed writes a failure with one of the error keys under the given field.
func failed(field string, keys ...string) properties {
	return func(g *generator, l *line, _ *user) {
		l.bool("success", false)
		errorDetails(l, field, pick(g, keys...))
	}
}

func errorDetails(l *line, field, key string) {
	l.object("error_details")
	l.object(field)
	l.bool(key, true)
	l.end()
	l.end()
}

// success writes the outcome, and error details where it is failure. It is
// written as true or false, rarely in one of the other ways that mean the same.
func success(g *generator, l *line, share float64, field string, keys ...string) bool {
	ok := g.chance(share)
	spelling := 0
	if g.chance(0.03) {
		spelling = 1 + g.rng.IntN(3)
	}
	if ok {
		l.raw("success", [...]string{"true", "1", `"1"`, `"true"`}[spelling])
		return true
	}
	l.raw("success", [...]string{"false", "0", `"0"`, `"false"`}[spelling])
	errorDetails(l, field, pick(g, keys...))
	return false
}

func signIn(g *generator, l *line, _ *user) {
	ok := success(g, l, 0.85, "email", "not_found", "invalid", "banned")
	l.bool("user_locked_out", !ok && g.chance(0.1))
	l.bool("rate_limited", false)
	l.bool("valid_captcha_result", true)
	l.bool("captcha_validation_performed", false)
	l.int("sign_in_failure_count", int64(g.rng.IntN(4)))
	l.bool("sp_request_url_present", g.chance(0.7))
	l.bool("remember_device", g.chance(0.3))
	l.bool("new_device", g.chance(0.1))
}

func signInUnknown(g *generator, l *line, _ *user) {
	l.bool("success", false)
	switch {
	case g.chance(0.3):
		errorDetails(l, "recaptcha_token", "invalid")
	case g.chance(0.2): // as its older versions write errors
		l.raw("errors", `{"email":["not found"]}`)
	}
	l.bool("user_locked_out", false)
	l.bool("rate_limited", g.chance(0.2))
	l.bool("valid_captcha_result", g.chance(0.7))
	l.bool("captcha_validation_performed", true)
	l.int("sign_in_failure_count", int64(1+g.rng.IntN(6)))
	l.bool("sp_request_url_present", false)
	l.bool("remember_device", false)
}

func mfaContext(g *generator, l *line, _ *user) {
	l.string("context", pick(g, "authentication", "authentication", "authentication", "reauthentication", "confirmation"))
}

func mfaVisited(methods ...string) properties {
	return func(g *generator, l *line, u *user) {
		mfaContext(g, l, u)
		l.string("multi_factor_auth_method", pick(g, methods...))
		l.bool("confirmation_for_add_phone", false)
	}
}

func mfaAttempt(g *generator, l *line, u *user) {
	method := pick(g, u.methods...)
	success(g, l, 0.88, "code", "wrong_length", "pattern_mismatch", "incorrect")
	mfaContext(g, l, u)
	l.bool("new_device", g.chance(0.1))
	l.int("attempts", int64(1+g.rng.IntN(3)))
	l.string("multi_factor_auth_method", method)
	l.string("multi_factor_auth_method_created_at", "1724270334123")
	if method == "sms" || method == "voice" {
		l.bool("confirmation_for_add_phone", false)
		l.int("phone_configuration_id", u.phoneConfiguration)
		phone(l, u)
	}
	l.bool("in_account_creation_flow", false)
	l.int("enabled_mfa_methods_count", int64(len(u.methods)))
}

func phone(l *line, u *user) {
	l.string("area_code", u.areaCode)
	l.string("country_code", "US")
	l.string("phone_fingerprint", u.phoneFingerprint)
}

func otpSent(g *generator, l *line, u *user) {
	phone(l, u)
	mfaContext(g, l, u)
	l.string("otp_delivery_preference", pick(g, "sms", "sms", "sms", "voice"))
	l.bool("resend", g.chance(0.1))
	ok := g.chance(0.95)
	l.object("telephony_response")
	l.bool("success", ok)
	if ok {
		l.raw("errors", "{}")
		l.string("delivery_status", "DELIVERED")
	} else {
		l.raw("errors", `{"telephony":"Telephony::OptOutError - opted out"}`)
		l.string("delivery_status", "PERMANENT_FAILURE")
	}
	l.string("request_id", g.hex(8))
	l.end()
	l.string("adapter", "pinpoint")
	l.bool("success", ok)
}

func otpDelivery(g *generator, l *line, u *user) {
	success(g, l, 0.97, "otp_delivery_preference", "inclusion")
	l.string("otp_delivery_preference", pick(g, "sms", "sms", "voice"))
	mfaContext(g, l, u)
	l.bool("resend", g.chance(0.1))
	phone(l, u)
}

func pivCACLogin(g *generator, l *line, _ *user) {
	l.bool("success", true)
	l.bool("new_device", g.chance(0.1))
	l.string("key_id", g.hex(10))
}

func mfaSetup(g *generator, l *line, u *user) {
	success(g, l, 0.9, "code", "incorrect")
	l.string("multi_factor_auth_method", pick(g, "sms", "voice", "totp", "piv_cac", "backup_codes"))
	l.int("enabled_mfa_methods_count", int64(len(u.methods)))
	l.bool("in_account_creation_flow", true)
}

func totpSetup(g *generator, l *line, u *user) {
	success(g, l, 0.85, "code", "incorrect")
	l.bool("totp_secret_present", true)
	l.int("enabled_mfa_methods_count", int64(len(u.methods)))
}

func webAuthnSetup(g *generator, l *line, u *user) {
	success(g, l, 0.9, "attestation_object", "invalid")
	l.bool("platform_authenticator", false)
	l.bool("in_account_creation_flow", true)
	l.int("enabled_mfa_methods_count", int64(len(u.methods)))
}

func oidcAuthorization(g *generator, l *line, u *user) {
	success(g, l, 0.95, "redirect_uri", "redirect_uri_no_match", "redirect_uri_invalid")
	l.string("prompt", "select_account")
	l.bool("allow_prompt_login", false)
	l.bool("code_challenge_present", g.chance(0.6))
	l.bool("service_provider_pkce", g.chance(0.6))
	l.orNull("referer", pick(g, "", `https://sp.example.gov/?a=1\u0026b=2`))
	l.string("client_id", u.client)
	l.string("scope", "openid email profile:name")
	l.string("acr_values", "http://idmanagement.gov/ns/assurance/ial/1")
	l.bool("unauthorized_scope", false)
	l.bool("user_fully_authenticated", false)
}

func oidcToken(g *generator, l *line, u *user) {
	ok := g.chance(0.94)
	pkce := g.chance(0.6)
	l.bool("success", ok)
	switch {
	case !ok && pkce:
		errorDetails(l, "code_verifier", "invalid_code_verifier")
	case !ok:
		errorDetails(l, "code", pick(g, "invalid_code", "expired"))
	}
	l.string("client_id", u.client)
	l.string("code_digest", g.hex(32))
	l.int("expires_in", 899)
	l.int("ial", 1)
	l.bool("code_verifier_present", pkce)
	l.bool("service_provider_pkce", pkce)
}

func oidcBearer(g *generator, l *line, u *user) {
	success(g, l, 0.95, "access_token", "not_found")
	l.string("client_id", u.client)
	l.int("ial", 1)
}

func samlAuth(g *generator, l *line, u *user) {
	success(g, l, 0.95, "authn_context", "unauthorized_authn_context")
	l.string("nameid_format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
	l.raw("authn_context", `["http://idmanagement.gov/ns/assurance/ial/1","urn:gov:gsa:ac:classes:sp:PasswordProtectedTransport:duo"]`)
	l.string("authn_context_comparison", "exact")
	l.string("service_provider", u.client)
	l.string("endpoint", "/api/saml/auth2026")
	l.bool("request_signed", true)
	l.string("matching_cert_serial", "16692669195138211271")
}

func samlRequest(g *generator, l *line, u *user) {
	l.string("requested_ial", "none")
	l.string("service_provider", u.client)
	l.bool("force_authn", false)
	l.bool("user_fully_authenticated", g.chance(0.3))
	l.bool("request_signed", g.chance(0.9))
}

func spRedirect(g *generator, l *line, _ *user) {
	l.int("ial", 1)
	l.int("billed_ial", 1)
	l.float("sign_in_duration_seconds", 5+float64(g.skewed(600e6))/1e6, 6)
	l.string("sign_in_flow", pick(g, "sign_in", "sign_in", "create_account"))
}

func integrationErrors(_ *generator, l *line, u *user) {
	l.raw("error_details", `["Redirect uri No match for https://x.example/cb"]`) // an array, here only
	l.raw("error_types", `{"redirect_uri":true}`)
	l.string("event", "oidc_request_authorization")
	l.bool("integration_exists", true)
	l.string("request_issuer", u.client)
}

func emailSubmitted(g *generator, l *line, u *user) {
	success(g, l, 0.93, "email", "invalid", "domain")
	l.bool("rate_limited", false)
	l.bool("email_already_exists", g.chance(0.1))
	l.string("domain_name", "example.com")
	l.string("email_language", u.locale)
}

func passwordCreation(g *generator, l *line, _ *user) {
	success(g, l, 0.9, "password", "too_short", "pwned_password")
	l.bool("request_id_present", true)
}

func accountReset(g *generator, l *line, _ *user) {
	l.string("event", pick(g, "request", "cancel", "delete"))
	l.bool("success", true)
	l.int("account_age_in_days", int64(g.rng.IntN(2000)))
}

func proofingResults(g *generator, l *line, u *user) {
	success(g, l, 0.85, "verify_info", "resolution_failed")
	l.raw("proofing_results", `{"exception":null,"timed_out":false,"threatmetrix_review_status":"pass","context":{"device_profiling_adjudication_reason":"device_profiling_result_pass","stages":{"resolution":{"success":true,"errors":{},"exception":null,"timed_out":false,"transaction_id":"","reason_codes":{},"vendor_name":"lexisnexis:instant_verify","verified_attributes":["address","dob"]}}},"biographical_info":{"birth_year":1938,"state":"MT","state_id_number":"#############"}}`)
	l.string("step", "verify")
	l.string("analytics_id", "Doc Auth")
	l.object("proofing_components")
	l.string("document_check", "socure")
	l.string("threatmetrix_review_status", "pass")
	l.end()
	phone(l, u)
}

func phoneConfirmation(g *generator, l *line, u *user) {
	success(g, l, 0.92, "code", "does_not_match")
	l.bool("code_expired", false)
	l.bool("code_matches", true)
	l.int("second_factor_attempts_count", 0)
	phone(l, u)
}

func rateLimit(g *generator, l *line, u *user) {
	l.string("limiter_type", pick(g, "idv_doc_auth", "reg_unconfirmed_email", "phone_otp", "short_term_phone_otp"))
	phone(l, u)
}

func disavowal(g *generator, l *line, u *user) {
	l.bool("success", true)
	created := g.start.Add(-time.Duration(g.rng.IntN(1_000_000)) * time.Second)
	l.time("event_created_at", created)
	l.time("disavowed_device_last_used_at", created)
	l.string("disavowed_device_user_agent", u.browser.header)
	l.string("disavowed_device_last_ip", u.ip)
	l.int("event_id", 9007199254740993+int64(g.rng.Uint32()))
	l.string("event_type", "sign_in_after_2fa")
	l.string("event_ip", u.ip)
}

func deviceProfiling(g *generator, l *line, u *user) {
	l.string("client", "authentication-device-profiling")
	l.bool("success", true)
	l.raw("errors", "{}")
	l.bool("timed_out", false)
	l.string("transaction_id", g.hex(8))
	l.string("review_status", pick(g, "pass", "pass", "review"))
	l.string("account_lex_id", u.id)
	l.string("session_id", g.uuid())
	l.raw("response_body", `{"summary_risk_score":"-6","tmx_summary_reason_code":["Identity_Negative_History"],"account_email_domain":"example.com","emailage.emailriskscore.responsestatus.status":"success"}`)
}

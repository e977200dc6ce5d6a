package eventmetrics

import "github.com/authevents/otelcol-auth/internal/attr"

// Kind is the shape of a metric.
type Kind uint8

const (
	// Sum is a monotonic count of records.
	Sum Kind = iota
	// Histogram is a distribution of the records' auth.duration, in seconds.
	Histogram
)

// Metric describes one metric and the records that it counts.
type Metric struct {
	// Name has no "total": a backend that wants one adds it.
	Name        string
	Unit        string
	Description string
	Kind        Kind
	// Attributes of a point beside Common, in the order of the points'
	// attributes. Each names an attribute of the record.
	Attributes []string
	// Rules are tried in order. The first that applies counts the record, so a
	// record counts at most once in each metric.
	Rules []Rule
}

// Rule says which records a metric counts.
type Rule struct {
	// Source is the record's auth.source; empty for any.
	Source string
	// Events are event names. One "*" in a name stands for any text.
	Events []string
	// Except are event names that Events takes in and this rule does not.
	Except []string
	// Conditions must all hold.
	Conditions []Condition
	// Defaults stand in for attributes that the record does not carry.
	Defaults []Default
}

// Condition holds where the record's attribute starts with one of Prefixes.
type Condition struct {
	Attribute string
	Prefixes  []string
}

// Default is the value of an attribute that the event's name implies.
type Default struct {
	Attribute string
	Value     string
}

// Common lists the attributes that points of every metric carry first. The
// environment is the resource's; keeping it apart here means that one
// collector in front of two environments never mixes their counts.
func Common() []string {
	return []string{attr.Source, attr.Domain, attr.DeploymentEnvironmentName}
}

const (
	hera     = "hera"
	loginGov = "login_gov"
)

// Catalogue returns the built-in metrics, in the order of output.
func Catalogue() []Metric {
	var all []Metric
	for _, section := range [][]Metric{
		eventMetrics(), loginMetrics(), mfaMetrics(), captchaMetrics(), oauthMetrics(), socialMetrics(),
	} {
		all = append(all, section...)
	}
	return all
}

func eventMetrics() []Metric {
	return []Metric{{
		Name:        "auth.events",
		Unit:        "{event}",
		Description: "Events of the identity providers, by event name.",
		Attributes:  []string{attr.OTelEventName, attr.Category, attr.Outcome},
		Rules:       []Rule{{Events: []string{"*"}}},
	}}
}

func loginMetrics() []Metric {
	return []Metric{{
		Name:        "auth.login.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to sign in with a first factor.",
		Attributes:  []string{attr.Method, attr.Outcome, attr.ErrorType},
		Rules: []Rule{
			{Source: hera, Events: []string{"social_login_completed", "social_login_failed"}, Defaults: method("social")},
			{Source: loginGov, Events: []string{"Email and Password Authentication"}, Defaults: method("password")},
			{Source: loginGov, Events: []string{"piv_cac_login"}, Defaults: method("piv_cac")},
		},
	}, {
		Name:        "auth.password.breach.checks",
		Unit:        "{check}",
		Description: "Passwords checked against lists of breached ones.",
		Attributes:  []string{attr.Outcome, attr.ErrorType},
		Rules: []Rule{
			{Source: hera, Events: []string{"breach_check_*"}},
			// Login.gov says nothing when a password passes.
			{
				Source: loginGov, Events: []string{"password_found_on_pwned_list"},
				Defaults: []Default{{attr.Outcome, attr.OutcomeFailure}},
			},
		},
	}}
}

func mfaMetrics() []Metric {
	return []Metric{{
		Name:        "auth.mfa.challenges",
		Unit:        "{challenge}",
		Description: "Second factors asked for.",
		Attributes:  []string{attr.Method, attr.Context},
		Rules: []Rule{
			{Source: hera, Events: []string{"mfa_challenge_displayed"}},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter TOTP visited"}, Defaults: method("totp")},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter backup code visited"}, Defaults: method("backup_code")},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter personal key visited"}, Defaults: method("personal_key")},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter webAuthn authentication visited"}, Defaults: method("webauthn")},
			{Source: loginGov, Events: []string{"multi_factor_auth_enter_piv_cac"}, Defaults: method("piv_cac")},
			// "enter OTP visited" is a text message or a call: only the record knows.
			{Source: loginGov, Events: []string{"Multi-Factor Authentication: enter * visited"}},
		},
	}, {
		Name:        "auth.mfa.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to pass a second factor.",
		Attributes:  []string{attr.Method, attr.Context, attr.Outcome, attr.ErrorType},
		Rules: []Rule{
			{Source: hera, Events: []string{"mfa_challenge_succeeded", "mfa_challenge_failed"}},
			{Source: loginGov, Events: []string{"Multi-Factor Authentication"}},
		},
	}, {
		Name:        "auth.mfa.enrollments",
		Unit:        "{enrollment}",
		Description: "Attempts to set up a second factor.",
		Attributes:  []string{attr.Method, attr.Outcome},
		// "webauthn_setup_submitted" and "Backup Code Created" are not here:
		// Login.gov emits them beside "Multi-Factor Authentication Setup".
		Rules: []Rule{
			{Source: loginGov, Events: []string{"Multi-Factor Authentication Setup"}},
			{Source: loginGov, Events: []string{"TOTP Setup"}, Defaults: method("totp")},
			{Source: loginGov, Events: []string{"WebAuthn Setup Submitted"}, Defaults: method("webauthn")},
			{Source: loginGov, Events: []string{"User Registration: piv cac enabled"}, Defaults: method("piv_cac")},
		},
	}}
}

func captchaMetrics() []Metric {
	return []Metric{{
		Name:        "auth.captcha.challenges",
		Unit:        "{challenge}",
		Description: "Captchas shown.",
		Attributes:  []string{attr.Flow},
		Rules:       []Rule{{Source: hera, Events: []string{"captcha_displayed"}}},
	}, {
		Name:        "auth.captcha.attempts",
		Unit:        "{attempt}",
		Description: "Attempts to pass a captcha.",
		Attributes:  []string{attr.Flow, attr.Outcome, attr.ErrorType},
		Rules: []Rule{
			{Source: hera, Events: []string{"captcha_succeeded", "captcha_failed"}},
			{Source: loginGov, Events: []string{"reCAPTCHA verify result received"}},
		},
	}}
}

func oauthMetrics() []Metric {
	return []Metric{{
		Name:        "auth.oauth.authorizations",
		Unit:        "{request}",
		Description: "Authorization requests of clients.",
		Attributes:  []string{attr.ClientID, attr.PKCEUsed, attr.Outcome},
		Rules: []Rule{
			{Source: hera, Events: []string{"pkce_authorize", "auth.pkce.started"}},
			{Source: loginGov, Events: []string{"OpenID Connect: authorization request"}},
		},
	}, {
		Name:        "auth.oauth.token.exchanges",
		Unit:        "{request}",
		Description: "Exchanges of a code for a token.",
		Attributes:  []string{attr.ClientID, attr.PKCEUsed, attr.Outcome},
		Rules: []Rule{
			{Source: hera, Events: []string{"pkce_token_exchange", "auth.pkce.completed"}},
			{Source: loginGov, Events: []string{"OpenID Connect: token"}},
		},
	}, {
		Name:        "auth.pkce.failures",
		Unit:        "{failure}",
		Description: "Flows that failed on their PKCE challenge or verifier.",
		Attributes:  []string{attr.ClientID, attr.ErrorType},
		Rules: []Rule{
			{Source: hera, Events: []string{"pkce_failed", "auth.pkce.failed"}},
			{
				Source: loginGov, Events: []string{"OpenID Connect: token"},
				// A token request fails for many reasons; these are PKCE's keys.
				Conditions: []Condition{{attr.ErrorType, []string{"code_verifier", "code_challenge"}}},
			},
		},
	}, {
		Name:        "auth.pkce.duration",
		Unit:        "s",
		Description: "Time from the start of a PKCE flow to its end.",
		Kind:        Histogram,
		Attributes:  []string{attr.ClientID},
		Rules:       []Rule{{Source: hera, Events: []string{"pkce_flow_completed", "auth.pkce.completed"}}},
	}}
}

func socialMetrics() []Metric {
	return []Metric{{
		Name:        "auth.social.initiations",
		Unit:        "{login}",
		Description: "Social logins begun.",
		Attributes:  []string{attr.Provider},
		Rules:       []Rule{{Source: hera, Events: []string{"social_login_initiated"}}},
	}, {
		Name:        "auth.social.logins",
		Unit:        "{login}",
		Description: "Social logins completed.",
		Attributes:  []string{attr.Provider, attr.FirstLogin},
		Rules:       []Rule{{Source: hera, Events: []string{"social_login_completed"}}},
	}, {
		Name:        "auth.social.links",
		Unit:        "{login}",
		Description: "Social logins linked to an account that stood already.",
		Attributes:  []string{attr.Provider},
		Rules: []Rule{{
			Source: hera,
			Events: []string{"social_link*"},
			// Points have no outcome, so what is no link yet must not count as one.
			Except: []string{"social_link_initiated", "social_link_started", "*_failed", "*_removed"},
		}},
	}}
}

func method(name string) []Default { return []Default{{attr.Method, name}} }

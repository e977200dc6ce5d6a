package main

import "time"

// loginGovKind is a kind of Login.gov's events.
type loginGovKind struct {
	weight     int
	name, path string
	// signedOut: nobody is known yet, the user is anonymous-uuid.
	signedOut  bool
	properties func(g *generator, l *line, u *user)
}

func (k loginGovKind) share() int { return k.weight }

var loginGovTotal = sum(loginGovKinds)

func (g *generator) loginGovEvent(l *line, u *user, at time.Time) {
	k := draw(g, loginGovKinds, loginGovTotal)
	if g.chance(0.05) {
		u.visit = g.uuid()
	}
	l.begin()
	l.string("name", k.name)
	l.object("properties")
	l.object("event_properties")
	if k.properties != nil {
		k.properties(g, l, u)
	}
	l.end()
	g.loginGovRequest(l, k, u)
	l.end()
	l.time("time", at)
	l.string("id", g.uuid())
	l.string("visitor_id", u.visitor)
	l.string("visit_id", u.visit)
	l.string("log_filename", "events.log")
	l.end()
}

// loginGovRequest writes what all events of one request have in common. What
// a job has logged, it has no path, stops short of the browser.
func (g *generator) loginGovRequest(l *line, k loginGovKind, u *user) {
	if g.chance(0.5) {
		l.bool("new_event", g.chance(0.6))
	} else {
		l.null("new_event")
	}
	l.orNull("path", k.path)
	client := u.client
	if k.name == "OpenID Connect: token" || g.chance(0.25) {
		client = ""
	}
	l.orNull("service_provider", client)
	if k.signedOut {
		l.null("session_duration")
		l.string("user_id", "anonymous-uuid")
	} else {
		l.float("session_duration", float64(g.skewed(900e9))/1e9, 9)
		l.string("user_id", u.id)
	}
	l.string("locale", u.locale)
	if k.path == "" {
		return
	}
	l.string("user_ip", u.ip)
	if g.chance(0.02) { // its name before
		l.string("host", "secure.login.gov")
	} else {
		l.string("hostname", "secure.login.gov")
	}
	l.int("pid", int64(20000+g.rng.IntN(40)))
	l.string("trace_id", u.trace)
	l.orNull("referer", pick(g, "", "https://secure.login.gov/", `https://sp.example.gov/start?a=1\u0026b=2`))
	l.string("git_sha", "e4407766")
	l.string("git_branch", "main")
	b := u.browser
	l.string("user_agent", b.header)
	l.string("browser_name", b.name)
	l.string("browser_version", b.version)
	l.string("browser_platform_name", b.os)
	l.string("browser_platform_version", b.osVersion)
	l.string("browser_device_name", b.device)
	l.bool("browser_mobile", b.mobile)
	l.bool("browser_bot", b.bot)
	if client != "" && g.chance(0.5) {
		l.raw("sp_request", `{"component_values":{"ial/1":true},"aal2":true,"component_names":["http://idmanagement.gov/ns/assurance/ial/1"],"app_differentiator":"NY"}`)
	}
	if g.chance(0.3) {
		l.raw("ab_tests", `{"recaptcha_sign_in":{"bucket":"sign_in_recaptcha"}}`)
	}
}

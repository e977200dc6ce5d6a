package main

import "time"

// heraKind is a kind of Hera's events. Hera has four shapes: type audit with
// the time in ts, type analytics and metric with timestamp and env, and an
// administrator's action with neither type nor event.
type heraKind struct {
	weight      int
	shape, name string
	members     func(g *generator, l *line, u *user)
}

func (k heraKind) share() int { return k.weight }

var heraKinds = []heraKind{
	{10, "metric", "mfa_challenge_displayed", heraMethod},
	{9, "audit", "mfa_challenge_succeeded", heraUserMethod},
	{4, "audit", "mfa_challenge_failed", heraUserMethod},
	{6, "metric", "captcha_displayed", heraFlow},
	{4, "audit", "captcha_succeeded", heraFlow},
	{2, "audit", "captcha_failed", func(g *generator, l *line, u *user) {
		heraFlow(g, l, u)
		// The last one is free text, which no metric may carry.
		l.string("reason", pick(g, "timeout", "low_score", "invalid_token", "score 0.3 is below the threshold"))
	}},
	{5, "audit", "breach_check_passed", nil},
	{2, "audit", "breach_check_failed", reasons("in_hibp", "in_hibp", "hibp_unavailable")},
	{6, "audit", "social_login_initiated", heraProvider},
	{5, "audit", "social_login_completed", func(g *generator, l *line, u *user) {
		heraProvider(g, l, u)
		l.bool("first_login", g.chance(0.2))
		heraUser(g, l, u)
		if g.chance(0.2) {
			l.string("email", u.email)
		}
	}},
	{2, "audit", "social_link_completed", func(g *generator, l *line, u *user) {
		heraProvider(g, l, u)
		heraUser(g, l, u)
	}},
	{8, "audit", "pkce_authorize", heraClient},
	{7, "audit", "pkce_token_exchange", heraClient},
	{6, "audit", "pkce_flow_completed", heraClient},
	{2, "audit", "pkce_failed", func(g *generator, l *line, u *user) {
		l.string("reason", pick(g, "verifier_mismatch", "verifier_mismatch", "challenge_missing", "verifier_missing", "code_expired"))
		heraClient(g, l, u)
	}},
	{8, "analytics", "auth.pkce.started", func(g *generator, l *line, u *user) {
		heraClient(g, l, u)
		l.string("method", pick(g, "S256", "S256", "S256", "plain"))
	}},
	{7, "analytics", "auth.pkce.completed", func(g *generator, l *line, u *user) {
		heraClient(g, l, u)
		l.int("duration_ms", 200+g.skewed(20_000))
	}},
	{1, "analytics", "auth.pkce.failed", func(g *generator, l *line, u *user) {
		heraClient(g, l, u)
		if g.chance(0.7) { // without a reason, error_source speaks
			l.string("reason", pick(g, "challenge_mismatch", "verifier_mismatch"))
		}
		l.string("error_code", "invalid_grant")
		l.string("error_source", pick(g, "challenge_mismatch", "token_endpoint"))
	}},
	{1, "analytics", "sdk.startup.succeeded", func(g *generator, l *line, _ *user) {
		l.int("key_length_bytes", 44)
		l.int("sequence", 9007199254740993+int64(g.rng.Uint32()))
	}},
	{1, "audit", "m2m_client.created", func(g *generator, l *line, _ *user) {
		l.string("client_id", g.hex(6))
		l.string("client_name", `Ingestion \u003cnightly\u003e \u0026 reports`)
		l.string("scope", "identities:read sessions:read")
		heraAdmin(g, l)
	}},
	{1, "action", "social_connection.updated", func(g *generator, l *line, u *user) {
		heraProvider(g, l, u)
		heraAdmin(g, l)
		l.raw("changed_fields", `["client_id","client_secret"]`)
	}},
}

var heraTotal = sum(heraKinds)

func (g *generator) heraEvent(l *line, u *user, at time.Time) {
	k := draw(g, heraKinds, heraTotal)
	l.begin()
	if k.shape == "action" {
		l.raw("audit", "true")
		l.string("action", k.name)
	} else {
		l.string("type", k.shape)
		l.string("event", k.name)
	}
	if k.members != nil {
		k.members(g, l, u)
	}
	if k.shape != "action" && g.chance(0.85) {
		l.string("domain", pick(g, "ciam", "ciam", "ciam", "iam"))
	}
	if k.shape == "audit" && g.chance(0.8) {
		l.time("ts", at)
	} else {
		l.time("timestamp", at)
	}
	if k.shape == "analytics" || k.shape == "metric" {
		l.string("env", pick(g, "production", "production", "production", "staging"))
	}
	l.end()
}

// heraUser writes who it was, in the two ways in which Hera tells an address.
func heraUser(g *generator, l *line, u *user) {
	if !g.chance(0.7) {
		return
	}
	l.string("identity_id", u.id)
	if g.chance(0.5) {
		l.string("source_ip", u.ip)
		return
	}
	l.object("metadata")
	l.string("ip", u.ip)
	l.string("aal", pick(g, "aal1", "aal2"))
	l.end()
}

func heraAdmin(g *generator, l *line) {
	l.string("admin_id", g.admin.id)
	l.string("admin_email", g.admin.email)
}

func heraMethod(g *generator, l *line, _ *user) {
	l.string("method", pick(g, "totp", "totp", "totp", "webauthn", "webauthn", "sms", "backup_codes"))
}

func heraUserMethod(g *generator, l *line, u *user) {
	heraMethod(g, l, u)
	heraUser(g, l, u)
}

func heraFlow(g *generator, l *line, _ *user) {
	l.string("flow", pick(g, "login", "login", "registration", "recovery"))
}

func heraProvider(g *generator, l *line, _ *user) {
	l.string("provider", pick(g, "google", "google", "google", "github", "microsoft", "apple"))
}

func heraClient(g *generator, l *line, _ *user) {
	l.string("client_id", pick(g, "hera-ciam-client", "hera-ciam-client", "hera-iam-client", "athena-web", "mobile-app", "legacy-portal"))
}

func reasons(values ...string) func(*generator, *line, *user) {
	return func(g *generator, l *line, _ *user) { l.string("reason", pick(g, values...)) }
}

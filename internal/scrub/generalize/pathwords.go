package generalize

import "bytes"

// isCollection says whether a segment is a word for people or for what belongs
// to one of them, behind which an id is expected: users, sessions, factors.
func isCollection(word []byte) bool {
	var buf [maxWord]byte
	switch string(appendLower(buf[:0], word)) {
	case "users", "user", "user-blocks", "user_blocks", "usernames", "username",
		"accounts", "identities", "members", "people", "persons", "subjects", "profiles", "customers", "patients",
		"employees", "contacts", "external",
		"sessions", "authenticated_sessions", "devices", "tokens", "refresh-tokens", "access_tokens", "refresh_tokens",
		"factors", "authenticators", "credentials", "enrollments", "invites", "invitations", "emails", "phones",
		"visitors", "avatars":
		return true
	}
	return false
}

// isHome says whether a segment is somebody's home: ~alice.
func isHome(word []byte) bool { return len(word) > 1 && word[0] == '~' }

// isLoginPage says whether a segment behind /u is a page of Auth0's login, which
// are named for what they ask: mfa-sms-challenge, login-id.
func isLoginPage(word []byte) bool {
	dash := bytes.IndexByte(word, '-')
	if dash < 0 || bytes.ContainsAny(word, "0123456789") {
		return false
	}
	var buf [maxWord]byte
	switch string(appendLower(buf[:0], word[:dash])) {
	case "login", "signup", "mfa", "reset", "email", "phone", "device", "passkey", "webauthn", "captcha", "interstitial", "brute":
		return true
	}
	return false
}

// isRouteWord says whether a segment behind a collection's name is a word of
// the route: /users/password/new. A user who has such a name isn't told by it.
func isRouteWord(word []byte) bool {
	var buf [maxWord]byte
	switch string(appendLower(buf[:0], word)) {
	case "me", "self", ".search", "current", "whoami", "by", "all", "any", "external",
		"new", "edit", "create", "update", "delete", "destroy", "remove", "add", "cancel", "list", "show", "view",
		"search", "query", "lookup", "find", "count", "bulk", "batch", "export", "import", "paths", "schemas", "schema",
		"types", "stats", "metadata", "start", "finish", "begin", "complete", "callback",
		"login", "logout", "signin", "signout", "signup", "sign_in", "sign_out", "sign_up", "sign-in", "sign-out", "sign-up",
		"auth", "oauth", "authenticate", "register", "registration", "registrations", "recovery", "recover", "reset",
		"confirm", "confirmation", "confirmations", "verify", "verification", "validate", "activate", "deactivate",
		"unlock", "lock", "enable", "disable", "approve", "refresh", "revoke", "rotate", "introspect", "extend", "keepalive",
		"session", "sessions", "elevation", "timeout", "active", "offline", "events", "history", "logs",
		"password", "passwords", "reset_password", "reset-password", "change_password", "change-password",
		"forgot_password", "forgot-password", "mfa", "2fa", "totp", "otp", "webauthn", "passkey", "passkeys", "sms", "voice",
		"push", "duo", "email", "emails", "phone", "phones", "tokens", "devices", "factors", "credentials", "lookup_secret", "oidc", "saml",
		"two_factor", "two-factor", "two_factor_authentication", "recovery_codes", "backup_codes",
		"profile", "profiles", "info", "userinfo", "settings", "preferences", "avatar", "consent", "consents", "notifications",
		"invite", "invites", "invitation", "invitations", "accept", "roles", "groups", "permissions", "providers", "admin",
		"management", "manage":
		return true
	}
	return false
}

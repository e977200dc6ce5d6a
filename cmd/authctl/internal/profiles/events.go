package profiles

import (
	"maps"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// maxEvents bounds the events of a draft.
const maxEvents = 500

// event is an event of the draft.
type event struct {
	name, category, outcome string
	lines                   int
}

// categories are words in the names of events, and the category that each tells,
// the most telling first. Separators do not count.
var categories = []struct{ word, category string }{
	{"pkce", "pkce"}, {"webauthn", "webauthn"}, {"passkey", "webauthn"}, {"fido", "webauthn"}, {"totp", "totp"},
	{"ratelimit", "rate_limit"}, {"throttl", "rate_limit"}, {"lockout", "lockout"}, {"locked", "lockout"}, {"banned", "lockout"},
	{"captcha", "captcha"}, {"breach", "breach_check"}, {"passwordreset", "password_reset"}, {"resetpassword", "password_reset"},
	{"forgotpassword", "password_reset"}, {"recover", "password_reset"}, {"mfa", "mfa"}, {"multifactor", "mfa"}, {"secondfactor", "mfa"},
	{"twofactor", "mfa"}, {"twostep", "mfa"}, {"otp", "mfa"}, {"2fa", "mfa"}, {"saml", "saml"}, {"openid", "oidc"}, {"oidc", "oidc"}, {"oauth", "oidc"}, {"codetotoken", "oidc"},
	{"refreshtoken", "oidc"}, {"token", "oidc"}, {"jwt", "oidc"}, {"consent", "oidc"}, {"authorize", "oidc"}, {"logout", "session"}, {"signout", "session"}, {"signedout", "session"}, {"loggedout", "session"},
	{"session", "session"}, {"admin", "admin"}, {"impersonat", "admin"}, {"social", "social"}, {"identityprovider", "social"},
	{"federat", "social"}, {"regist", "registration"}, {"signup", "registration"}, {"invit", "registration"}, {"password", "password"}, {"phone", "phone"},
	{"login", "login"}, {"signin", "login"}, {"authenticat", "login"}, {"auth", "login"}, {"idv", "idv"}, {"verif", "account"},
	{"email", "email"}, {"account", "account"}, {"profile", "account"}, {"user", "account"},
}

func categoryOf(name string) string {
	folded := strings.ReplaceAll(fold(name), ":", "")
	for _, c := range categories {
		if strings.Contains(folded, c.word) {
			return c.category
		}
	}
	return "other"
}

// Words in the names of events, and values of outcomes, that tell of it. Failures
// go first: unsuccessful has successful in it.
var (
	failureWords = []string{
		"fail", "error", "denied", "deny", "invalid", "unsuccess", "reject", "refus", "locked", "lockout", "blocked", "exceeded", "mismatch", "unauth",
		"forbidden", "expired", "ratelimit", "banned", "timeout", "notallow", "wrong",
	}
	successWords = []string{"success", "succeed", "complet", "granted", "verified", "allow", "passed", "accept", "approved", "authenticated", "permit"}
)

// doneWords end the names of what has been done, and of nothing that was only asked for.
var doneWords = []string{"updated", "changed", "linked", "registered", "enrolled", "deleted", "removed", "revoked"}

func outcomeOf(text string) string {
	folded := strings.ReplaceAll(fold(text), "unlock", "") // has lock in it
	in := func(word string) bool { return strings.Contains(folded, word) }
	switch {
	case slices.ContainsFunc(failureWords, in):
		return attr.OutcomeFailure
	case slices.ContainsFunc(successWords, in), slices.ContainsFunc(doneWords, func(word string) bool { return strings.HasSuffix(folded, word) }):
		return attr.OutcomeSuccess
	case slices.Contains([]string{"ok", "true", "yes", "pass", "1"}, folded):
		return attr.OutcomeSuccess
	case slices.Contains([]string{"ko", "false", "no", "0", "nok"}, folded):
		return attr.OutcomeFailure
	}
	return ""
}

// events lists the names that stand at the chosen places, but of lines that a
// built-in profile has named. withOutcome asks for what the names say of it. hidden
// counts lines whose name is not for showing.
func events(chosen []choice, isKnown func(line int) bool, withOutcome bool) (list []event, hidden int) {
	lines := map[string]int{}
	named := map[int]bool{} // by an earlier place
	for _, c := range chosen {
		for i, line := range c.field.lines {
			if name := c.field.of[i]; named[line] || isKnown(line) {
				continue
			} else if c.field.mayShow(name) {
				lines[name]++
			} else {
				hidden++
			}
			named[line] = true
		}
	}
	// Where errors have names of their own, LOGIN_ERROR, the others are successes.
	errors := 0
	for name := range lines {
		if strings.HasSuffix(name, "_ERROR") {
			errors++
		}
	}
	marksErrors := errors > 1
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		if len(list) == maxEvents {
			break
		}
		e := event{name: name, category: categoryOf(name), lines: lines[name]}
		if withOutcome {
			e.outcome = outcomeOf(name)
			if e.outcome == "" && marksErrors && e.category != "lockout" && e.category != "rate_limit" {
				e.outcome = attr.OutcomeSuccess
			}
			// What has a sister for its failures is itself a success.
			for _, end := range []string{"_ERROR", "_error", "_failed", "_FAILED", "_failure", "Failed", "Failure"} {
				if e.outcome == "" && lines[name+end] > 0 {
					e.outcome = attr.OutcomeSuccess
				}
			}
		}
		list = append(list, e)
	}
	return list, hidden
}

// mayShow says whether a value is one of few that many lines have, and looks like
// no value of a person. A text with spaces has to be about signing in, since it
// might be anybody's name.
func (f *field) mayShow(value string) bool {
	if sample.Personal(value) || len(f.values) > maxEvents {
		return false
	}
	code := !strings.ContainsAny(value, " \t@")
	return code && (f.name != "name" || categoryOf(value) != "other") || !code && f.vocabulary() >= 0.5 && (f.values[value] > 1 || categoryOf(value) != "other")
}

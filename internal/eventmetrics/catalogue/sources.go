package catalogue

import (
	"slices"
	"strings"
	"sync"

	"github.com/authevents/otelcol-auth/internal/authevent"
)

// Sources with a built-in profile.
const (
	auth0     = "auth0"
	authelia  = "authelia"
	authentik = "authentik"
	hera      = "hera"
	keycloak  = "keycloak"
	loginGov  = "login_gov"
	okta      = "okta"
	ory       = "ory"

	anySource = ""
)

// known is what the built-in profiles list. To describe them costs more than
// all the rest of a catalogue.
var known = sync.OnceValue(authevent.Known)

// eventNames returns the names that each built-in profile lists.
func eventNames() map[string][]string {
	names := map[string][]string{}
	for _, p := range known() {
		for _, e := range p.Events {
			names[p.Name] = append(names[p.Name], e.Name)
		}
	}
	return names
}

// listed returns the names of a source's events that have what is asked for.
func listed(source string, has func(authevent.EventInfo) bool) []string {
	var names []string
	for _, p := range known() {
		if p.Name != source {
			continue
		}
		for _, e := range p.Events {
			if has(e) {
				names = append(names, e.Name)
			}
		}
	}
	return names
}

// openMethods are sources whose lines name methods that no list could have in
// full: Okta's factors, Auth0's authenticators, authentik's stages.
var openMethods = []string{auth0, authentik, okta}

// methods returns the methods that a source may name, by source. A source
// without a list is bounded in number alone.
func methods() map[string][]string {
	common := []string{
		"backup_code", "code", "email", "link", "lookup_secret", "oidc", "otp", "passkey", "password", "personal_key",
		"phone", "piv_cac", "push", "recovery_code", "remember_device", "saml", "security_key", "sms", "social", "totp",
		"voice", "webauthn", "webauthn_platform",
	}
	own := map[string][]string{
		authelia: {"duo", "mobile_push"},
		keycloak: {"kerberos", "recovery_authn_codes", "webauthn_passwordless"},
		ory:      {"profile"},
	}
	lists := map[string][]string{}
	for _, p := range known() {
		if slices.Contains(openMethods, p.Name) {
			continue
		}
		list := slices.Concat(common, own[p.Name])
		for _, e := range p.Events {
			if e.Method != "" {
				list = append(list, e.Method)
			}
		}
		slices.Sort(list)
		lists[p.Name] = slices.Compact(list)
	}
	return lists
}

// patternsAndRest returns the patterns, and those of the names that none of
// them takes: a family reads better than its members.
func patternsAndRest(names []string, prefixes ...string) []string {
	var events []string
	for _, prefix := range prefixes {
		events = append(events, prefix+"*")
	}
	for _, name := range names {
		if !slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			events = append(events, name)
		}
	}
	return events
}

package detect

import (
	"strings"
	"unicode/utf8"
)

// atextDelimiters are the bytes that RFC 5322 allows in a local part, and that
// in most texts delimit an address instead: in URLs, forms, JSON, tables.
var atextDelimiters = func() (table [256]bool) {
	for _, c := range []byte("/?=&{}|") {
		table[c] = true
	}
	return table
}()

// wholeLocalStart returns where a local part with delimiters in it begins:
// customer/department=shipping@example.com. It does only where the address
// stands by itself, between spaces or brackets, and does not read as a path, a
// query, a setting or a provider's id; else start, where the local part without
// them begins. The '@' stands at p, the domain ends at end.
func wholeLocalStart(s string, floor, start, p, end int) int {
	if !closes(s, end) {
		return start
	}
	first := start
	for first > floor && (localBytes[s[first-1]] || atextDelimiters[s[first-1]]) {
		first--
	}
	if !opens(s, first) {
		return start
	}
	local := s[first:p]
	if strings.IndexByte("/?=&|}", local[0]) >= 0 || local[0] == '{' && strings.IndexByte(local, '}') < 0 {
		return start
	}
	if s[p-1] == '/' || start == p && strings.IndexByte(s[p:end], '.') < 0 {
		return start // a package: node_modules/@babel
	}
	for first < p && s[first] < utf8.RuneSelf && localLead[s[first]] {
		first++ // punctuation in front is the text's, as in localStart
	}
	if local = s[first:p]; local == "" {
		return start
	}
	if hasProvider(local) || isSetting(local, first == 0 && end == len(s)) {
		return start
	}
	return first
}

// opens says whether an address that stands by itself may begin at s[i].
func opens(s string, i int) bool {
	return i == 0 || isSpace(s[i-1]) || strings.IndexByte(`<"'(,;[`, s[i-1]) >= 0 || hasSuffixFold(s[:i], "mailto:")
}

// closes says whether an address that stands by itself may end at s[i].
func closes(s string, i int) bool {
	if i < len(s) && strings.IndexByte(".:!?", s[i]) >= 0 {
		i++ // of a sentence
	}
	return i == len(s) || isSpace(s[i]) || strings.IndexByte(`>"'),;]`, s[i]) >= 0
}

// isSetting says whether a local part is a name, '=' and the local part. Where
// it is the whole of a text, the name has to be one that an address is given
// under; else any will do.
func isSetting(local string, whole bool) bool {
	eq := strings.IndexByte(local, '=')
	if eq < 0 {
		return false
	}
	if amp := strings.LastIndexByte(local, '&'); amp >= 0 { // a form
		if name, _, ok := strings.Cut(local[amp+1:], "="); ok && isName(name) {
			return true
		}
	}
	name := local[:eq]
	if cut := strings.LastIndexAny(name, "/?&{}|"); cut >= 0 {
		return name[cut] == '?' || cut > 0 && isAddressName(name[cut+1:])
	}
	if !isName(name) {
		return false // bounce+alice=example.org@example.com
	}
	switch strings.ToLower(name) {
	case "srs0", "srs1", "prvs", "btv1": // of senders that are rewritten on the way
		return false
	}
	return !whole || isAddressName(name)
}

func isName(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// isAddressName says whether an e-mail address is to be expected under a name.
func isAddressName(name string) bool {
	name = strings.ToLower(name)
	for _, part := range addressNames {
		if strings.HasSuffix(name, part) {
			return true
		}
	}
	return false
}

var addressNames = []string{
	"mail", "mailaddress", "user", "username", "user_name", "login", "login_hint", "name", "id", "uid", "upn", "sub", "subject", "cn",
	"principal", "account", "actor", "admin", "to", "from", "sender", "recipient", "address", "q", "query", "identifier", "identity", "owner",
}

// hasProvider says whether a local part has Auth0's provider before it:
// auth0|alice.
func hasProvider(local string) bool {
	bar := strings.IndexByte(local, '|')
	if bar < 0 {
		return false
	}
	switch local[:bar] {
	case "auth0", "google-oauth2", "google-apps", "facebook", "github", "apple", "windowslive", "linkedin", "twitter", "oauth2", "oidc",
		"samlp", "waad", "ad", "adfs", "okta", "pingfederate", "email", "sms", "custom", "ldap", "wsfed", "sharepoint", "office365":
		return true
	}
	return false
}

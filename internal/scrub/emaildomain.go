package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
)

// hidden stands before the domain of an address of which KeepDomain left only
// that. A search finds no address in the two together.
const hidden = Redacted + "@"

// soleEmail returns the address in the value of a field that holds one, without
// display name, angle brackets or encoding: the form that a search finds.
func (w *walker) soleEmail(text string) string {
	w.spans = w.s.find(w.spans[:0], text)
	if len(w.spans) == 1 && w.spans[0].Kind == pii.Email {
		return w.spans[0].Value
	}
	return strings.TrimSpace(text)
}

// knownEmail leaves the domain of the value of a field that holds one address.
// What is none, and what stands around it, goes.
func (w *walker) knownEmail(text string) (string, fate) {
	w.spans = w.s.find(w.spans[:0], text)
	var out string
	switch {
	case len(w.spans) == 1 && w.spans[0].Kind == pii.Email:
		out = w.emailDomain(w.spans[0].Value)
	case strings.HasPrefix(text, hidden) && isDomain(text[len(hidden):]):
		out = w.emailDomain(text)
	default:
		w.countAs(pii.Email, Redact, ByField)
		return Redacted, changed
	}
	// The domain may be an address, as in alice@192.0.2.44.
	out, _ = w.searchText(out)
	if out == text {
		return text, same
	}
	w.count(pii.Email, ByField)
	return out, changed
}

// emailDomain returns what KeepDomain leaves of an address.
func (w *walker) emailDomain(address string) string {
	domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	switch w.t.emailDomains {
	case Registrable:
		domain = generalize.Registrable(domain)
	case Provider:
		domain = generalize.EmailDomain(domain)
	}
	if domain == "" {
		return Redacted
	}
	return hidden + domain
}

func isDomain(text string) bool {
	return text != "" && strings.IndexFunc(text, func(c rune) bool {
		return c < 0x80 && !isAlnum(byte(c)) && !strings.ContainsRune("._-[]:", c)
	}) < 0
}

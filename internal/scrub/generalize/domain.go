package generalize

import (
	"net/netip"
	"sort"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Other stands for every domain that is not told.
const Other = "_OTHER"

// EmailDomain returns the domain of an e-mail address where it is one of a
// large provider's, in lower case, else Other: a domain of few people tells
// who they are. It is "" for "".
func EmailDomain(domain string) string {
	domain = strings.TrimSuffix(domain, ".")
	if domain == "" {
		return ""
	}
	var buf [maxProvider]byte
	if len(domain) > len(buf) {
		return Other
	}
	lower := appendLower(buf[:0], domain)
	i := sort.Search(len(providers), func(i int) bool { return providers[i] >= string(lower) })
	if i == len(providers) || providers[i] != string(lower) {
		return Other
	}
	return providers[i]
}

// Registrable returns the public suffix of a domain and one label before it, in
// lower case: "example.co.uk" of "mail.example.co.uk". The suffixes are those of
// publicsuffix.org, of registries and of hosts alike. A domain that is a public
// suffix stays as it is; Other stands for an address, a single label and what
// is no domain. The library's check for an address allocates.
func Registrable(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if domain == "" {
		return ""
	}
	if domain == "_other" {
		return Other
	}
	if !isDomain(domain) {
		return Other
	}
	if out, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return out
	}
	suffix, icann := publicsuffix.PublicSuffix(domain)
	if suffix == domain && (icann || strings.IndexByte(suffix, '.') >= 0) {
		return domain
	}
	return Other
}

// isDomain says whether s is a name that can have a suffix. The list knows
// nothing of addresses: the suffix of 192.0.2.1 would be 1.
func isDomain(s string) bool {
	if !isHost(s) || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	if isDigit(s[len(s)-1]) {
		_, err := netip.ParseAddr(s)
		last := s[strings.LastIndexByte(s, '.')+1:]
		return err != nil && strings.Trim(last, "0123456789") != ""
	}
	return true
}

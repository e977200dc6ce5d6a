package generalize

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxScheme = 128 // an app's is its reversed domain
	maxHost   = 253 // RFC 1035
	maxPort   = 5
)

// Origin returns scheme://host[:port] of an absolute URL, without user name and
// password: of http, https, ws and wss, and of an app's own scheme where the
// host is a word rather than an id. It is "" for a relative or opaque URL
// (mailto:, data:), one without a host, and one that can't be read.
//
// The host may be an address: who calls, searches the result. It allocates
// only where a user name stands before the host.
func Origin(url string) string {
	url = strings.TrimSpace(url)
	colon := strings.IndexByte(url, ':')
	if !isScheme(url[:max(colon, 0)]) || !strings.HasPrefix(url[colon:], "://") {
		return ""
	}
	start := colon + len("://")
	end := len(url)
	// A backslash ends the host for browsers, whatever RFC 3986 says.
	if i := strings.IndexAny(url[start:], `/?#\`); i >= 0 {
		end = start + i
	}
	host := start + strings.LastIndexByte(url[start:end], '@') + 1
	if !isAuthority(url[host:end]) || !isWeb(url[:colon]) && IsID(url[host:end]) {
		return ""
	}
	if host == start {
		return url[:end]
	}
	return url[:start] + url[host:end]
}

func isScheme(s string) bool {
	if s == "" || len(s) > maxScheme || !isLetter(s[0]) {
		return false
	}
	for _, c := range []byte(s) {
		if !isAlnum(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isWeb(scheme string) bool {
	for _, web := range [...]string{"https", "http", "wss", "ws"} {
		if strings.EqualFold(scheme, web) {
			return true
		}
	}
	return false
}

// isAuthority says whether s is host or host:port.
func isAuthority(s string) bool {
	host, port := s, ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 || end+1 < len(s) && s[end+1] != ':' {
			return false
		}
		addr, err := netip.ParseAddr(s[1:end])
		return err == nil && addr.Is6() && addr.Zone() == "" && isPort(s[min(end+2, len(s)):])
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		host, port = s[:i], s[i+1:]
	}
	return isHost(host) && isPort(port)
}

// isHost says whether s is a name, internationalised or not, or an IPv4
// address. A percent-encoded one could be anything.
func isHost(s string) bool {
	if s == "" || len(s) > maxHost || !utf8.ValidString(s) {
		return false
	}
	for _, c := range s {
		switch {
		case c < utf8.RuneSelf && isProductByte(byte(c)):
		case c >= utf8.RuneSelf && unicode.In(c, unicode.L, unicode.M, unicode.N):
		default:
			return false
		}
	}
	return true
}

func isPort(s string) bool {
	for _, c := range []byte(s) {
		if !isDigit(c) {
			return false
		}
	}
	return len(s) <= maxPort
}

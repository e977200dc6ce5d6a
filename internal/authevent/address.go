package authevent

import (
	"net/netip"
	"strings"
)

// clientAddress finds the client's IP address in what an IdP or a proxy calls
// it: an address, with or without a port or brackets; a list as in
// X-Forwarded-For, of which the first element is the client; or the same of
// Forwarded (RFC 7239), for="[2001:db8::1]:4711";proto=https. Names, such as
// localhost, unknown and _hidden, are none.
func clientAddress(s string) (string, bool) {
	s, _, _ = strings.Cut(s, ",")
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "=;") {
		s = forwardedFor(s)
	}
	s = strings.Trim(s, `"`)
	if isAddress(s) {
		return s, true
	}
	host := withoutPort(s)
	return host, host != s && isAddress(host)
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// forwardedFor returns the value of an element's parameter for.
func forwardedFor(element string) string {
	for pair := range strings.SplitSeq(element, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if strings.EqualFold(name, "for") {
			return value
		}
	}
	return ""
}

// withoutPort cuts a port, and the brackets of an IPv6 address.
func withoutPort(s string) string {
	if inside, ok := strings.CutPrefix(s, "["); ok {
		host, _, _ := strings.Cut(inside, "]")
		return host
	}
	host, port, found := strings.Cut(s, ":")
	if found && !strings.Contains(port, ":") {
		return host
	}
	return s // no port, or an IPv6 address without brackets
}

// urlPath returns the path of a URL or a request target, without query and
// fragment, which may hold anything.
func urlPath(s string) (string, bool) {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i]
	}
	if rest, absolute := cutScheme(s); absolute {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return "/", true
		}
		s = rest[i:]
	}
	return s, strings.HasPrefix(s, "/")
}

// cutScheme cuts https:// and the like. A URL inside a path or a query makes
// no URL of what is around it.
func cutScheme(s string) (rest string, absolute bool) {
	scheme, rest, found := strings.Cut(s, "://")
	return rest, found && !strings.ContainsAny(scheme, "/?#")
}

// hostOf returns the host of a URL or of a Host header, without its port.
func hostOf(s string) (string, bool) {
	if rest, absolute := cutScheme(s); absolute {
		s = rest
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	s = s[strings.LastIndexByte(s, '@')+1:] // user:password@
	s = withoutPort(s)
	return s, s != ""
}

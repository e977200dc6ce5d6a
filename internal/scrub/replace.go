package scrub

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// replacement is what the policy makes of a value of the kind. It never shares
// the value's memory, but where the value is kept.
func (w *walker) replacement(kind pii.Kind, value string) string {
	switch w.s.actions[kind] {
	case Keep:
		return value
	case Drop:
		return ""
	case Pseudonym:
		return w.token(kind, value)
	case Truncate:
		if addr, ok := parseIP(value); ok {
			return w.truncate(addr)
		}
	}
	return Redacted
}

// token is the pseudonym of a value.
func (w *walker) token(kind pii.Kind, value string) string {
	switch kind {
	case pii.Identity:
		return w.idToken(value)
	case pii.Email:
		value = detect.SoleEmail(value)
	case pii.IP:
		if addr, ok := parseIP(value); ok {
			value = addr.String()
		}
	}
	return w.s.names.Token(kind, value)
}

// truncate returns the address of addr's network.
func (w *walker) truncate(addr netip.Addr) string {
	bits := w.s.bits6
	if addr.Is4() {
		bits = w.s.bits4
	}
	if b := addr.As16(); addr.Is6() && b[0] == 0x20 && b[1] == 0x02 {
		bits = min(bits, 16+w.s.bits4) // 6to4: an IPv4 address stands behind 2002:
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return Redacted // the policy's bits are checked, so never
	}
	return prefix.Addr().String()
}

// parseIP parses an address, unmapped and without its zone. Octets may have
// leading zeros, which net/netip refuses; a log means the decimal number.
func parseIP(text string) (netip.Addr, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return addr.Unmap().WithZone(""), true
	}
	if strings.IndexByte(text, ':') >= 0 {
		// A mapped address with leading zeros, or a zone that netip refuses.
		text, _, _ = strings.Cut(text, "%")
		addr, err := netip.ParseAddr(text)
		return addr.Unmap(), err == nil
	}
	var octets [4]byte
	parts := strings.Split(text, ".")
	if len(parts) != len(octets) {
		return netip.Addr{}, false
	}
	for i, part := range parts {
		octet, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		octets[i] = byte(octet)
	}
	return netip.AddrFrom4(octets), true
}

// truncatedOrToken is what the policy makes of an address that it neither
// keeps nor redacts nor drops.
func (w *walker) truncatedOrToken(addr netip.Addr) string {
	if w.s.actions[pii.IP] == Truncate {
		return w.truncate(addr)
	}
	return w.s.names.Token(pii.IP, addr.String())
}

// knownIP pseudonymises or truncates the value of a field that holds an
// address: alone, with a port, or a list. What is none of these is redacted.
func (w *walker) knownIP(text string) (string, bool) {
	if addr, ok := parseIP(strings.TrimSpace(text)); ok {
		out := w.truncatedOrToken(addr)
		if out == text {
			return text, false
		}
		w.count(pii.IP, ByField)
		return out, true
	}
	w.spans = detect.Find(w.spans[:0], text)
	if slices.ContainsFunc(w.spans, func(s detect.Span) bool { return s.Kind == pii.IP }) || w.wasScrubbed(text) {
		return w.searchText(text)
	}
	w.stats.Values[pii.IP][Redact][ByField][w.place]++
	w.stats.Changed[pii.IP][Redact][ByField][w.place]++
	return Redacted, true
}

// wasScrubbed says whether text is what an earlier hop made of a list or of an
// address with its port: it holds a token that verifies, or "::", the network
// of ::1, which is no address to the search.
func (w *walker) wasScrubbed(text string) bool {
	return anyWord(text, isTokenByte, w.s.names.Verify) ||
		anyWord(text, isAddressByte, func(word string) bool { return word == "::" })
}

// anyWord says whether one of the words of text, its runs of bytes of the
// class, is what is looked for.
func anyWord(text string, class func(byte) bool, is func(string) bool) bool {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && class(text[i]) {
			i++
		}
		if i > start && is(text[start:i]) {
			return true
		}
		i = max(i, start+1)
	}
	return false
}

func isTokenByte(c byte) bool { return isAlnum(c) || c == '_' }

func isAddressByte(c byte) bool { return isAlnum(c) || c == ':' || c == '.' }

package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// mayHoldIPv6 says whether s has the colons of an address: two in a row, or the
// six that there are before a dotted quad. Times and names have fewer.
func mayHoldIPv6(s string) bool {
	n := strings.Count(s, ":")
	return n >= 6 || n >= 2 && strings.Contains(s, "::")
}

// ipv6s appends the IPv6 addresses of s, each with its zone.
func ipv6s(dst []Span, s string) []Span {
	from := 0
	for {
		c := strings.IndexByte(s[from:], ':')
		if c < 0 {
			return dst
		}
		c += from
		start, ok := ipv6Start(s, from, c)
		if !ok {
			from = c + 1
			continue
		}
		end, ok := scanIPv6(s, start)
		if !ok || isScope(s[start:end]) || !stands(s, start, end) {
			from = max(c+1, end)
			continue
		}
		end = zoneEnd(s, end)
		dst = append(dst, Span{start, end, pii.IP, s[start:end]})
		from = end
	}
}

// stands says whether the address s[start:end] is one by what touches it. A
// word that does makes most candidates part of a name, as e2e::add_x; but not
// what can hardly be one: client_2001:db8::1_port.
func stands(s string, start, end int) bool {
	addr := s[start:end]
	if group, _, _ := strings.Cut(addr, ":"); isGlobal(group) || strings.Count(addr, ":") == 7 {
		return true
	}
	if start > 0 && s[start-1] == '_' || end < len(s) && (isAlnum(s[end]) || s[end] == '_') {
		return false
	}
	// Between more words of the same kind: tests::e2e::add.
	return strings.Count(addr, ":") != 2 || !strings.HasPrefix(s[end:], "::") && !strings.HasSuffix(s[:start], "::")
}

// isGlobal says whether an address's first group, of four digits, is one of
// those that are in use: 2000::/3, and fc00::/7 to ff00::/8.
func isGlobal(group string) bool {
	if len(group) != 4 {
		return false
	}
	return group[0] == '2' || group[0] == '3' || group[0]|0x20 == 'f' && group[1]|0x20 >= 'c'
}

// ipv6Start returns where an address whose first colon is s[c] would begin. An
// address does not begin within a word (std::string, ipv6:2001:db8::1 begins
// behind the label), nor behind a dotted quad.
func ipv6Start(s string, from, c int) (start int, ok bool) {
	start = c
	for start > from && c-start < 5 && isHex(s[start-1]) {
		start--
	}
	if c-start > 4 {
		return 0, false
	}
	if start == c && (c+1 >= len(s) || s[c+1] != ':') {
		return 0, false
	}
	if start == 0 {
		return start, true
	}
	switch prev := s[start-1]; {
	case isAlnum(prev):
		return start, isGlobal(s[start:c])
	case prev == ':':
		return start, start < c
	case prev == '.':
		return start, start < 2 || !isDigit(s[start-2])
	}
	return start, true
}

// scanIPv6 scans the address that begins at s[i], up to its longest end. Where
// there is none it returns how far a search may skip.
func scanIPv6(s string, i int) (end int, ok bool) {
	groups, compressed, twoDigits := 0, false, true
	for {
		if i+1 < len(s) && s[i] == ':' && s[i+1] == ':' {
			if compressed {
				break
			}
			compressed = true
			i += 2
		} else if groups > 0 {
			if i+1 >= len(s) || s[i] != ':' || !isHex(s[i+1]) {
				break
			}
			i++
		}
		first := i
		for i < len(s) && i-first < 5 && isHex(s[i]) {
			i++
		}
		if i-first > 4 {
			return first, false
		}
		if i == first { // nothing behind "::"
			break
		}
		if i < len(s) && s[i] == '.' && groups <= 6 {
			if quadEnd, parts := quad(s, first); parts == 4 {
				groups += 2
				i, twoDigits = quadEnd, false
				break
			}
		}
		groups++
		twoDigits = twoDigits && i-first == 2
		if groups == 8 {
			break
		}
	}
	if compressed {
		return i, groups > 0 && groups < 8 // "::" alone is no one's address
	}
	if groups != 8 {
		return i, false
	}
	if twoDigits { // an EUI-64, or a fingerprint, which goes on
		for i+2 < len(s) && s[i] == ':' && isHex(s[i+1]) && isHex(s[i+2]) {
			i += 3
		}
		return i, false
	}
	return i, true
}

// isScope says whether what reads as an address is two words of a program's
// text, as Bad::Cafe: no digit, and not in the ranges fc00::/7 to ff00::/8, the
// only assigned ones that can be written without one.
func isScope(s string) bool {
	left, right, _ := strings.Cut(s, "::")
	if strings.ContainsAny(s, "0123456789") || strings.Contains(left, ":") || strings.Contains(right, ":") {
		return false
	}
	return !isGlobal(left)
}

// zoneEnd returns where the zone behind an address ends: %eth0.
func zoneEnd(s string, end int) int {
	if end+1 >= len(s) || s[end] != '%' || !isAlnum(s[end+1]) {
		return end
	}
	last := end + 2
	for i := last; i < len(s); i++ {
		switch c := s[i]; {
		case isAlnum(c):
			last = i + 1
		case c != '.' && c != '-' && c != '_':
			return last
		}
	}
	return last
}

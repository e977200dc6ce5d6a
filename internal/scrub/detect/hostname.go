package detect

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Domains under which names are addresses.
const (
	inAddrArpa  = ".in-addr.arpa"
	ip6Arpa     = ".ip6.arpa"
	ipv6Literal = ".ipv6-literal.net"
)

// reversedQuad returns the address whose octets quad has in reverse order.
func reversedQuad(quad string) string {
	parts := strings.Split(quad, ".")
	return parts[3] + "." + parts[2] + "." + parts[1] + "." + parts[0]
}

// minNibbles is the shortest reverse name of IPv6 that is taken for an address.
// Twelve name a /48 network, as much as truncated addresses do.
const minNibbles = 13

// nibbles reads the digits that end before the ".ip6.arpa" at s[p], lowest
// first, and returns where they begin and the address; "" where there is none.
// What is missing of 32 digits is zero.
func nibbles(s string, p int) (start int, addr string) {
	digits := []byte("00000000000000000000000000000000")
	n := 0
	for start = p; start > 0 && isHex(s[start-1]); start-- {
		start--
		digits[n] = s[start]
		if n++; n == len(digits) || start == 0 || s[start-1] != '.' {
			break
		}
	}
	if n > 0 && s[start] == '.' { // of a label that is no digit
		start++
	}
	if n < minNibbles {
		return 0, ""
	}
	var octets [16]byte
	if _, err := hex.Decode(octets[:], digits); err != nil {
		return 0, ""
	}
	return start, netip.AddrFrom16(octets).String()
}

// dashedIPv6 returns the address before the ".ipv6-literal.net" at s[p], by
// which Windows writes it in a host name: 2001-db8--1.ipv6-literal.net.
func dashedIPv6(s string, p int) (start int, addr string) {
	const longest = len("2001-0db8-0000-0000-0000-0000-0000-0001")
	for start = p; start > 0 && p-start < longest && (isHex(s[start-1]) || s[start-1] == '-'); {
		start--
	}
	parsed, err := netip.ParseAddr(strings.ReplaceAll(s[start:p], "-", ":"))
	if err != nil {
		return 0, ""
	}
	return start, parsed.String()
}

// dashedHosts appends the dashed addresses behind "ip-" in s, as in
// ip-192-0-2-1. Those with a domain behind them dotted has found as well.
func dashedHosts(dst []Span, s string) []Span {
	for from := 0; ; {
		p := strings.IndexByte(s[from:], '-')
		if p < 0 {
			return dst
		}
		p += from
		from = p + 1
		if p < 2 || s[p-1]|0x20 != 'p' || s[p-2]|0x20 != 'i' || p > 2 && isAlnum(s[p-3]) {
			continue
		}
		if end, ok := dashedQuad(s, p+1); ok {
			dst = append(dst, dashedSpan(s, p+1, end))
			from = end
		}
	}
}

// dashedQuad scans four octets joined by dashes, and no more, from s[i] on.
func dashedQuad(s string, i int) (end int, ok bool) {
	for n := range 4 {
		first, octet := i, 0
		for i < len(s) && isDigit(s[i]) && i-first < 4 {
			octet = octet*10 + int(s[i]-'0')
			i++
		}
		if i == first || octet > 255 || i-first > 3 || i-first > 1 && s[first] == '0' {
			return i, false
		}
		if n < 3 {
			if i >= len(s) || s[i] != '-' {
				return i, false
			}
			i++
		}
	}
	if i < len(s) && isAlnum(s[i]) || i+1 < len(s) && s[i] == '-' && isDigit(s[i+1]) {
		return i, false
	}
	return i, true
}

// dashedQuadBefore returns where the dashed address that ends before s[p]
// begins.
func dashedQuadBefore(s string, p int) (start int, ok bool) {
	start = p
	for n := range 4 {
		if n > 0 {
			if start == 0 || s[start-1] != '-' {
				return 0, false
			}
			start--
		}
		last := start
		for start > 0 && last-start < 3 && isDigit(s[start-1]) {
			start--
		}
	}
	before := start // of ec2-192-0-2-1 a word, of 5-192-0-2-1 a number
	for before > 0 && start-before < 4 && (isDigit(s[before-1]) || before == start && s[before-1] == '-') {
		before--
	}
	if start > 0 && isDigit(s[start-1]) || start-before > 1 && (before == 0 || !isLetter(s[before-1])) {
		return 0, false
	}
	_, ok = dashedQuad(s, start)
	return start, ok
}

func dashedSpan(s string, start, end int) Span {
	return Span{start, end, pii.IP, strings.ReplaceAll(s[start:end], "-", ".")}
}

// hasDomain says whether the text that begins with a dot goes on with a domain
// of two labels or more. A version in a file's name has one, or ".tar.gz".
func hasDomain(s string) bool {
	if hasPrefixFold(s, ".tar.") {
		return false
	}
	labels, letters := 0, 0
	for i := 0; i < len(s) && labels < 3; i++ {
		switch c := s[i]; {
		case isLetter(c):
			letters++
		case c == '.' && i+1 < len(s) && isAlnum(s[i+1]):
			labels, letters = labels+1, 0
		case !isDigit(c) && c != '-':
			return labels == 2 && letters > 1
		}
	}
	return labels == 3 || labels == 2 && letters > 1
}

package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// dotted appends the addresses of s that have dots: IPv4 in any base, reverse
// names of the DNS, and dashed addresses with a domain behind them.
func dotted(dst []Span, s string) []Span {
	first, from := len(dst), 0
	for {
		p := strings.IndexByte(s[from:], '.')
		if p < 0 {
			return dst
		}
		p += from
		if p == 0 || p+1 >= len(s) || !isHex(s[p-1]) {
			from = p + 1
			continue
		}
		switch next := s[p+1]; {
		case isDigit(next):
			// Most are numbers with one dot: 537.36.
			end := p + 2
			for end < len(s) && isDigit(s[end]) {
				end++
			}
			if end == len(s) || s[end] != '.' && s[end]|0x20 != 'x' {
				from = end
				continue
			}
			dst, from = quadAt(dst, s, from, p)
		case isLetter(next):
			dst, from = nameAt(dst, first, s, p)
		default:
			from = p + 1
		}
	}
}

// quadAt appends the address whose first dot is s[p], and returns where to
// search on.
func quadAt(dst []Span, s string, from, p int) ([]Span, int) {
	start := p
	for start > from && isDigit(s[start-1]) {
		start--
	}
	if start == p || mayBeBased(s, from, start, p) {
		if span, ok := basedQuad(s, from, start, p); ok {
			return append(dst, span), span.End
		}
	}
	if start == p { // a letter
		return dst, p + 1
	}
	end, parts := quad(s, start)
	if parts == 4 && !isVersion(s, start) {
		dst = append(dst, Span{start, end, pii.IP, s[start:end]})
	}
	return dst, end
}

// nameAt appends the address in the host name in which s[p] is the dot before
// a word. Of an address in reverse order, dst has it already as it stands.
func nameAt(dst []Span, first int, s string, p int) ([]Span, int) {
	rest, byName := s[p:], s[p+1]|0x20 == 'i'
	switch {
	case byName && hasPrefixFold(rest, inAddrArpa):
		if n := len(dst); n > first && dst[n-1].End == p && dst[n-1].Kind == pii.IP {
			dst[n-1].End = p + len(inAddrArpa)
			dst[n-1].Value = reversedQuad(dst[n-1].Value)
		}
		return dst, p + len(inAddrArpa)
	case byName && hasPrefixFold(rest, ip6Arpa):
		start, addr := nibbles(s, p)
		if addr == "" {
			return dst, p + len(ip6Arpa)
		}
		// What looks like a quad in it Merge drops.
		return append(dst, Span{start, p + len(ip6Arpa), pii.IP, addr}), p + len(ip6Arpa)
	case byName && hasPrefixFold(rest, ipv6Literal):
		if start, addr := dashedIPv6(s, p); addr != "" {
			dst = append(dst, Span{start, p, pii.IP, addr})
		}
	case isDigit(s[p-1]):
		if start, ok := dashedQuadBefore(s, p); ok && hasDomain(rest) {
			dst = append(dst, dashedSpan(s, start, p))
		}
	}
	return dst, p + 1
}

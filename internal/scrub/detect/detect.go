// Package detect finds personal data in a text: e-mail addresses, IP
// addresses, phone numbers, and secrets that travel with them. It uses no
// regular expressions, takes time linear in the text's length (but for the
// sort of what it finds), and allocates nothing for a text that holds nothing.
//
// In doubt a text is personal data: what is taken for an address by mistake
// costs a pseudonym, what is missed can't be called back.
package detect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Redacted is what a redacted value is replaced by. Find leaves it alone where
// it stands for a secret.
const Redacted = "[REDACTED]"

// Span is a place in a text.
type Span struct {
	// Start and End bound the span in bytes: text[Start:End].
	Start, End int
	Kind       pii.Kind
	// Value is what the span stands for: the text there, decoded where it
	// was percent-, JSON- or HTML-encoded. It may share the text's memory.
	Value string
}

// class is a set of what a byte may begin or belong to.
type class uint8

const (
	at class = 1 << iota
	dot
	colon
	plus
	equals
	escape // begins an encoded character
	digit
)

const triggers = at | dot | colon | plus | equals | escape

// classes is the prefilter: a text without any trigger is left alone.
var classes = func() (table [256]class) {
	table['@'], table['.'], table[':'], table['+'], table['='] = at, dot, colon, plus, equals
	table['%'], table['\\'], table['&'], table[fullwidthLead] = escape, escape, escape, escape
	for c := '0'; c <= '9'; c++ {
		table[c] = digit
	}
	return table
}()

func classesOf(s string) (m class) {
	for i := range len(s) {
		m |= classes[s[i]]
	}
	return m
}

// Find appends to dst the spans of s that hold personal data, in order and
// without overlap.
func Find(dst []Span, s string) []Span {
	m := classesOf(s)
	if m&triggers == 0 {
		return dst
	}
	if m&escape != 0 && hasEscape(s) {
		return findEncoded(dst, s)
	}
	return findPlain(dst, s, m)
}

// findPlain looks at s as it stands.
func findPlain(dst []Span, s string, m class) []Span {
	first := len(dst)
	if m&at != 0 {
		dst = emails(dst, s)
	}
	if m&dot != 0 {
		if m&digit != 0 {
			dst = ipv4s(dst, s)
		}
		dst = jwts(dst, s)
	}
	if m&colon != 0 {
		dst = ipv6s(dst, s)
		dst = headers(dst, s)
		if m&at != 0 {
			dst = userinfos(dst, s)
		}
	}
	if m&plus != 0 && m&digit != 0 {
		dst = phones(dst, s)
	}
	if m&equals != 0 {
		dst = params(dst, s)
	}
	if len(dst)-first < 2 {
		return dst
	}
	return dst[:first+len(Merge(dst[first:], s))]
}

// Merge puts spans of s in order, in place, and makes one of those that
// overlap: the longer one's kind wins, so that 10.1.2.3@example.com is an
// e-mail address; a secret wins always; of equal ones the lower kind.
func Merge(spans []Span, s string) []Span {
	if len(spans) < 2 {
		return spans
	}
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End), cmp.Compare(a.Kind, b.Kind))
	})
	out := spans[:1]
	for _, next := range spans[1:] {
		last := &out[len(out)-1]
		if next.Start >= last.End {
			out = append(out, next)
			continue
		}
		if next.Kind == pii.Secret || last.Kind != pii.Secret && next.End-next.Start > last.End-last.Start {
			last.Kind = next.Kind
		}
		if next.End > last.End {
			last.End = next.End
			last.Value = s[last.Start:last.End]
		}
	}
	return out
}

// SoleEmail returns the e-mail address in s, without display name, angle
// brackets or encoding, where there is exactly one; else s.
func SoleEmail(s string) string {
	var stack [4]Span
	spans := Find(stack[:0], s)
	if len(spans) == 1 && spans[0].Kind == pii.Email {
		return spans[0].Value
	}
	return strings.TrimSpace(s)
}

// Classes of letters for those that look at what stands beside a candidate.

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

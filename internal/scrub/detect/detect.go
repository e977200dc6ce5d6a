// Package detect finds personal data in a text: e-mail addresses, IP
// addresses, phone numbers, and secrets that travel with them. It uses no
// regular expressions, takes time linear in the text's length (but for the
// sort of what it finds), and allocates nothing for a text that holds nothing,
// nor for a span whose value stands in the text as it is.
//
// In doubt a text is personal data: what is taken for an address by mistake
// costs a pseudonym, what is missed can't be called back.
package detect

import (
	"cmp"
	"slices"

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
	// was percent-, JSON- or HTML-encoded; of an address that is written
	// another way (44.2.0.192.in-addr.arpa, 0xC0.0x00.0x02.0x2C) its usual
	// form. It may share the text's memory.
	Value string
}

// Options say how far the search goes. The zero value is Find's.
type Options struct {
	// DecodeTokens also looks for addresses in what is base64-encoded.
	DecodeTokens bool
}

// Find appends to dst the spans of s that hold personal data, in order and
// without overlap.
func Find(dst []Span, s string) []Span { return Options{}.Find(dst, s) }

// Find appends to dst the spans of s that hold personal data, in order and
// without overlap.
func (o Options) Find(dst []Span, s string) []Span { return o.FindIn(dst, s, setOf(s)) }

// FindIn is Find for who has the set of s.
func (o Options) FindIn(dst []Span, s string, m Set) []Span {
	if !o.MayHold(s, m) {
		return dst
	}
	if m&escapes != 0 && hasEscape(s, m) {
		return o.findEncoded(dst, s, m)
	}
	return o.findPlain(dst, s, m)
}

// MayHold says whether Find may find something in s, whose set is m. Nearly
// always the set alone tells: who has it needs no other pass over the text. It
// says no where none of findPlain's finders would run, or find something.
func (o Options) MayHold(s string, m Set) bool {
	switch {
	case m&triggers == 0:
		return o.DecodeTokens || m&(digit|space) != 0 && mayHoldUnmarked(s, m)
	case m&^timeSigns == 0 && isTimestamp(s):
		return false
	case m&(at|escapes) != 0 || m&(dot|plus) != 0 && m&digit != 0 || m.has(needJWT) || o.DecodeTokens:
		return true
	}
	return m&colon != 0 && (mayHoldMember(m) || m.has(needURL|digit) || mayHoldIPv6(s)) || mayHoldUnmarked(s, m)
}

// mayHoldUnmarked is MayHold for what has none of the triggers in it.
func mayHoldUnmarked(s string, m set) bool {
	return m.has(needHostName) || mayHoldLocalPhone(s, m) || mayHoldToken(s, m)
}

// findPlain looks at s, whose set is m, as it stands.
func (o Options) findPlain(dst []Span, s string, m set) []Span {
	first := len(dst)
	if m&at != 0 {
		dst = emails(dst, s)
	}
	if m&dot != 0 {
		if m&digit != 0 {
			dst = dotted(dst, s)
		}
		if m.has(needJWT) {
			dst = jwts(dst, s)
		}
	}
	if m&colon != 0 {
		if mayHoldIPv6(s) {
			dst = ipv6s(dst, s)
		}
		if mayHoldMember(m) {
			dst = members(dst, s)
		}
		if m.has(needURL) && m&(at|digit) != 0 {
			dst = authorities(dst, s, m)
		}
	}
	if m.has(plus | digit) {
		dst = phones(dst, s)
	}
	if mayHoldLocalPhone(s, m) {
		dst = localPhones(dst, s, m)
	}
	if m&equals != 0 {
		dst = params(dst, s)
	}
	if m.has(needHostName) {
		dst = dashedHosts(dst, s)
	}
	if mayHoldToken(s, m) {
		dst = tokens(dst, s, m)
	}
	if o.DecodeTokens {
		dst = base64s(dst, s)
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

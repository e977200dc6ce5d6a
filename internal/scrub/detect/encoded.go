package detect

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// maxRounds is how often a text is decoded. A text that goes on decoding
// behind it is not made by accident, and is taken for a secret whole.
const maxRounds = 4

// findEncoded is the slow path: it looks at s decoded to a fixpoint, and as it
// stands as well, since an escape may also be two halves of other things. The
// spans are places of s; what surrounds them keeps its encoding.
func (o Options) findEncoded(dst []Span, s string, m set) []Span {
	d := decoders.Get().(*decoder)
	defer d.release()
	text, done := d.decode(s)
	if !done {
		return append(dst, Span{0, len(s), pii.Secret, s})
	}
	first := len(dst)
	dst = o.findPlain(dst, text, setOf(text))
	for i := first; i < len(dst); i++ {
		span := &dst[i]
		span.Start, span.End = int(d.origin[span.Start]), int(d.origin[span.End])
		span.Value = ownValue(span.Value, s[span.Start:span.End])
	}
	decoded := len(dst)
	dst = o.findPlain(dst, s, m)
	return dst[:first+len(union(dst[first:], decoded-first, s))]
}

// ownValue returns a span's value without the decoder's memory: where nothing
// in it was encoded, that of the text.
func ownValue(value, text string) string {
	if value == text {
		return text
	}
	return strings.Clone(value)
}

// union joins the spans found decoded, spans[:n], with those found plain. Of
// two that overlap the decoded one stays, since it has the value right: in
// %2Falice@example.com the plain one begins with the 2. The exceptions are a
// secret, which ends at the first delimiter but not at an encoded one, and a
// quoted local part with an escaped quote in it.
func union(spans []Span, n int, s string) []Span {
	out, at := spans[:n], 0
	for _, plain := range spans[n:] {
		for at < n && spans[at].End <= plain.Start {
			at++
		}
		if at < n && s[plain.Start] == '"' && spans[at].Start == plain.Start && spans[at].End == plain.End {
			spans[at].Value = plain.Value
			continue
		}
		if plain.Kind == pii.Secret || s[plain.Start] == '"' || at == n || spans[at].Start >= plain.End {
			out = append(out, plain)
		}
	}
	return Merge(out, s)
}

// Decode decodes the escapes of s, where it has any that Find decodes. origin
// has, for each byte of the text and for its end, the index in s that it comes
// from. ok is false where there is nothing to decode, or too much.
func Decode(s string) (text string, origin []int32, ok bool) {
	if !HasEscape(s) {
		return "", nil, false
	}
	var d decoder // its memory becomes the result's
	text, ok = d.decode(s)
	return text, d.origin, ok
}

// HasEscape says whether s has an escape that Find decodes.
func HasEscape(s string) bool {
	m := setOf(s)
	return m&escapes != 0 && hasEscape(s, m)
}

// decoder holds the buffers of one search. The text that it decodes stands in
// them: it is valid until the next decode or release.
type decoder struct {
	text, next []byte
	origin     []int32
}

// decoders has a decoder for every search that is under way. Nothing is kept in
// them but memory.
var decoders = sync.Pool{New: func() any { return &decoder{} }}

// maxPooled bounds what goes back to the pool: one long text should not hold
// its memory ever after.
const maxPooled = 64 << 10

func (d *decoder) release() {
	if cap(d.text)+cap(d.next)+4*cap(d.origin) <= maxPooled {
		decoders.Put(d)
	}
}

// decode decodes s until nothing is left to decode. d.origin has, for each byte
// of the text and for its end, the index in s that it comes from. done is false
// where maxRounds are not enough.
func (d *decoder) decode(s string) (text string, done bool) {
	d.origin = slices.Grow(d.origin[:0], len(s)+1)[:len(s)+1]
	for i := range d.origin {
		d.origin[i] = int32(i)
	}
	text = s
	for range maxRounds {
		if m := setOf(text); m&escapes == 0 || !hasEscape(text, m) {
			return text, true
		}
		d.round(text)
		d.text, d.next = d.next, d.text
		text = unsafe.String(unsafe.SliceData(d.text), len(d.text)) // no copy; see decoder
	}
	return text, !hasEscape(text, setOf(text))
}

// round decodes every escape of text once, to d.next. No escape is shorter than
// what it stands for, so origin is rewritten in place.
func (d *decoder) round(text string) {
	buf, origin := d.next[:0], d.origin
	for i := 0; i < len(text); {
		size, r, isByte := 0, rune(0), false
		if sets[text[i]]&escapes != 0 {
			size, r, isByte = decodeOne(text, i)
		}
		from, n := origin[i], len(buf)
		if size > 0 && n > 0 && buf[n-1] == ' ' && (text[i] == '[' || text[i] == '(') {
			n-- // the space before (at) is of it
			from, buf = origin[n], buf[:n]
		}
		switch {
		case size == 0:
			buf = append(buf, text[i])
			size = 1
		case isByte:
			buf = append(buf, byte(r))
		default:
			buf = utf8.AppendRune(buf, r)
		}
		for ; n < len(buf); n++ {
			origin[n] = from
		}
		i += size
	}
	end := origin[len(text)]
	d.origin = origin[:len(buf)+1]
	d.origin[len(buf)] = end
	d.next = buf
}

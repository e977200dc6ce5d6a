package detect

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// minEncoded is the shortest run that is decoded, its padding included: it holds
// eleven bytes, as many as a@b.example has.
const minEncoded = 16

// base64s appends the runs of base64 in s that hold personal data. Such a span
// is the whole run; its kind is that of what it holds, and where that is one
// value, so is its own.
func base64s(dst []Span, s string) []Span {
	for i := 0; i < len(s); {
		start := i
		for i < len(s) && isBase64(s[i]) {
			i++
		}
		end := i
		for i < len(s) && s[i] == '=' && i-end < 2 {
			i++
		}
		i = max(i, start+1) // else one that is neither
		if end == start || i-start < minEncoded {
			continue
		}
		if span, ok := base64Span(s, start, end); ok {
			if span.Value == s[start:end] {
				span.Value = s[start:i]
			}
			span.End = i
			dst = append(dst, span)
			continue
		}
		// A run in a path or behind a prefix: /verify/YWxpY2U…, token_YWxpY2U….
		dst = base64Parts(dst, s, start, end)
	}
	return dst
}

// base64Parts looks at the parts of s[start:end] between the signs of base64's
// two alphabets.
func base64Parts(dst []Span, s string, start, end int) []Span {
	whole := end - start
	for i := start; i <= end; i++ {
		if i < end && isAlnum(s[i]) {
			continue
		}
		if i-start >= minEncoded-1 && i-start < whole {
			if span, ok := base64Span(s, start, i); ok {
				dst = append(dst, span)
			}
		}
		start = i + 1
	}
	return dst
}

func isBase64(c byte) bool { return isBase64URL(c) || c == '+' || c == '/' }

// base64Span decodes s[start:end] and says what is in it.
func base64Span(s string, start, end int) (span Span, ok bool) {
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(s[start:end], "-_") {
		encoding = base64.RawURLEncoding
	}
	d := decoders.Get().(*decoder)
	defer d.release()
	d.text = append(d.text[:0], s[start:end-isOdd(end-start)]...)
	decoded, err := encoding.AppendDecode(d.next[:0], d.text)
	d.next = decoded
	if err != nil || !isPrintable(decoded) {
		return Span{}, false
	}
	var stack [4]Span
	spans := Find(stack[:0], string(decoded))
	span = Span{Start: start, End: end, Value: s[start:end]}
	for _, inner := range spans {
		if span.Kind == pii.None || inner.Kind == pii.Secret {
			span.Kind = inner.Kind
		}
	}
	if len(spans) == 1 {
		span.Value = spans[0].Value
	}
	return span, span.Kind != pii.None
}

// isOdd is 1 where a run of n characters has one that ends no byte. A text that
// was cut off has it.
func isOdd(n int) int {
	if n%4 == 1 {
		return 1
	}
	return 0
}

// isPrintable says whether nine in ten of the characters of text are such as
// people write. In what was not encoded text every third byte is none.
func isPrintable(text []byte) bool {
	total, printable := 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		i += size
		total++
		if r != utf8.RuneError && (unicode.IsPrint(r) || r < utf8.RuneSelf && isSpace(byte(r))) {
			printable++
		}
	}
	return printable*10 >= total*9
}

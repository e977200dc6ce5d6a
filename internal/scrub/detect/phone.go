package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// phones appends the E.164 numbers of s: '+' and 8 to 15 digits, not glued to
// a word.
func phones(dst []Span, s string) []Span {
	for from := 0; ; {
		p := strings.IndexByte(s[from:], '+')
		if p < 0 {
			return dst
		}
		p += from
		end := p + 1
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		from = end
		n := end - p - 1
		if n < 8 || n > 15 || s[p+1] == '0' {
			continue
		}
		if p > 0 && isAlnum(s[p-1]) || end < len(s) && (isLetter(s[end]) || s[end] == '_') {
			continue
		}
		dst = append(dst, Span{p, end, pii.Phone, s[p:end]})
	}
}

package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// jwts appends the JSON Web Tokens of s: base64url parts joined by dots, the
// first of which begins with the base64 of `{"`.
func jwts(dst []Span, s string) []Span {
	const head = "eyJ"
	for from := 0; ; {
		p := strings.Index(s[from:], head)
		if p < 0 {
			return dst
		}
		p += from
		end, parts := p, 0
		for {
			first := end
			for end < len(s) && isBase64URL(s[end]) {
				end++
			}
			if end == first && parts < 2 { // an unsigned token's third part is empty
				break
			}
			parts++
			if end >= len(s) || s[end] != '.' || parts == 5 { // an encrypted token has five
				break
			}
			end++
		}
		from = max(end, p+len(head))
		if parts < 3 || p > 0 && isBase64URL(s[p-1]) {
			continue
		}
		if s[end-1] == '.' && parts > 3 { // the dot of a sentence
			end--
		}
		dst = append(dst, Span{p, end, pii.Secret, s[p:end]})
	}
}

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

func isBase64URL(c byte) bool { return isAlnum(c) || c == '-' || c == '_' }

// headers appends what stands behind Cookie:, Set-Cookie: and Authorization:,
// up to the end of the line.
func headers(dst []Span, s string) []Span {
	for from := 0; ; {
		c := strings.IndexByte(s[from:], ':')
		if c < 0 {
			return dst
		}
		c += from
		from = c + 1
		if !isHeaderName(s[:c]) {
			continue
		}
		start := c + 1
		for start < len(s) && (s[start] == ' ' || s[start] == '\t') {
			start++
		}
		end := len(s)
		if eol := strings.IndexAny(s[start:], "\r\n"); eol >= 0 {
			end = start + eol
		}
		if start < end && s[start:end] != Redacted {
			dst = append(dst, Span{start, end, pii.Secret, s[start:end]})
		}
		from = end
	}
}

// isHeaderName says whether s ends with the name of a secret header, quoted or not.
func isHeaderName(s string) bool {
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '"' || s[len(s)-1] == '\'') {
		s = s[:len(s)-1]
	}
	return hasSuffixFold(s, "cookie") || hasSuffixFold(s, "authorization")
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

// userinfos appends the user names with passwords of the URLs in s:
// https://alice:hunter2@example.com/. A user name alone is an e-mail address
// by its looks.
func userinfos(dst []Span, s string) []Span {
	const mark = "://"
	for from := 0; ; {
		p := strings.Index(s[from:], mark)
		if p < 0 {
			return dst
		}
		start := from + p + len(mark)
		end, last := start, start
		for end < len(s) && !isSpace(s[end]) && strings.IndexByte(`/?#&,;|"'<>()\`, s[end]) < 0 {
			if s[end] == '@' {
				last = end
			}
			end++
		}
		if strings.IndexByte(s[start:last], ':') >= 0 {
			dst = append(dst, Span{start, last, pii.Secret, s[start:last]})
		}
		from = end
	}
}

// maxParam bounds the search for a parameter's name before its '='. It is
// longer than any of secretNames.
const maxParam = 48

// params appends the values of query and form parameters whose names say that
// they are secrets or phone numbers.
func params(dst []Span, s string) []Span {
	for from := 0; ; {
		eq := strings.IndexByte(s[from:], '=')
		if eq < 0 {
			return dst
		}
		eq += from
		from = eq + 1
		kind := paramKind(s, eq)
		if kind == pii.None {
			continue
		}
		start, end := paramValue(s, eq+1)
		if start < end && s[start:end] != Redacted {
			dst = append(dst, Span{start, end, kind, s[start:end]})
		}
		from = end
	}
}

// paramKind returns the kind that the name before the '=' at eq stands for.
func paramKind(s string, eq int) pii.Kind {
	end := eq
	for end > 0 && s[end-1] == ']' { // user[password]=
		end--
	}
	start := end
	for start > 0 && end-start <= maxParam && isNameByte(s[start-1]) {
		start--
	}
	kind := SecretName(s[start:end])
	if kind == pii.None || start == 0 || strings.IndexByte("?&#;[", s[start-1]) >= 0 {
		return kind
	}
	// Not a query or a form: in running text these are other things.
	switch strings.ToLower(s[start:end]) {
	case "code", "state", "pin", "cookie", "mobile":
		return pii.None
	}
	return kind
}

func isNameByte(c byte) bool { return isBase64URL(c) || c == '.' }

// paramValue returns where the value that begins at i, quoted or not, stands.
func paramValue(s string, i int) (start, end int) {
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		if closing := strings.IndexByte(s[i+1:], s[i]); closing >= 0 {
			return i + 1, i + 1 + closing
		}
		return i + 1, len(s)
	}
	for end = i; end < len(s); end++ {
		if c := s[end]; isSpace(c) || strings.IndexByte("&#;\"'<>\\", c) >= 0 {
			break
		}
	}
	return i, end
}

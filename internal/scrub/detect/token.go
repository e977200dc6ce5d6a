package detect

import (
	"encoding/base64"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// minCredential is the shortest credential that is taken for one behind
// "Bearer". minToken is the shortest token, with what stands before it.
const (
	minCredential = 8
	minToken      = len("Basic ") + minCredential
)

// mayHoldToken says whether s, whose set is m, may hold a token that no sign
// such as '.' or '=' tells of.
func mayHoldToken(s string, m set) bool {
	// Most texts are shorter, or are a UUID.
	return len(s) >= minToken && m&beyondHex != 0 && mayHoldSomeToken(m)
}

func mayHoldSomeToken(m set) bool {
	return m.has(needBearer) || m.has(needBasic) || m.has(needPEM) || mayHoldIssued(m)
}

// tokens appends the tokens of s, and the private keys.
func tokens(dst []Span, s string, m set) []Span {
	if m.has(needBearer) || m.has(needBasic) {
		dst = credentials(dst, s)
	}
	if m.has(needPEM) {
		dst = privateKeys(dst, s)
	}
	if mayHoldIssued(m) {
		dst = issued(dst, s, m)
	}
	return dst
}

// credentials appends what stands behind "Bearer" and "Basic" where it is no
// word of a sentence.
func credentials(dst []Span, s string) []Span {
	for _, initial := range [...]byte{'B', 'b'} {
		for from := 0; ; {
			p := strings.IndexByte(s[from:], initial)
			if p < 0 {
				break
			}
			p += from
			from = p + 1
			if p > 0 && isAlnum(s[p-1]) {
				continue
			}
			span, ok := credential(s, p)
			if ok {
				dst = append(dst, span)
			}
			from = max(from, span.End)
		}
	}
	return dst
}

// credential returns the credential behind the scheme at s[p], and where it ends
// even if it is none.
func credential(s string, p int) (span Span, ok bool) {
	bearer := hasPrefixFold(s[p:], "bearer ")
	if !bearer && !hasPrefixFold(s[p:], "basic ") {
		return Span{}, false
	}
	start := p + len("basic ")
	if bearer {
		start = p + len("bearer ")
	}
	start = skipBlanks(s, start)
	end := start
	for end < len(s) && isCredential[s[end]] {
		end++
	}
	for end > start && s[end-1] == '.' { // of a sentence
		end--
	}
	text := s[start:end]
	return Span{start, end, pii.Secret, text}, bearer && isOpaque(text) || !bearer && isBasic(text)
}

// isCredential are the bytes of a token68 (RFC 7235).
var isCredential = func() (table [256]bool) {
	for c := range table {
		table[c] = isBase64URL(byte(c)) || strings.IndexByte(".~+/=", byte(c)) >= 0
	}
	return table
}()

// isOpaque says whether what stands behind "Bearer" is a token and no word: it
// has a digit, or a capital behind a small letter, or is longer than a word.
func isOpaque(s string) bool {
	const longestWord = 20
	if len(s) < minCredential {
		return false
	}
	for i := range len(s) {
		if isDigit(s[i]) || i > 0 && 'A' <= s[i] && s[i] <= 'Z' && 'a' <= s[i-1] && s[i-1] <= 'z' {
			return true
		}
	}
	return len(s) > longestWord
}

// isBasic says whether s is base64 of a user's name, a colon and a password.
func isBasic(s string) bool {
	s = strings.TrimRight(s, "=")
	for len(s) > 0 {
		var in, out [64]byte
		n := copy(in[:], s)
		decoded, err := base64.RawStdEncoding.Decode(out[:], in[:n])
		if err != nil {
			return false
		}
		if strings.IndexByte(string(out[:decoded]), ':') >= 0 {
			return true
		}
		s = s[n:]
	}
	return false
}

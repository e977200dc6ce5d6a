package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// emails appends the e-mail addresses of s: something, '@', something.
func emails(dst []Span, s string) []Span {
	floor := 0         // no address begins before the end of the one before it
	last, stop := 0, 0 // of the domain seen last
	for p := strings.IndexByte(s, '@'); p >= 0; {
		if p >= stop { // else it is the domain seen last, which is not scanned twice
			last, stop = domainEnd(s, p+1)
		}
		end := p + 1
		if last > end && !isVersionOf(s, p+1, last) {
			start := localStart(s, floor, p)
			if start > floor && (atextDelimiters[s[start-1]] || start == p && localLead[s[p-1]]) {
				start = wholeLocalStart(s, floor, start, p, last)
			}
			if start < p {
				end = last
				dst = append(dst, Span{start, end, pii.Email, s[start:end]})
				floor = end
			}
		}
		next := strings.IndexByte(s[end:], '@')
		if next < 0 {
			break
		}
		p = end + next
	}
	return dst
}

// domainEnd returns where the domain that begins at i ends, i where there is
// none, and where the search for it stopped.
func domainEnd(s string, i int) (last, end int) {
	if i < len(s) && s[i] == '[' { // an address literal
		if end := strings.IndexByte(s[i:min(len(s), i+maxQuoted)], ']'); end > 1 && s[i:i+end+1] != Redacted {
			return i + end + 1, i + end + 1
		}
	}
	last, end = i, i // last is behind the last byte that may end a domain
	label, cut := -1, 0
	for end < len(s) {
		c := s[end]
		if c < utf8.RuneSelf {
			if isAlnum(c) {
				last = end + 1
			} else if c != '.' && c != '-' && c != '_' && c != '@' {
				break
			}
			if c == '.' {
				label, cut = end+1, 0
			}
			end++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[end:])
		if !isWordRune(r, size) {
			break
		}
		if label >= 0 && cut == 0 && end > label && isLetter(s[end-1]) && (isSpaceless(r) || !isLetterRune(r, size)) {
			cut = end
		}
		end += size
		if isLetterRune(r, size) {
			last = end
		}
	}
	if cut > 0 {
		return cut, end
	}
	return last, end
}

// isVersionOf says whether what stands behind an '@' is no domain but a
// package's version: app@v1.2.3, lodash@4.17.21, or the digest of an image:
// nginx@sha256:9f86d0….
func isVersionOf(s string, start, end int) bool {
	domain := s[start:end]
	switch domain {
	case "sha256", "sha384", "sha512":
		return digestBehind(s, end)
	}
	v := domain[0] == 'v'
	if v {
		domain = domain[1:]
	}
	parts, digits := 1, 0
	for i := range len(domain) {
		switch c := domain[i]; {
		case isDigit(c):
			digits++
		case c == '.' && digits > 0:
			parts, digits = parts+1, 0
		default:
			return false
		}
	}
	return digits > 0 && (parts == 3 || v && parts < 3)
}

// digestBehind says whether a colon and a digest, maybe shortened, stand at s[i].
func digestBehind(s string, i int) bool {
	const shortest = 12
	if len(s)-i < 1+shortest || s[i] != ':' {
		return false
	}
	for _, c := range []byte(s[i+1 : i+1+shortest]) {
		if !isHex(c) {
			return false
		}
	}
	return true
}

// isSpaceless says whether a rune is of a script that writes no spaces. No
// top-level domain is half ASCII and half of it: in alice@example.com登录 the
// domain ends at the change.
func isSpaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// isWordRune says whether a rune beyond ASCII may stand in an address. RFC 6531
// allows all; white space, punctuation and signs such as arrows are taken for
// the text's. Bytes that are no UTF-8 may, and what is invisible, so that they
// can't hide one.
func isWordRune(r rune, size int) bool {
	return isLetterRune(r, size) || r == utf8.RuneError ||
		!unicode.IsPunct(r) && !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Sm, r)
}

// isLetterRune says whether such a rune may also begin or end an address.
func isLetterRune(r rune, size int) bool {
	return r == utf8.RuneError && size == 1 ||
		unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

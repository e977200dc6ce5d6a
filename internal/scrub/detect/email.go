package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// maxQuoted bounds the search for the quote that opens a quoted local part.
// RFC 5321 gives a local part 64 bytes.
const maxQuoted = 128

// emails appends the e-mail addresses of s: something, '@', something.
func emails(dst []Span, s string) []Span {
	floor := 0         // no address begins before the end of the one before it
	last, stop := 0, 0 // of the domain seen last
	for p := strings.IndexByte(s, '@'); p >= 0; {
		start := localStart(s, floor, p)
		if p >= stop { // else it is the domain seen last, which is not scanned twice
			last, stop = domainEnd(s, p+1)
		}
		end := p + 1
		if start < p && last > end {
			end = last
			dst = append(dst, Span{start, end, pii.Email, s[start:end]})
			floor = end
		}
		next := strings.IndexByte(s[end:], '@')
		if next < 0 {
			break
		}
		p = end + next
	}
	return dst
}

// localStart returns where the local part that ends before the '@' at p
// begins; p where there is none.
func localStart(s string, floor, p int) int {
	tail := p
	if p > floor && s[p-1] == '"' {
		if open := openingQuote(s, p-1); open >= 0 {
			return open
		}
		tail-- // a stray quote: the local part may stand before it
	}
	start := tail
	for start > floor {
		c := s[start-1]
		if c < utf8.RuneSelf {
			if !localBytes[c] {
				break
			}
			start--
			continue
		}
		r, size := utf8.DecodeLastRuneInString(s[floor:start])
		if !isWordRune(r, size) {
			break
		}
		start -= size
	}
	// Punctuation in front is the text's, not the address's: 'a@b', -a@b.
	first := start
	for start < tail {
		r, size := utf8.DecodeRuneInString(s[start:tail])
		if r < utf8.RuneSelf && !localLead[r] || r >= utf8.RuneSelf && isLetterRune(r, size) {
			break
		}
		start += size
	}
	switch {
	case start == tail && first < tail && s[first] >= utf8.RuneSelf: // of symbols only
		return first
	case start == tail:
		return p
	}
	return behindPrefix(s, start, tail)
}

// behindPrefix steps over the prefix of a string that Python has quoted:
// u'alice@example.com'.
func behindPrefix(s string, start, tail int) int {
	if start+2 < tail && s[start+1] == '\'' && (s[start] == 'u' || s[start] == 'b') {
		return start + 2
	}
	return start
}

// openingQuote returns the index of the quote that opens the quoted string
// which s[closing] closes, or -1. It may stand before an address in the quotes,
// as in "alice b@c"@example.com.
func openingQuote(s string, closing int) int {
	for i := closing - 1; i >= max(0, closing-maxQuoted); i-- {
		if s[i] != '"' || i > 0 && s[i-1] == '\\' {
			continue
		}
		// A quote behind a word closes it; it opens nothing. `""` is empty.
		if i == closing-1 || i > 0 && localBytes[s[i-1]] {
			return -1
		}
		return i
	}
	return -1
}

// domainEnd returns where the domain that begins at i ends, i where there is
// none, and where the search for it stopped.
func domainEnd(s string, i int) (last, end int) {
	if i < len(s) && s[i] == '[' { // an address literal
		if end := strings.IndexByte(s[i:min(len(s), i+maxQuoted)], ']'); end > 1 {
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

// localBytes are the bytes of a local part: RFC 5322's atext and the dot, but
// for what delimits addresses in URLs, forms and JSON: / ? = & { } |.
var localBytes = func() (table [256]bool) {
	for c := range table {
		table[c] = isAlnum(byte(c)) || c >= utf8.RuneSelf
	}
	for _, c := range []byte("._+-'%~!#$*^`") {
		table[c] = true
	}
	return table
}()

// localLead are the bytes that a local part may hold but hardly begins with.
var localLead = func() (table [256]bool) {
	for _, c := range []byte(".-'%~!#$*^`") {
		table[c] = true
	}
	return table
}()

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
		if open := openingQuote(s, floor, p-1); open >= 0 {
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
	for start < tail && localLead[s[start]] {
		start++
	}
	if start == tail {
		return p
	}
	return start
}

// openingQuote returns the index of the quote that opens the quoted string
// which s[closing] closes, or -1.
func openingQuote(s string, floor, closing int) int {
	low := max(floor, closing-maxQuoted)
	for i := closing - 1; i >= low; i-- {
		if s[i] != '"' || i > floor && s[i-1] == '\\' {
			continue
		}
		// A quote behind a word closes it; it opens nothing. `""` is empty.
		if i == closing-1 || i > floor && localBytes[s[i-1]] {
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
	for end < len(s) {
		c := s[end]
		if c < utf8.RuneSelf {
			if isAlnum(c) {
				last = end + 1
			} else if c != '.' && c != '-' && c != '_' && c != '@' {
				break
			}
			end++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[end:])
		if !isWordRune(r, size) {
			break
		}
		end += size
		last = end
	}
	return last, end
}

// isWordRune says whether a rune beyond ASCII may stand in an address. Bytes
// that are no UTF-8 may, so that they can't hide one.
func isWordRune(r rune, size int) bool {
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

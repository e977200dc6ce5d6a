package detect

import (
	"strings"
	"unicode/utf8"
)

// maxQuoted bounds the search for the quote that opens a quoted local part,
// and for a comment's parenthesis. RFC 5321 gives a local part 64 bytes.
const maxQuoted = 128

// localStart returns where the local part that ends before the '@' at p
// begins; p where there is none.
func localStart(s string, floor, p int) int {
	tail := p
	if p > floor {
		switch s[p-1] {
		case '"':
			if open := openingQuote(s, p-1); open >= 0 {
				return open
			}
			tail-- // a stray quote: the local part may stand before it
		case ')': // alice(comment)@example.com
			if open := strings.LastIndexByte(s[max(floor, p-maxQuoted):p], '('); open >= 0 {
				tail = max(floor, p-maxQuoted) + open
			}
		}
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
		if i > 0 && localBytes[s[i-1]] && localBytes[s[i+1]] {
			continue // within a word: it was escaped before the text was decoded
		}
		// A quote behind a word, or behind what stands for one as [REDACTED]
		// does, closes it; it opens nothing. `""` is empty.
		if i == closing-1 || i > 0 && (localBytes[s[i-1]] || s[i-1] == ']') {
			return -1
		}
		return i
	}
	return -1
}

// localBytes are the bytes of a local part: RFC 5322's atext and the dot, but
// for those of atextDelimiters.
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

package detect

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// hasEscape says whether s, whose set is m, holds an escape that the slow path
// decodes.
func hasEscape(s string, m set) bool {
	return m&percent != 0 && hasEscapeBy(s, '%') || m&backslash != 0 && hasEscapeBy(s, '\\') ||
		m.has(ampersand|entityEnd) && hasEscapeBy(s, '&') || m&fullwidth != 0 && hasEscapeBy(s, fullwidthLead) ||
		m.has(equals|digit) && m&(dot|letterE) != 0 && hasEscapeBy(s, '=') ||
		m&(bracket|paren) != 0 && mayHoldDefanged(m) && (m&bracket != 0 && hasEscapeBy(s, '[') || m&paren != 0 && hasEscapeBy(s, '('))
}

func hasEscapeBy(s string, lead byte) bool {
	for i := 0; ; i++ {
		next := strings.IndexByte(s[i:], lead)
		if next < 0 {
			return false
		}
		i += next
		if size, _, _ := decodeOne(s, i); size > 0 {
			return true
		}
	}
}

// decodeOne decodes the escape at s[i]: its size, 0 where there is none, and
// the byte or rune that it stands for.
func decodeOne(s string, i int) (size int, r rune, isByte bool) {
	switch s[i] {
	case '%':
		if r, ok := hexRune(s, i+1, 2); ok {
			return 3, r, true
		}
		if i+1 < len(s) && s[i+1]|0x20 == 'u' { // of old JavaScript
			if r, ok := hexRune(s, i+2, 4); ok {
				return 6, r, false
			}
		}
	case '\\':
		return decodeBackslash(s, i)
	case '&':
		return decodeEntity(s, i)
	case fullwidthLead:
		return decodeFullwidth(s, i)
	case '[', '(':
		size, r = decodeDefanged(s, i)
	case '=':
		size, r = decodeQuotedPrintable(s, i)
	}
	return size, r, false
}

// fullwidthLead begins the UTF-8 of U+FF01 to U+FF5E, the full-width forms of
// ASCII that East Asian keyboards write: alice＠example.com.
const fullwidthLead = 0xEF

func decodeFullwidth(s string, i int) (size int, r rune, isByte bool) {
	r, size = utf8.DecodeRuneInString(s[i:])
	if r < 0xFF01 || r > 0xFF5E {
		return 0, 0, false
	}
	return size, r - 0xFF01 + '!', true
}

// decodeBackslash decodes the escapes of JSON, of JavaScript, and of regular
// expressions and shells, which write 192\.0\.2\.44 and alice\@example.com.
func decodeBackslash(s string, i int) (size int, r rune, isByte bool) {
	if i+1 >= len(s) {
		return 0, 0, false
	}
	switch c := s[i+1]; c {
	default:
		if '!' <= c && c <= '~' && !isAlnum(c) {
			return 2, rune(c), true
		}
	case 'b', 'f', 'n', 'r', 't': // white space, whichever
		return 2, '\n', true
	case 'x':
		if r, ok := hexRune(s, i+2, 2); ok {
			return 4, r, false
		}
	case 'u', 'U':
		if i+2 < len(s) && s[i+2] == '{' {
			return decodeBraced(s, i)
		}
		r, ok := hexRune(s, i+2, 4)
		if !ok {
			return 0, 0, false
		}
		if utf16.IsSurrogate(r) && i+7 < len(s) && s[i+6] == '\\' && s[i+7] == 'u' {
			if low, ok := hexRune(s, i+8, 4); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
				return 12, utf16.DecodeRune(r, low), false
			}
		}
		return 6, r, false
	}
	return 0, 0, false
}

// decodeBraced decodes \u{40}, of newer JavaScript.
func decodeBraced(s string, i int) (size int, r rune, isByte bool) {
	first := i + len(`\u{`)
	for n := 1; n <= 6; n++ {
		if r, ok := hexRune(s, first, n); ok && r <= utf8.MaxRune && first+n < len(s) && s[first+n] == '}' {
			return len(`\u{}`) + n, r, false
		}
	}
	return 0, 0, false
}

// maxEntity bounds the search for the semicolon behind a name; HTML's longest
// one has 31 letters.
const maxEntity = 32

// decodeNamed decodes a named reference to one character, as &commat;.
func decodeNamed(s string, i int) (size int, r rune, isByte bool) {
	end := i + 1
	for end < len(s) && end-i <= maxEntity && isAlnum(s[end]) {
		end++
	}
	if end == len(s) || s[end] != ';' || end == i+1 {
		return 0, 0, false
	}
	end++
	text := html.UnescapeString(s[i:end])
	if r, size := utf8.DecodeRuneInString(text); size == len(text) {
		return end - i, r, false
	}
	return 0, 0, false // no name, or one of two characters
}

// decodeEntity decodes HTML's character references.
func decodeEntity(s string, i int) (size int, r rune, isByte bool) {
	if i+2 >= len(s) {
		return 0, 0, false
	}
	if s[i+1] != '#' {
		return decodeNamed(s, i)
	}
	first, base, digitOf := i+2, 10, isDigit
	if s[first]|0x20 == 'x' {
		first, base, digitOf = first+1, 16, isHex
	}
	zeros := first
	for zeros < len(s) && s[zeros] == '0' {
		zeros++
	}
	end := zeros
	for end < len(s) && end-zeros < 8 && digitOf(s[end]) {
		end++
	}
	if end == first {
		return 0, 0, false
	}
	n, err := strconv.ParseUint("0"+s[zeros:end], base, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, 0, false
	}
	if end < len(s) && s[end] == ';' { // browsers do without it
		end++
	}
	return end - i, rune(n), false
}

func hexRune(s string, i, n int) (r rune, ok bool) {
	if i+n > len(s) {
		return 0, false
	}
	for _, c := range []byte(s[i : i+n]) {
		switch {
		case isDigit(c):
			c -= '0'
		case isHex(c):
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

package detect

import "strings"

// mayHoldDefanged says whether a text whose set is m may hold what decodeDefanged
// decodes behind a bracket.
func mayHoldDefanged(m set) bool {
	return m&(dot|at|colon) != 0 || m.has(letterA|letterT) || m.has(letterD|letterO|letterT)
}

// decodeDefanged decodes what people write so that no program takes it for an
// address: alice[at]example.com, alice (at) example [dot] com, 192[.]0[.]2[.]44,
// 2001[:]db8[:][:]1. The size takes in a space behind it; that before it is the
// caller's to take back.
func decodeDefanged(s string, i int) (size int, r rune) {
	opening, closing := s[i], s[i]+1 // ( and ), [ and ]
	if opening == '[' {
		closing = ']'
	}
	first := i + 1
	if first < len(s) && s[first] == ' ' {
		first++
	}
	word := first
	for word < len(s) && word-first < len("dot") && isLetter(s[word]) {
		word++
	}
	text := s[first:word]
	named := text != ""
	switch {
	case strings.EqualFold(text, "at"):
		r = '@'
	case strings.EqualFold(text, "dot"):
		r = '.'
	case !named && word < len(s) && (s[word] == '.' || s[word] == '@' || s[word] == ':'):
		r = rune(s[word])
		word++
	default:
		return 0, 0
	}
	end := word
	if end < len(s) && s[end] == ' ' {
		end++
	}
	if i == 0 || end >= len(s) || s[end] != closing {
		return 0, 0
	}
	end++
	before, behind := i-1, end
	if named && s[before] == ' ' && behind < len(s) && s[behind] == ' ' { // as in a sentence
		before, behind = before-1, behind+1
		if r == '@' && !domainAhead(s, behind) {
			return 0, 0
		}
	}
	if before < 0 || behind >= len(s) || !isAlnum(s[before]) && s[before] != closing || !isAlnum(s[behind]) && s[behind] != opening {
		return 0, 0
	}
	return behind - i, r
}

// decodeQuotedPrintable decodes the '@' and the dot of an address as mail writes
// them that is quoted-printable: alice=40example.com. A number in a setting, as in
// size=40, is none: a domain has to follow.
func decodeQuotedPrintable(s string, i int) (size int, r rune) {
	const width = len("=40")
	if i == 0 || i+width >= len(s) || !localBytes[s[i-1]] {
		return 0, 0
	}
	switch {
	case s[i+1:i+width] == "40" && domainAhead(s, i+width):
		return width, '@'
	case s[i+1] == '2' && s[i+2]|0x20 == 'e' && isLetter(s[i+width]):
		return width, '.'
	}
	return 0, 0
}

// domainAhead says whether a domain of two labels or more stands at s[i], its dots
// written in one way or another, and letters at its end.
func domainAhead(s string, i int) bool {
	const longest = 255
	stop := min(len(s), i+longest)
	label, dotted := 0, false // the letters of the label at hand
	for i < stop {
		switch c := s[i]; {
		case isLetter(c):
			label++
		case isDigit(c) || c == '-':
			label = -longest // no top-level domain has one
		case c == '.' && i+1 < stop && isAlnum(s[i+1]):
			label, dotted = 0, true
		case c == '=' && i+3 < stop && s[i+1] == '2' && s[i+2]|0x20 == 'e' && isAlnum(s[i+3]):
			label, dotted = 0, true
			i += 2
		default:
			return dotted && label >= 2 || spelledDot(s[i:])
		}
		i++
	}
	return dotted && label >= 2
}

// spelledDot says whether s begins with [dot], (dot) or [.], maybe behind a space.
func spelledDot(s string) bool {
	s = strings.TrimPrefix(s, " ")
	if s == "" || s[0] != '[' && s[0] != '(' {
		return false
	}
	s = strings.TrimPrefix(s[1:], " ")
	return hasPrefixFold(s, "dot") || strings.HasPrefix(s, ".")
}

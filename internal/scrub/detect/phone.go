package detect

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// The digits of a number in E.164, its country's code among them. One that is
// written in groups has some more, or it is taken for other numbers in a row.
const (
	minE164    = 8
	minGrouped = 9
	maxE164    = 15
)

// phones appends the international numbers of s: '+' and digits, not glued to a
// word, together or in groups: +12025550123, +44 20 7946 0958, +1 (202) 555-0143.
func phones(dst []Span, s string) []Span {
	for from := 0; ; {
		p := strings.IndexByte(s[from:], '+')
		if p < 0 {
			return dst
		}
		p += from
		from = p + 1
		if from == len(s) || s[from] == '0' || !isDigit(s[from]) || p > 0 && (isAlnum(s[p-1]) || s[p-1] == '+') {
			continue
		}
		end := from
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if n := end - from; n > maxE164 || n < minE164 {
			if end = grouped(s, from, end); end < 0 {
				continue
			}
		}
		if end = extension(s, end); end < len(s) && (isLetter(s[end]) || s[end] == '_') {
			continue
		}
		dst = append(dst, Span{p, end, pii.Phone, s[p:end]})
		from = end
	}
}

// grouped returns where the number ends whose first digits are s[start:end], or
// -1 where there is none: a country's code and groups of digits behind it.
func grouped(s string, start, end int) int {
	first := s[start:end]
	code := countryCode(first)
	if len(first) > 6 || code == 0 || len(first) <= 3 && len(first) != code || isZone(first) {
		return -1
	}
	var digits [maxE164]byte
	n := copy(digits[:], first)
	most := maxE164
	if code == 1 { // of North America and of Russia
		most = 11
	}
	groups, dots, others := 0, 0, 0
	for n < most {
		group, size, behind, sep := groupAt(s, end)
		if size == 0 || n+size > most {
			break
		}
		if sep == '.' {
			dots++
		} else {
			others++
		}
		n += copy(digits[n:], s[group:group+size])
		end = behind
		groups++
	}
	switch {
	case groups == 0 || n < minGrouped || dots > 0 && (others > 0 || groups < 2): // +1.5, +40.20361-075.00417
		return -1
	case code == 1 && (n < most || first[0] == '1' && !isNorthAmerican(string(digits[1:n]))):
		return -1
	}
	return end
}

// groupAt returns where the digits behind a separator at s[i] begin, how many
// these are, and what is behind them. They may be in parentheses.
func groupAt(s string, i int) (start, size, behind int, sep byte) {
	if i == len(s) {
		return i, 0, i, 0
	}
	if width := separator(s, i); width > 0 {
		sep = s[i]
		i += width
	} else if s[i] != '(' && s[i-1] != ')' {
		return i, 0, i, 0
	}
	open := i < len(s) && s[i] == '('
	if open {
		i++
	}
	start = i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	size, behind = i-start, i
	if open {
		if i == len(s) || s[i] != ')' {
			return start, 0, i, 0
		}
		behind++
	}
	return start, size, behind, sep
}

// separator returns the length of what separates groups of digits at s[i]; 0
// where nothing does. A '+' is a space of a form.
func separator(s string, i int) int {
	switch s[i] {
	case ' ', '-', '.', '/', '+':
		return 1
	case 0xC2: // U+00A0, which does not break a line
		if strings.HasPrefix(s[i:], "\u00a0") {
			return 2
		}
	case 0xE2: // narrow spaces, hyphens and dashes
		if i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] >= 0x87 && s[i+2] <= 0x8A || s[i+2] >= 0x90 && s[i+2] <= 0x93 || s[i+2] == 0xAF) {
			return 3
		}
	}
	return 0
}

// isZone says whether four digits behind a '+' are a time's offset: +1030.
func isZone(digits string) bool {
	return len(digits) == 4 && digits[:2] <= "14" && (digits[2:] == "00" || digits[2:] == "15" || digits[2:] == "30" || digits[2:] == "45")
}

// countryCode returns how many of the digits are a country's code of ITU-T E.164;
// 0 where none is assigned.
func countryCode(digits string) int {
	if digits[0] == '1' || digits[0] == '7' {
		return 1
	}
	if len(digits) < 2 {
		return 0
	}
	switch digits[:2] {
	case "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
		"51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
		"81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98":
		return 2
	case "21", "22", "23", "24", "25", "26", "29", "35", "37", "38", "42", "50", "59", "67", "68", "69", "80", "85", "87", "88",
		"96", "97", "99":
		if len(digits) > 2 {
			return 3
		}
	}
	return 0
}

// mayHoldLocalPhone says whether a text whose set is m may hold a number of
// localPhones. Most texts with digits and dashes are UUIDs.
func mayHoldLocalPhone(s string, m set) bool {
	return m&digit != 0 && m&(dash|dot|paren) != 0 && len(s) >= len("202-555-0143") &&
		(len(s) != 36 || s[8] != '-' || s[13] != '-' || m&(dot|paren) != 0)
}

// localPhones appends the numbers of North America without a country's code
// that have one of its unmistakable forms: (202) 555-0143, 202-555-0143 and
// 202.555.0143. With spaces alone they can't be told from numbers in a row.
func localPhones(dst []Span, s string, m set) []Span {
	if m&paren != 0 {
		for from := 0; ; {
			p := strings.IndexByte(s[from:], '(')
			if p < 0 {
				break
			}
			p += from
			from = p + 1
			if end := bracketed(s, p); end > 0 {
				dst, from = appendLocal(dst, s, p, end), end
			}
		}
	}
	// The last of the twelve bytes at i says how far the next number is at least.
	for i := 0; i+12 <= len(s); {
		switch c := s[i+11]; {
		case isDigit(c):
			if sep := s[i+7]; (sep == '-' || sep == '.') && s[i+3] == sep && isLocal(s, i) {
				dst, i = appendLocal(dst, s, i, i+12), i+12
			} else {
				i++
			}
		case c == '-' || c == '.':
			i += 4
		default:
			i += 12
		}
	}
	return dst
}

// isLocal says whether the twelve bytes at s[i], two separators in them, are a number.
func isLocal(s string, i int) bool {
	return allDigits(s[i:i+3]) && allDigits(s[i+4:i+7]) && allDigits(s[i+8:i+12]) &&
		isNorthAmericanArea(s[i:i+3]) && isExchange(s[i+4:i+7]) && startsPhone(s, i) && endsPhone(s, i+12)
}

// bracketed returns where the number ends whose area code's '(' is s[p]; 0 where
// there is none.
func bracketed(s string, p int) int {
	if p+12 > len(s) || s[p+4] != ')' || !allDigits(s[p+1:p+4]) || !isNorthAmericanArea(s[p+1:p+4]) {
		return 0
	}
	i := p + 5
	i += separator(s, i)
	if i+7 > len(s) || !allDigits(s[i:i+3]) || !isExchange(s[i:i+3]) {
		return 0
	}
	i += 3
	i += separator(s, i)
	if i+4 > len(s) || !allDigits(s[i:i+4]) || !endsPhone(s, i+4) {
		return 0
	}
	return i + 4
}

// appendLocal appends s[start:end], with the 1 that may stand before a number and
// the extension behind it.
func appendLocal(dst []Span, s string, start, end int) []Span {
	if behindOne(s, start) {
		start -= len("1-")
	}
	end = extension(s, end)
	return append(dst, Span{start, end, pii.Phone, s[start:end]})
}

// joins are what stands before digits that are no number by themselves.
var joins = func() (table [256]bool) {
	for c := range table {
		table[c] = isAlnum(byte(c)) || strings.IndexByte("-._$#@", byte(c)) >= 0
	}
	return table
}()

// startsPhone says whether a number may begin at s[i].
func startsPhone(s string, i int) bool { return i == 0 || !joins[s[i-1]] || behindOne(s, i) }

// behindOne says whether the 1 of long distance and a separator stand before s[i].
func behindOne(s string, i int) bool {
	return i > 1 && s[i-2] == '1' && separator(s, i-1) == 1 && (i == 2 || !joins[s[i-3]])
}

// endsPhone says whether a number may end at s[i].
func endsPhone(s string, i int) bool {
	if i == len(s) || extension(s, i) > i {
		return true
	}
	if strings.IndexByte("-./:", s[i]) >= 0 {
		return i+1 == len(s) || !isAlnum(s[i+1])
	}
	return !isAlnum(s[i]) && s[i] != '_' && s[i] != '@'
}

// extension returns where the extension ends that is written at s[i]: x12.
func extension(s string, i int) int {
	if i+1 >= len(s) || s[i]|0x20 != 'x' || !isDigit(s[i+1]) {
		return i
	}
	const longest = 7
	end := i + 1
	for end < len(s) && end-i <= longest && isDigit(s[end]) {
		end++
	}
	if end < len(s) && isAlnum(s[end]) {
		return i
	}
	return end
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// isNorthAmerican says whether ten digits are a number of the North American plan.
func isNorthAmerican(digits string) bool {
	return len(digits) == 10 && isNorthAmericanArea(digits[:3]) && isExchange(digits[3:6])
}

func isNorthAmericanArea(code string) bool { return isExchange(code) && code[1] != '9' }

// isExchange says whether three digits may begin a number: 2 to 9 does, and of
// those that end with 11 none is assigned.
func isExchange(code string) bool { return code[0] >= '2' && code[1:] != "11" }

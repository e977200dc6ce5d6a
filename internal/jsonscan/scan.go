// Package jsonscan holds the primitives with which the parser and the scrubber
// walk a JSON text: where a string, a number or a value ends, and whether it
// is valid. It builds no tree and allocates nothing.
//
// The functions take the text and the index of a value's first byte, and
// return the index behind its last. They accept exactly RFC 8259, as
// encoding/json does, but for two bounds of their own: MaxDepth and MaxMembers
// (of Value and Valid). UTF-8 is the caller's business.
package jsonscan

import (
	"math/bits"
	"strconv"
)

// MaxDepth is how deep objects and arrays may nest.
const MaxDepth = 64

// MaxMembers is how many object members and array elements one text may have.
// It bounds what a hostile line costs those who keep something per member.
const MaxMembers = 20_000

// Code says what is wrong with a text. It never says what the text holds.
type Code uint8

const (
	// OK is valid.
	OK Code = iota
	// Syntax is no JSON.
	Syntax
	// TooDeep is nested deeper than MaxDepth.
	TooDeep
	// TooManyMembers is more than MaxMembers members and elements.
	TooManyMembers
	// OutOfRange is a number that no float64 holds, such as 1e999.
	OutOfRange
	// Trailing is a value, and then more.
	Trailing
)

var codeNames = [...]string{"ok", "invalid_json", "too_deep", "too_many_members", "number_out_of_range", "trailing_data"}

// String returns the code as it stands in auth.parse.error.
func (c Code) String() string { return codeNames[c] }

// Space returns the index of the first byte at or behind i that is no white space.
func Space(s string, i int) int {
	for i < len(s) {
		switch s[i] {
		case ' ', '\t', '\n', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// String scans the string literal whose opening quote is s[i]. It returns the
// index behind the closing quote, or -1 where the literal is invalid, and
// whether it holds an escape.
func String(s string, i int) (end int, escaped bool) {
	i++
	for {
		i = plainRun(s, i)
		if i >= len(s) {
			return -1, escaped
		}
		switch s[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			escaped = true
			if i = escapeEnd(s, i); i < 0 {
				return -1, true
			}
		default: // a control character
			return -1, escaped
		}
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plainRun returns the index of the first byte at or behind i that may not
// stand in a string literal as it is: a quote, a backslash, a control
// character. It looks at eight bytes at a time: (x-ones)&^x&highs has the high
// bit of the lowest byte of x that is zero, and x XOR a repeated byte is zero
// where x holds that byte. A quote and a backslash are ASCII, so that the XOR
// leaves the high bits as they are, and one &^x does for all three.
func plainRun(s string, i int) int {
	for ; i+8 <= len(s); i += 8 {
		b := s[i : i+8]
		x := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		quote := x ^ (ones * '"')
		slash := x ^ (ones * '\\')
		stop := ((quote - ones) | (slash - ones) | (x - ones*0x20)) &^ x & highs
		if stop != 0 {
			return i + bits.TrailingZeros64(stop)>>3
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c == '"' || c == '\\' || c < 0x20 {
			return i
		}
	}
	return i
}

// escapeEnd returns the index behind the escape sequence that begins at s[i], or -1.
func escapeEnd(s string, i int) int {
	if i+1 >= len(s) {
		return -1
	}
	switch s[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		if i+6 > len(s) {
			return -1
		}
		for _, c := range []byte(s[i+2 : i+6]) {
			if !isHex(c) {
				return -1
			}
		}
		return i + 6
	}
	return -1
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// Number scans the number whose first byte is s[i]. It returns the index
// behind its last digit, and whether it is written as an integer; or -1 and a
// code.
func Number(s string, i int) (end int, integer bool, code Code) {
	start := i
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i >= len(s):
		return -1, false, Syntax
	case s[i] == '0':
		i++
	case '1' <= s[i] && s[i] <= '9':
		i = digits(s, i)
	default:
		return -1, false, Syntax
	}
	integer = true
	if i < len(s) && s[i] == '.' {
		integer = false
		j := digits(s, i+1)
		if j == i+1 {
			return -1, false, Syntax
		}
		i = j
	}
	exponent := false
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		integer, exponent = false, true
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		j := digits(s, i)
		if j == i {
			return -1, false, Syntax
		}
		i = j
	}
	// Only an exponent, or more than 308 digits, can leave float64's range.
	if exponent || i-start > 308 {
		if _, err := strconv.ParseFloat(s[start:i], 64); err != nil {
			return -1, false, OutOfRange
		}
	}
	return i, integer, OK
}

func digits(s string, i int) int {
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}

// Literal scans true, false or null at s[i]; it returns -1 where none stands.
func Literal(s string, i int) int {
	var want string
	switch s[i] {
	case 't':
		want = "true"
	case 'f':
		want = "false"
	case 'n':
		want = "null"
	default:
		return -1
	}
	if end := i + len(want); end <= len(s) && s[i:end] == want {
		return end
	}
	return -1
}

// Limits carries a walk's depth and member count. The zero value is ready.
type Limits struct {
	depth   int
	members int
}

// Enter is called on '{' and '['.
func (l *Limits) Enter() Code {
	l.depth++
	if l.depth > MaxDepth {
		return TooDeep
	}
	return OK
}

// Leave is called on '}' and ']'.
func (l *Limits) Leave() { l.depth-- }

// Member is called on each member and element.
func (l *Limits) Member() Code {
	l.members++
	if l.members > MaxMembers {
		return TooManyMembers
	}
	return OK
}

// Value scans the value whose first byte is s[i].
func Value(s string, i int, l *Limits) (end int, code Code) {
	if i >= len(s) {
		return -1, Syntax
	}
	switch s[i] {
	case '"':
		if end, _ = String(s, i); end < 0 {
			return -1, Syntax
		}
		return end, OK
	case '{':
		return object(s, i, l)
	case '[':
		return array(s, i, l)
	case 't', 'f', 'n':
		if end = Literal(s, i); end < 0 {
			return -1, Syntax
		}
		return end, OK
	default:
		end, _, code = Number(s, i)
		return end, code
	}
}

func object(s string, i int, l *Limits) (end int, code Code) {
	if code = l.Enter(); code != OK {
		return -1, code
	}
	i = Space(s, i+1)
	if i < len(s) && s[i] == '}' {
		l.Leave()
		return i + 1, OK
	}
	for {
		if code = l.Member(); code != OK {
			return -1, code
		}
		if i >= len(s) || s[i] != '"' {
			return -1, Syntax
		}
		if i, _ = String(s, i); i < 0 {
			return -1, Syntax
		}
		if i = Colon(s, i); i < 0 {
			return -1, Syntax
		}
		if i, code = Value(s, i, l); code != OK {
			return -1, code
		}
		var more bool
		if i, more = Next(s, i, '}'); i < 0 {
			return -1, Syntax
		} else if !more {
			l.Leave()
			return i, OK
		}
	}
}

func array(s string, i int, l *Limits) (end int, code Code) {
	if code = l.Enter(); code != OK {
		return -1, code
	}
	i = Space(s, i+1)
	if i < len(s) && s[i] == ']' {
		l.Leave()
		return i + 1, OK
	}
	for {
		if code = l.Member(); code != OK {
			return -1, code
		}
		if i, code = Value(s, i, l); code != OK {
			return -1, code
		}
		var more bool
		if i, more = Next(s, i, ']'); i < 0 {
			return -1, Syntax
		} else if !more {
			l.Leave()
			return i, OK
		}
	}
}

// Colon steps over the colon behind a member's name, and over white space, to
// the first byte of the member's value. It returns -1 where no colon stands.
func Colon(s string, i int) int {
	if i < len(s) && s[i] == ':' && i+1 < len(s) && s[i+1] > ' ' { // as writers write it
		return i + 1
	}
	if i = Space(s, i); i >= len(s) || s[i] != ':' {
		return -1
	}
	return Space(s, i+1)
}

// Next steps over what stands behind a member or an element: a comma, to the
// first byte of the next one (more), or the closing bracket. It returns -1
// where neither stands.
func Next(s string, i int, closing byte) (next int, more bool) {
	if i+1 < len(s) && s[i] == ',' && s[i+1] > ' ' { // as writers write it
		return i + 1, true
	}
	return nextSpaced(s, i, closing)
}

func nextSpaced(s string, i int, closing byte) (next int, more bool) {
	i = Space(s, i)
	if i >= len(s) {
		return -1, false
	}
	switch s[i] {
	case ',':
		return Space(s, i+1), true
	case closing:
		return i + 1, false
	}
	return -1, false
}

// Valid says whether s is one JSON value, white space around it allowed.
func Valid(s string) Code {
	var l Limits
	end, code := Value(s, Space(s, 0), &l)
	if code != OK {
		return code
	}
	if Space(s, end) != len(s) {
		return Trailing
	}
	return OK
}

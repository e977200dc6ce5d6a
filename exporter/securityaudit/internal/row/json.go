package row

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// appendJSON appends a JSON text as jsonb takes it, and says whether s is one.
// Of what is not, nothing is appended.
func (m *Mapper) appendJSON(dst []byte, s string) ([]byte, bool) {
	s = m.cleanJSON(s)
	c := copier{s: s, dst: dst}
	start := jsonscan.Space(s, 0)
	c.from = start
	end, ok := c.value(start)
	if !ok || jsonscan.Space(s, end) != len(s) {
		return dst, false
	}
	m.stats.Repaired += c.repaired
	return append(c.dst, s[c.from:end]...), true
}

// cleanJSON makes a JSON text valid UTF-8. A NUL character makes it invalid JSON
// and is found there.
func (m *Mapper) cleanJSON(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	m.stats.Repaired++
	return strings.ToValidUTF8(s, replacement)
}

// copier copies a JSON text as it is, in as few runs as possible, and replaces
// what jsonb refuses: the escapes of NUL and of lone surrogates, and numbers
// that numeric cannot hold, which become texts.
type copier struct {
	s        string
	dst      []byte
	from     int // all of s before it is copied
	limits   jsonscan.Limits
	repaired int
}

// replace writes text in the place of s[start:end].
func (c *copier) replace(start, end int, text string) {
	c.dst = append(append(c.dst, c.s[c.from:start]...), text...)
	c.from = end
	c.repaired++
}

// value steps over the value at i, as jsonscan.Value does.
func (c *copier) value(i int) (end int, ok bool) {
	if i >= len(c.s) {
		return 0, false
	}
	switch c.s[i] {
	case '"':
		return c.text(i)
	case '{':
		return c.nested(i, '}')
	case '[':
		return c.nested(i, ']')
	case 't', 'f', 'n':
		end = jsonscan.Literal(c.s, i)
		return end, end >= 0
	}
	return c.number(i)
}

// nested steps over an object or an array.
func (c *copier) nested(i int, closing byte) (end int, ok bool) {
	if c.limits.Enter() != jsonscan.OK {
		return 0, false
	}
	defer c.limits.Leave()
	if i = jsonscan.Space(c.s, i+1); i < len(c.s) && c.s[i] == closing {
		return i + 1, true
	}
	for more := true; more; {
		if c.limits.Member() != jsonscan.OK {
			return 0, false
		}
		if closing == '}' {
			if i, ok = c.name(i); !ok {
				return 0, false
			}
		}
		if i, ok = c.value(i); !ok {
			return 0, false
		}
		if i, more = jsonscan.Next(c.s, i, closing); i < 0 {
			return 0, false
		}
	}
	return i, true
}

// name steps over a member's name, to its value.
func (c *copier) name(i int) (value int, ok bool) {
	if i >= len(c.s) || c.s[i] != '"' {
		return 0, false
	}
	if i, ok = c.text(i); !ok {
		return 0, false
	}
	i = jsonscan.Colon(c.s, i)
	return i, i >= 0
}

func (c *copier) text(i int) (end int, ok bool) {
	end, escaped := jsonscan.String(c.s, i)
	if end < 0 {
		return 0, false
	}
	if escaped {
		c.escapes(i, end)
	}
	return end, true
}

// escapes replaces what jsonb refuses in the string literal s[i:end].
func (c *copier) escapes(i, end int) {
	for i < end {
		next := strings.IndexByte(c.s[i:end], '\\')
		if next < 0 {
			return
		}
		i += next
		if c.s[i+1] != 'u' {
			i += 2
			continue
		}
		r := c.hex4(i)
		switch {
		case r == 0:
			c.replace(i, i+6, replacement)
		case 0xD800 <= r && r < 0xDC00 && c.isLow(i+6, end):
			i += 6 // a pair
		case 0xD800 <= r && r < 0xE000:
			c.replace(i, i+6, replacement)
		}
		i += 6
	}
}

// hex4 reads the four digits of the \u escape at i, which is valid.
func (c *copier) hex4(i int) uint64 {
	r, _ := strconv.ParseUint(c.s[i+2:i+6], 16, 16)
	return r
}

// isLow says whether the escape of a low surrogate stands at i.
func (c *copier) isLow(i, end int) bool {
	if i+6 > end || c.s[i] != '\\' || c.s[i+1] != 'u' {
		return false
	}
	r := c.hex4(i)
	return 0xDC00 <= r && r < 0xE000
}

// maxDigits is up to how long a number's text is taken as it is: numeric holds
// 16,383 digits behind the point, and a float64 needs no more than this.
const maxDigits = 400

// number steps over a number. float64 bounds how large it is, but neither how
// many digits it has, nor how small it is, nor the exponent of a zero.
func (c *copier) number(i int) (end int, ok bool) {
	end, _, code := jsonscan.Number(c.s, i)
	if code != jsonscan.OK {
		return 0, false
	}
	if text := c.s[i:end]; len(text) > maxDigits || farExponent(text) {
		c.replace(i, end, `"`+text+`"`)
	}
	return end, true
}

// farExponent says whether a number's exponent is beyond every float64's.
func farExponent(number string) bool {
	e := strings.IndexAny(number, "eE")
	if e < 0 {
		return false
	}
	exponent, err := strconv.Atoi(number[e+1:])
	return err != nil || exponent < -maxDigits || exponent > maxDigits
}

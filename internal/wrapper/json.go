package wrapper

import (
	"slices"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// view lets text be scanned as a string without a copy. No view, nor a part of
// one, is kept beyond the call of Add that text belongs to.
func view(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// object walks the members of a JSON object. After next has returned false,
// end is the index behind the object, or -1 where it is damaged. An object has
// limits of its own, so that a long envelope is not refused for its length.
type object struct {
	s      string
	name   string // inside of the quotes, escapes and all
	value  int    // first byte of the member's value
	behind int    // index behind the value; -1 as long as nobody has read it
	end    int
	begun  bool
	limits jsonscan.Limits
}

// objectAt is for the object whose brace is s[i]. What is no object is a
// damaged one.
func objectAt(s string, i int) object { return object{s: s, behind: i, end: -1} }

// next steps to the next member. A value that the caller has not read is skipped.
func (o *object) next() bool {
	i := o.behind
	if !o.begun {
		o.begun = true
		if i >= len(o.s) || o.s[i] != '{' {
			return false
		}
		if i = jsonscan.Space(o.s, i+1); i < len(o.s) && o.s[i] == '}' {
			o.end = i + 1
			return false
		}
	} else {
		if i < 0 && !o.skip() {
			return false
		}
		var more bool
		if i, more = jsonscan.Next(o.s, o.behind, '}'); i < 0 {
			return false
		} else if !more {
			o.end = i
			return false
		}
	}
	if i >= len(o.s) || o.s[i] != '"' {
		return false
	}
	end, _ := jsonscan.String(o.s, i)
	if end < 0 {
		return false
	}
	o.name = o.s[i+1 : end-1]
	o.value, o.behind = jsonscan.Colon(o.s, end), -1
	return o.value >= 0 && o.value < len(o.s)
}

// skip steps over the value, whatever it is.
func (o *object) skip() bool {
	end, code := jsonscan.Value(o.s, o.value, &o.limits)
	if code != jsonscan.OK {
		return false
	}
	o.behind = end
	return true
}

// literal is a JSON string within a text: from its first byte behind the opening
// quote to its closing quote. The zero value is none.
type literal struct {
	start, end int
	escaped    bool
}

func (l literal) present() bool { return l.start > 0 }

// string reads the value as a string; ok is false where it is none.
func (o *object) string() (l literal, ok bool) {
	if o.s[o.value] != '"' {
		return l, false
	}
	end, escaped := jsonscan.String(o.s, o.value)
	if end < 0 {
		return l, false
	}
	o.behind = end
	return literal{o.value + 1, end - 1, escaped}, true
}

// plain reads a string that has no escapes, such as a name or a time.
func (o *object) plain() (s string, ok bool) {
	l, ok := o.string()
	return o.s[l.start:l.end], ok && !l.escaped
}

// elements calls visit with the index of each element of the array s[i]. visit
// returns the index behind the element, or -1 to give up. end is the index
// behind the array, or -1.
func elements(s string, i int, visit func(at int) int) (end int) {
	if i >= len(s) || s[i] != '[' {
		return -1
	}
	if i = jsonscan.Space(s, i+1); i < len(s) && s[i] == ']' {
		return i + 1
	}
	for more := true; more; {
		if i = visit(i); i < 0 {
			return -1
		}
		if i, more = jsonscan.Next(s, i, ']'); i < 0 {
			return -1
		}
	}
	return i
}

// unescaped returns what a literal of text stands for: a part of text where
// nothing is escaped, else a part of buf.
func (u *Unwrapper) unescaped(text []byte, l literal) []byte {
	inside := text[l.start:l.end:l.end]
	if !l.escaped {
		return inside
	}
	u.buf = slices.Grow(u.buf, len(inside)) // unescaping makes nothing longer
	start := len(u.buf)
	u.buf = jsonscan.AppendUnescaped(u.buf, view(inside))
	return slices.Clip(u.buf[start:])
}

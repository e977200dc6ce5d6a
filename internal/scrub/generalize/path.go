package generalize

import (
	"strings"
)

// ID is what stands for an id in a path.
const ID = "{id}"

// AppendPath appends a path as a template of its route: each segment that is an
// id becomes {id}, as does each that stands behind a word for people, such as
// users, and isn't a word of a route; a ~ and a name does as well; of ;name=value
// the value does. Query and
// fragment go. All else stays byte for byte, the trailing slash too.
//
// What is appended is at most 3*len(path)+4 bytes long. It allocates only where
// dst has too little room.
func AppendPath(dst []byte, path string) []byte {
	path = WithoutQuery(path)
	behind := anything // what the segment before this one says
	for more := true; more; {
		var segment, params string
		segment, path, more = strings.Cut(path, "/")
		if i := strings.IndexByte(segment, ';'); i >= 0 {
			segment, params = segment[:i], segment[i:]
		}
		dst, behind = appendSegment(dst, segment, behind)
		dst = appendParams(dst, params)
		if more {
			dst = append(dst, '/')
		}
	}
	return dst
}

// WithoutQuery returns a path without its query and fragment.
func WithoutQuery(path string) string {
	for i := range len(path) {
		if c := path[i]; c == '?' || c == '#' {
			return path[:i]
		}
	}
	return path
}

// expected is what stands behind a segment.
type expected uint8

const (
	anything expected = iota
	person            // behind users
	handle            // behind u: a person, or a page of Auth0's login
)

// appendSegment appends one segment as it is to stand, and says what the next
// one tells.
func appendSegment(dst []byte, segment string, behind expected) (out []byte, next expected) {
	var buf [maxWord]byte
	word, ok := decode(buf[:0], segment)
	switch {
	case segment == "" || segment == ID:
		if segment == "" {
			next = behind
		}
		return append(dst, segment...), next
	case !ok || isIDWord(word) || isHome(word),
		behind != anything && !isRouteWord(word) && (behind != handle || !isLoginPage(word)):
		return append(dst, ID...), anything
	case isCollection(word):
		next = person
	case len(word) == 1 && word[0]|0x20 == 'u':
		next = handle
	}
	return append(dst, segment...), next
}

// appendParams appends the parameters of a segment (;jsessionid=0A1B), which
// begin with a semicolon each, without their values.
func appendParams(dst []byte, params string) []byte {
	for params != "" {
		var param string
		param, params = params[1:], ""
		if i := strings.IndexByte(param, ';'); i >= 0 {
			param, params = param[:i], param[i:]
		}
		name, value, hasValue := strings.Cut(param, "=")
		dst = append(dst, ';')
		if dst, _ = appendSegment(dst, name, anything); hasValue {
			dst = append(dst, '=')
		}
		if value != "" {
			dst = append(dst, ID...)
		}
	}
	return dst
}

// maxWord is the longest segment that can be a word of a route.
const maxWord = 64

// routeBytes are the characters that routes are written in.
var routeBytes = func() (set [256]bool) {
	for _, c := range []byte("-_.~:*{}$!(),+") {
		set[c] = true
	}
	for c := range set {
		set[c] = set[c] || isAlnum(byte(c))
	}
	return set
}()

// decode appends a segment without its percent-encoding, in lower or upper case
// as it came. It says no where that is no word of a route by its length or its
// characters: routes are written in letters, digits and a few marks. A broken
// or a double encoding is a no, too.
func decode(dst []byte, segment string) ([]byte, bool) {
	for i := 0; i < len(segment); i++ {
		c := segment[i]
		if c == '%' {
			if i+2 >= len(segment) || !isHex(segment[i+1]) || !isHex(segment[i+2]) {
				return dst, false
			}
			c = unhex(segment[i+1])<<4 | unhex(segment[i+2])
			i += 2
		}
		if len(dst) == maxWord || !routeBytes[c] {
			return dst, false
		}
		dst = append(dst, c)
	}
	return dst, true
}

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// IsID says whether a segment of a path, percent-encoded or not, is an id by
// its looks: what AppendPath makes {id} wherever it stands.
func IsID(segment string) bool {
	var buf [maxWord]byte
	word, ok := decode(buf[:0], segment)
	return segment != "" && segment != ID && (!ok || isIDWord(word) || isHome(word))
}

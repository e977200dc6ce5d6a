package sample

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Classes are the fields of a profile that have a kind of personal data. The
// zero value has none. It is not safe for concurrent use.
type Classes struct {
	fields []pii.Field
	// known is what was said of places before, of maxFields of them: the lines of a
	// source have the same few.
	known map[string]bool
}

// ParseClasses reads the value of the scope attribute auth.pii.fields: what the
// parser itself says of its profile.
func ParseClasses(text string) (Classes, error) {
	fields, err := pii.ParseFields(text)
	return Classes{fields, map[string]bool{}}, err
}

// Has says whether the place, or one above it, has a kind.
func (c Classes) Has(pointer string) bool {
	if len(c.fields) == 0 {
		return false
	}
	has, known := c.known[pointer]
	if !known {
		has = c.find(pointer)
		if len(c.known) < maxFields {
			c.known[pointer] = has
		}
	}
	return has
}

func (c Classes) find(pointer string) bool {
	path, err := pii.ParsePointer(pointer)
	if err != nil {
		return false
	}
	for _, f := range c.fields {
		if len(f.Path) <= len(path) && matches(f.Path, path) {
			return true
		}
	}
	return false
}

// matches says whether field is the beginning of path. The * of a path is a
// member or element that has no place of its own.
func matches(field, path []string) bool {
	for i, token := range field {
		if token != path[i] && token != "*" {
			return false
		}
	}
	return true
}

// Leaf says whether a value is one that needs a kind: neither null, which tells
// nothing, nor an object or array, whose parts are values of their own.
func (v Value) Leaf() bool { return v.Type != Null && v.Type != Object && v.Type != Array }

// Name is the last name in a pointer that is no number: what the place is called.
func Name(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i := len(tokens) - 1; i > 0; i-- {
		if t := tokens[i]; t != "*" && General("/"+t) != "/*" {
			return strings.NewReplacer("~1", "/", "~0", "~").Replace(t)
		}
	}
	return ""
}

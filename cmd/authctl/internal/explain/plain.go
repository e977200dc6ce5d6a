package explain

import (
	"strconv"
	"strings"
	"unicode"
)

// plain is the value as a person reads it.
func (t *tree) plain() string {
	if t.isText {
		return plain(t.text)
	}
	return plainJSON(t.String())
}

// maxShown is how many bytes of a value the text shows. JSON has all of it.
const maxShown = 200

// plain leaves out quotes where a text has nothing that a terminal would take for
// something else.
func plain(s string) string {
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	if s == "" || strings.TrimSpace(s) != s || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(s)
	}
	return s
}

func plainJSON(s string) string {
	if len(s) > 1 && s[0] == '"' {
		return plain(unquoted(s))
	}
	return plain(s)
}

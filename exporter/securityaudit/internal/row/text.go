package row

import (
	"strings"
	"unicode/utf8"
)

// replacement stands for what Postgres does not take: U+FFFD, as everywhere.
const replacement = "\uFFFD"

// clean makes a text one that Postgres takes: valid UTF-8 without NUL.
func (m *Mapper) clean(s string) string {
	if isClean(s) {
		return s
	}
	m.stats.Repaired++
	return repaired(s)
}

func isClean(s string) bool { return strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) }

// repaired is the slow path of clean.
func repaired(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, replacement), "\x00", replacement)
}

// cut returns the first max bytes of a text, or fewer, so that no character is
// cut in two; all of it where max is 0.
func cut(s string, limit int) string {
	if limit <= 0 || len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

package sample

import (
	"strings"
	"unicode"

	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Personal says whether a text may be, or have in it, a value that belongs to
// somebody, by its looks: an address, a telephone number, a secret, an id. It is
// for texts that are to be shown, such as the name of an event. No look tells the
// name of a person.
func Personal(s string) bool {
	if len(s) > 128 || len(detect.Find(nil, s)) > 0 {
		return true
	}
	for word := range strings.FieldsFuncSeq(s, isBetweenIDs) {
		if isID(word) {
			return true
		}
	}
	return false
}

// isBetweenIDs tells what may stand around an id in a text. The hyphen is part of
// a UUID.
func isBetweenIDs(r rune) bool { return strings.ContainsRune(" \t|/:.,;=@'\"()[]{}_", r) }

func isID(word string) bool { return pseudonym.IsUUID(word) || Opaque(word) }

// Opaque says whether a word is no word, but digits or digits among letters, as
// generated ids are: 6455a1b2c3d4, 00u1abvz4pYqdM8ms4x6, 91823745.
func Opaque(word string) bool {
	digits := 0
	for i := range len(word) {
		if c := word[i]; c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits >= 6 || digits >= 3 && len(word) >= 12
}

// isUnprintable tells control characters, and others that change how a terminal
// shows what follows.
func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// Printable returns a text that comes from a line as authctl shows it: without
// control characters, and hidden where it may be personal and is not asked for.
func Printable(s string, showValues bool) string {
	if !showValues && Personal(s) {
		return "(hidden)"
	}
	return strings.Map(func(r rune) rune {
		if isUnprintable(r) || r == '`' {
			return ' '
		}
		return r
	}, s)
}

package output

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// obeyed tells what a terminal takes for a command, or by which it turns text around
// or hides it. C1 controls, of two bytes in UTF-8, are commands to some.
func obeyed(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }

// Printable puts U+FFFD in place of what a terminal obeys, but for what is to be kept,
// and of bytes that are no UTF-8.
func Printable(text, keep string) string {
	return strings.Map(func(r rune) rune {
		if obeyed(r) && !strings.ContainsRune(keep, r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// Escaped writes what a terminal obeys in a JSON text as \u does it, which is the same
// JSON. json.Marshal does so below U+0020 only. Without any it returns text itself.
func Escaped(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r >= 0x7F && obeyed(r) }) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r < 0x7F || !obeyed(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

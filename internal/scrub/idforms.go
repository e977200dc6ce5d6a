package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// The record's own ids are looked for in the forms in which programs write them:
// in another letter case, and a UUID also without its dashes.

const (
	uuidLength = 36
	bareLength = 32
)

// isUUID says whether s is a UUID, with its dashes or without.
func isUUID(s string) bool {
	switch len(s) {
	case uuidLength:
		if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
			return false
		}
		return allHex(s[:8]) && allHex(s[9:13]) && allHex(s[14:18]) && allHex(s[19:23]) && allHex(s[24:])
	case bareLength:
		return allHex(s)
	}
	return false
}

func allHex(s string) bool {
	for i := range len(s) {
		if !isHexDigit(s[i]) {
			return false
		}
	}
	return true
}

// hexDigits is a table: each record's ids are checked digit by digit.
var hexDigits = func() (table [256]bool) {
	for _, c := range []byte("0123456789abcdefABCDEF") {
		table[c] = true
	}
	return table
}()

func isHexDigit(c byte) bool { return hexDigits[c] }

// sameUUID says whether two UUIDs are equal, dashes and case left aside.
func sameUUID(a, b string) bool {
	j := 0
	for i := range len(a) {
		if a[i] == '-' {
			continue
		}
		for j < len(b) && b[j] == '-' {
			j++
		}
		if j == len(b) || !isHexDigit(a[i]) || lower(a[i]) != lower(b[j]) {
			return false
		}
		j++
	}
	return j == len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// minFolded is how long an id is at least whose letter case does not count: OK is
// hardly ever the user ok.
const minFolded = 3

// equal says whether the whole text is the id in another form.
func (id *identity) equal(text string) bool {
	if id.uuid {
		return sameUUID(text, id.text) && isUUID(text)
	}
	return len(text) == len(id.text) && len(text) >= minFolded && strings.EqualFold(text, id.text)
}

// shortest is the length of the shortest form that is found in texts.
func (id *identity) shortest() int {
	if id.uuid {
		return bareLength
	}
	return len(id.text)
}

// isNumeric says whether the text may be how a number is written without an
// exponent.
func isNumeric(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// maxFolded is how long an id is at most that is looked for in any letter case
// inside of texts: each place may cost as many comparisons.
const maxFolded = 128

// anchorOf returns the index of a byte that has no case, -1 where there is none.
func anchorOf(text string) int {
	for i := range len(text) {
		if c := text[i] | 0x20; c < 'a' || c > 'z' {
			return i
		}
	}
	return -1
}

// index returns where the id begins in text, in whatever letter case, -1 where it
// does not. Of a UUID it is the form with dashes.
func (id *identity) index(text string) int {
	n := len(id.text)
	switch {
	case id.uuid:
		for start := nextUUID(text, 0); start >= 0; start = nextUUID(text, start+1) {
			if sameUUID(text[start:start+uuidLength], id.text) {
				return start
			}
		}
		return -1
	case n < minInText || n > maxFolded:
		return strings.Index(text, id.text)
	case id.anchor >= 0:
		for from := id.anchor; from+n-id.anchor <= len(text); from++ {
			i := strings.IndexByte(text[from:], id.text[id.anchor])
			if i < 0 {
				return -1
			}
			from += i
			if start := from - id.anchor; start+n <= len(text) && strings.EqualFold(text[start:start+n], id.text) {
				return start
			}
		}
		return -1
	}
	first := lower(id.text[0])
	for i := 0; i+n <= len(text); i++ {
		if lower(text[i]) == first && strings.EqualFold(text[i:i+n], id.text) {
			return i
		}
	}
	return -1
}

// nextUUID returns where the next UUID with dashes begins at or behind text[from],
// -1 where there is none. It goes from dash to dash, which are rarer than digits.
func nextUUID(text string, from int) int {
	const dash = 8
	for from += dash; from+uuidLength-dash <= len(text); from++ {
		i := strings.IndexByte(text[from:], '-')
		if i < 0 {
			return -1
		}
		from += i
		start := from - dash
		if start+uuidLength > len(text) {
			return -1
		}
		if isUUID(text[start : start+uuidLength]) {
			return start
		}
	}
	return -1
}

// findDashed appends the UUIDs among the record's ids that stand in text with
// their dashes, all in one scan. None is there by chance. Behind one the next may
// begin with its last digits, but the same id only behind its end.
func (w *walker) findDashed(spans []detect.Span, text string) []detect.Span {
	last, end := -1, 0
	for start := nextUUID(text, 0); start >= 0; start = nextUUID(text, start+1) {
		for i := range w.ids {
			if !w.ids[i].uuid || i == last && start < end || !sameUUID(text[start:start+uuidLength], w.ids[i].text) {
				continue
			}
			last, end = i, start+uuidLength
			spans = append(spans, detect.Span{Start: start, End: end, Kind: pii.Identity, Value: text[start:end]})
			break // another one is the same
		}
	}
	return spans
}

// findBare appends the UUIDs among the record's ids that stand in text without
// their dashes. Every 32 digits in a row cover one byte of each 32.
func (w *walker) findBare(spans []detect.Span, text string) []detect.Span {
	for at := bareLength - 1; at < len(text); at += bareLength {
		if !isHexDigit(text[at]) {
			continue
		}
		start, end := at, at+1
		for start > 0 && at-start < bareLength && isHexDigit(text[start-1]) {
			start--
		}
		for end < len(text) && end-at < bareLength && isHexDigit(text[end]) {
			end++
		}
		for ; start+bareLength <= end; start++ {
			if w.bareID(text[start : start+bareLength]) {
				spans = append(spans, detect.Span{Start: start, End: start + bareLength, Kind: pii.Identity, Value: text[start : start+bareLength]})
				break
			}
		}
	}
	return spans
}

func (w *walker) bareID(digits string) bool {
	for i := range w.ids {
		if w.ids[i].uuid && sameUUID(digits, w.ids[i].text) {
			return true
		}
	}
	return false
}

package authevent

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// Reasons for which a line is no event, beside those of jsonscan.Code. They
// are the values of auth.parse.error, and say nothing of the line's content.
const (
	reasonNotJSON   = "not_json"      // plain text
	reasonNotObject = "not_an_object" // JSON, but null, an array, a string, a number
	reasonNoEvent   = "no_event"      // an object that no profile takes
	reasonTooLong   = "too_long"      // cut at the maximum line size
)

// Reasons for which a line is skipped.
const (
	reasonBlank  = "blank"          // empty, or white space alone
	reasonHeader = "logfile_header" // the first line that Ruby's logger writes
)

const byteOrderMark = "\ufeff"

// maxRoom is how much room texts takes at a time. One record that is kept for
// long, of many that are dropped, keeps that much alive.
const maxRoom = 32 << 10

// texts makes lines strings, many in one allocation.
type texts struct {
	room strings.Builder
	// left is how many bytes of lines are announced, and not yet added: room for
	// more is of no use. Where none are, there may be a single line, or many: the
	// first gets room for itself, and each further room is twice the one before.
	left int
}

func (t *texts) copyOf(line []byte) string {
	left := t.left
	t.left = max(0, left-len(line))
	if len(line) > maxRoom/4 {
		return string(line)
	}
	if len(line) > t.room.Cap()-t.room.Len() {
		if left == 0 {
			left = 2 * t.room.Cap()
		}
		t.room.Reset() // the strings keep what they stand in
		t.room.Grow(max(len(line), min(left, maxRoom)))
	}
	start := t.room.Len()
	t.room.Write(line) // never fails
	return t.room.String()[start:]
}

// text makes a line a string: valid UTF-8, without a byte-order mark. Each byte
// that is no UTF-8 becomes U+FFFD, as in encoding/json.
func (t *texts) text(line []byte) string { return clean(t.copyOf(line)) }

// view is text for a line whose memory is never written to again.
func view(line []byte) string { return clean(unsafe.String(unsafe.SliceData(line), len(line))) }

func clean(s string) string {
	if !utf8.ValidString(s) {
		s = validUTF8(s)
	}
	return strings.TrimPrefix(s, byteOrderMark)
}

func validUTF8(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 16)
	for _, r := range s { // ranging yields U+FFFD for each bad byte
		b.WriteRune(r)
	}
	return b.String()
}

// skipReason says why a line is not even worth a record; "" if it is.
func skipReason(s string) string {
	switch {
	case strings.TrimSpace(s) == "":
		return reasonBlank
	case strings.HasPrefix(s, "# Logfile created on "):
		return reasonHeader
	}
	return ""
}

// notObjectReason tells JSON that is no object from what is no JSON.
func notObjectReason(s string) string {
	if jsonscan.Valid(s) == jsonscan.OK {
		return reasonNotObject
	}
	return reasonNotJSON
}

package tail

import (
	"bytes"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// dataEnd says what stands behind the data that is cut into lines.
type dataEnd uint8

const (
	// moreFollows: there is more to read.
	moreFollows dataEnd = iota
	// endForNow: nothing is there yet.
	endForNow
	// endForGood: nothing will come.
	endForGood
)

// cutter cuts data into lines.
type cutter struct {
	maxSize  int // of a line, in bytes, without its end
	maxLines int // of one call
}

// cut appends the lines of data, which stands at offset of its input and in a
// line as in says. It returns how much of data they span, and where in a line
// that ends. What is not spanned waits for its line's end; it is shorter than
// maxSize+lineEnd, unless the call came to maxLines.
//
// A last line without an end is a line at endForGood, and at endForNow if it is
// a complete JSON object. NULs in front of a line are skipped: they are the hole
// that a writer leaves which goes on at its old offset in a truncated file.
func (c cutter) cut(lines []Line, data []byte, offset int64, in lineState, end dataEnd) ([]Line, int, lineState) {
	pos := 0
	for len(lines) < c.maxLines {
		if in == atLineStart && pos < len(data) && data[pos] == 0 {
			pos += leadingNULs(data[pos:])
		}
		i := bytes.IndexByte(data[pos:], '\n')
		if i < 0 {
			return c.cutLast(lines, data, pos, offset, in, end)
		}
		text, truncated := TrimEnd(data[pos:pos+i+1], c.maxSize)
		if in == atLineStart || in == beforeLineEnd && len(bytes.TrimSpace(text)) > 0 {
			lines = append(lines, Line{Text: text, Offset: offset + int64(pos), Truncated: truncated})
		}
		pos += i + 1
		in = atLineStart
	}
	return lines, pos, in
}

// cutLast sees to what has no line end, data[pos:].
func (c cutter) cutLast(lines []Line, data []byte, pos int, offset int64, in lineState, end dataEnd) ([]Line, int, lineState) {
	rest := data[pos:]
	switch {
	case len(rest) == 0:
		return lines, pos, in
	case in == inLongLine:
		return lines, len(data), in
	case len(rest) >= c.maxSize+lineEnd:
		lines = append(lines, Line{Text: rest[:c.maxSize], Offset: offset + int64(pos), Truncated: true})
		return lines, len(data), inLongLine
	case in == beforeLineEnd && end == endForGood && len(bytes.TrimSpace(rest)) == 0:
		return lines, len(data), in
	case end == endForGood, end == endForNow && isWholeObject(rest):
		text, truncated := TrimEnd(rest, c.maxSize)
		lines = append(lines, Line{Text: text, Offset: offset + int64(pos), Truncated: truncated})
		return lines, len(data), beforeLineEnd
	}
	return lines, pos, in
}

func leadingNULs(b []byte) int { return len(b) - len(bytes.TrimLeft(b, "\x00")) }

// isWholeObject says whether data is one complete JSON object. No continuation
// but white space would leave it valid, so a writer is done with it.
func isWholeObject(data []byte) bool {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if len(data) < 2 || data[0] != '{' || data[len(data)-1] != '}' {
		return false
	}
	return jsonscan.Valid(string(data)) == jsonscan.OK
}

// utf16Name names the encoding of a file that begins with head, if that is
// UTF-16: by its byte-order mark, or because every other byte is NUL.
func utf16Name(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return "UTF-16 (little endian)"
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "UTF-16 (big endian)"
	}
	head = head[:min(len(head), 64)&^1]
	if len(head) < 4 {
		return ""
	}
	nul := [2]int{}
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	switch half := len(head) / 2; {
	case nul[0] == 0 && nul[1] == half:
		return "UTF-16 (little endian, no byte-order mark)"
	case nul[1] == 0 && nul[0] == half:
		return "UTF-16 (big endian, no byte-order mark)"
	}
	return ""
}

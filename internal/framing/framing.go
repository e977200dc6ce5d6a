// Package framing finds the lines in the body of a request or a message: of
// NDJSON, of one JSON object, or of a JSON array. What an envelope such as that
// of an Okta event hook holds, internal/wrapper finds.
package framing

import (
	"bytes"
	"errors"
	"math"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/tail"
)

var (
	// ErrArray says that a body is meant to be a JSON array, and is none.
	ErrArray = errors.New("the body begins like a JSON array of objects, and is none: send a complete array, or one object a line")
	// ErrTooManyLines says that a body has more lines than are wanted.
	ErrTooManyLines = errors.New("the body has too many lines")
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// Split appends the lines of body to dst: the elements of an array, the whole
// where it is one object over several lines, else what stands between line
// ends, text as well. Texts point into body. A line longer than maxLineSize is
// cut. The error is ErrArray; broken lines are no error, but lines.
func Split(dst []tail.Line, body []byte, maxLineSize int) ([]tail.Line, error) {
	return SplitUpTo(dst, body, maxLineSize, math.MaxInt)
}

// SplitUpTo is Split for a body that may have maxLines lines; of more, the error
// is ErrTooManyLines. A short line costs far more room as a record than as text,
// so the size of a body does not bound what its lines need.
func SplitUpTo(dst []tail.Line, body []byte, maxLineSize, maxLines int) ([]tail.Line, error) {
	s := splitter{lines: dst, body: body, maxLineSize: maxLineSize, room: maxLines}
	start := space(body, len(body)-len(bytes.TrimPrefix(body, byteOrderMark)))
	whole := true
	switch {
	case isArray(body, start):
		whole = s.array(start)
	case isNDJSON(body, start):
		s.ndjson(start)
	case isOneObject(body, start):
		s.add(start, len(bytes.TrimRight(body, " \t\r\n")))
	default:
		s.ndjson(start)
	}
	if !s.full && whole {
		return s.lines, nil
	}
	clear(dst[len(dst):cap(dst)]) // what was added there would keep body
	if s.full {
		return dst, ErrTooManyLines
	}
	return dst, ErrArray
}

// isArray tells an array of objects, or an empty one, from a line of text that
// begins with a bracket.
func isArray(body []byte, start int) bool {
	if start == len(body) || body[start] != '[' {
		return false
	}
	next := space(body, start+1)
	return next == len(body) || body[next] == '{' || body[next] == ']'
}

// isNDJSON says whether the first of several lines is an object by itself. Then
// the rest is not looked at.
func isNDJSON(body []byte, start int) bool {
	end := firstLineEnd(body, start)
	return end >= 0 && body[start] == '{' && jsonscan.Valid(string(body[start:end])) == jsonscan.OK
}

// isOneObject says whether body is one object over several lines.
func isOneObject(body []byte, start int) bool {
	return firstLineEnd(body, start) >= 0 && body[start] == '{' && jsonscan.Valid(string(body[start:])) == jsonscan.OK
}

// firstLineEnd returns the end of the first of several lines; -1 where there is
// only one, or none.
func firstLineEnd(body []byte, start int) int {
	end := bytes.IndexByte(body[start:], '\n')
	if end < 0 || space(body, start+end) == len(body) {
		return -1
	}
	return start + end
}

type splitter struct {
	lines       []tail.Line
	body        []byte
	maxLineSize int
	room        int  // for so many lines more
	full        bool // there was no room for one
}

// add says whether there was room for the line.
func (s *splitter) add(start, end int) bool {
	if s.room == 0 {
		s.full = true
		return false
	}
	s.room--
	text := s.body[start:end]
	truncated := len(text) > s.maxLineSize
	if truncated {
		text = text[:s.maxLineSize]
	}
	s.lines = append(s.lines, tail.Line{Text: text, Offset: int64(start), Truncated: truncated})
	return true
}

func (s *splitter) ndjson(start int) {
	for start < len(s.body) {
		end, next := len(s.body), len(s.body)
		if i := bytes.IndexByte(s.body[start:], '\n'); i >= 0 {
			end, next = start+i, start+i+1
		}
		if end > start && s.body[end-1] == '\r' {
			end--
		}
		if !s.add(start, end) {
			return
		}
		start = next
	}
}

// array adds the elements, and says whether it is an array to its end.
func (s *splitter) array(start int) bool {
	text := string(s.body)
	end := s.elements(text, start)
	return end >= 0 && jsonscan.Space(text, end) == len(text)
}

// elements adds those of the array whose bracket is text[i], and returns the
// index behind its end; -1 where it is no array, or there is no room.
func (s *splitter) elements(text string, i int) int {
	i = jsonscan.Space(text, i+1)
	if i < len(text) && text[i] == ']' {
		return i + 1
	}
	for {
		end := value(text, i)
		if end < 0 || !s.add(i, end) {
			return -1
		}
		next, more := jsonscan.Next(text, end, ']')
		if !more {
			return next
		}
		i = next
	}
}

// value returns the index behind the value at text[i], or -1. Each has the
// limits of a line: a batch of many is no big line.
func value(text string, i int) int {
	var limits jsonscan.Limits
	end, code := jsonscan.Value(text, i, &limits)
	if code != jsonscan.OK {
		return -1
	}
	return end
}

// space returns the index of the first byte from i on that is no white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// Package framing finds the lines in the body of a request or a message: of
// NDJSON, of one JSON object, or of a JSON array.
package framing

import (
	"bytes"
	"errors"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// ErrArray says that a body is meant to be a JSON array, and is none.
var ErrArray = errors.New("the body begins like a JSON array of objects, and is none: send a complete array, or one object a line")

var byteOrderMark = []byte("\xef\xbb\xbf")

// Split appends the lines of body to dst: the elements of an array, the whole
// where it is one object over several lines, else what stands between line
// ends, text as well. Texts point into body. A line longer than maxLineSize is
// cut. The error is ErrArray; broken lines are no error, but lines.
func Split(dst []tail.Line, body []byte, maxLineSize int) ([]tail.Line, error) {
	s := splitter{lines: dst, body: body, maxLineSize: maxLineSize}
	start := space(body, len(body)-len(bytes.TrimPrefix(body, byteOrderMark)))
	switch {
	case isArray(body, start):
		if !s.array(start) {
			return dst, ErrArray
		}
	case isOneObject(body, start):
		s.add(start, len(bytes.TrimRight(body, " \t\r\n")))
	default:
		s.ndjson(start)
	}
	return s.lines, nil
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

// isOneObject says whether body is one object over several lines. Where the
// first line is an object by itself, it is NDJSON, and the rest is not looked at.
func isOneObject(body []byte, start int) bool {
	if start == len(body) || body[start] != '{' {
		return false
	}
	end := bytes.IndexByte(body[start:], '\n')
	if end < 0 || jsonscan.Valid(string(body[start:start+end])) == jsonscan.OK {
		return false
	}
	return jsonscan.Valid(string(body[start:])) == jsonscan.OK
}

type splitter struct {
	lines       []tail.Line
	body        []byte
	maxLineSize int
}

func (s *splitter) add(start, end int) {
	text := s.body[start:end]
	truncated := len(text) > s.maxLineSize
	if truncated {
		text = text[:s.maxLineSize]
	}
	s.lines = append(s.lines, tail.Line{Text: text, Offset: int64(start), Truncated: truncated})
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
		s.add(start, end)
		start = next
	}
}

// array adds the elements, and says whether it is an array to its end.
func (s *splitter) array(start int) bool {
	text := string(s.body)
	i := jsonscan.Space(text, start+1)
	if i < len(text) && text[i] == ']' {
		return jsonscan.Space(text, i+1) == len(text)
	}
	for {
		// Each element has the limits of a line: a batch of many is no big line.
		var limits jsonscan.Limits
		end, code := jsonscan.Value(text, i, &limits)
		if code != jsonscan.OK {
			return false
		}
		s.add(i, end)
		next, more := jsonscan.Next(text, end, ']')
		if next < 0 {
			return false
		}
		if !more {
			return jsonscan.Space(text, next) == len(text)
		}
		i = next
	}
}

// space returns the index of the first byte from i on that is no white space.
func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

package main

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// withJSONScan walks the line with the primitives of internal/jsonscan, as the
// decoder of internal/authevent does. It is there for work that is equal to that
// of the libraries: ours also finds the profile, the event, its outcome and its
// severity. It refuses what ours refuses.
func withJSONScan(root *field) (reader, error) {
	return func(line string, v *values) error {
		w := scanWalk{line: line, values: v}
		start := jsonscan.Space(line, 0)
		if start >= len(line) || line[start] != '{' {
			return errInvalid
		}
		end, code := w.object(start, root)
		if code != jsonscan.OK || jsonscan.Space(line, end) != len(line) {
			return errInvalid
		}
		return nil
	}, nil
}

type scanWalk struct {
	line   string
	values *values
	limits jsonscan.Limits
}

func (w *scanWalk) object(i int, of *field) (int, jsonscan.Code) {
	s := w.line
	if code := w.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	if i = jsonscan.Space(s, i+1); i < len(s) && s[i] == '}' {
		w.limits.Leave()
		return i + 1, jsonscan.OK
	}
	var last *field
	for {
		code := w.limits.Member()
		if code != jsonscan.OK {
			return -1, code
		}
		var f *field
		if f, i = w.name(i, of, &last); i < 0 {
			return -1, jsonscan.Syntax
		}
		if f == nil {
			i, code = jsonscan.Value(s, i, &w.limits)
		} else {
			i, code = w.value(i, f)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		var more bool
		if i, more = jsonscan.Next(s, i, '}'); i < 0 {
			return -1, jsonscan.Syntax
		} else if !more {
			w.limits.Leave()
			return i, jsonscan.OK
		}
	}
}

// name returns the member whose name stands at line[i], and where its value
// does. The name that is likely is compared before any is scanned.
func (w *scanWalk) name(i int, of *field, last **field) (*field, int) {
	s := w.line
	if guess := of.likely(*last); guess != nil && strings.HasPrefix(s[i:], guess.literal) {
		if value := i + len(guess.literal); value < len(s) && s[value] > ' ' {
			*last = guess
			return guess, value
		}
	}
	if i >= len(s) || s[i] != '"' {
		return nil, -1
	}
	end, _ := jsonscan.String(s, i)
	if end < 0 {
		return nil, -1
	}
	name := w.values.textOf(bytesOf(s[i:end]))
	return of.member(last, name), jsonscan.Colon(s, end)
}

func (w *scanWalk) value(i int, f *field) (int, jsonscan.Code) {
	w.values.began(f)
	if f.members != nil && i < len(w.line) && w.line[i] == '{' {
		return w.object(i, f)
	}
	end, code := jsonscan.Value(w.line, i, &w.limits)
	if code == jsonscan.OK && f.slot >= 0 {
		w.values.texts[f.slot] = w.values.textOf(bytesOf(w.line[i:end]))
	}
	return end, code
}

package main

import (
	"bytes"
	"unsafe"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// values are the texts of a line's fields, by slot; "" for none. They last as
// long as the line's own bytes and room, which a batch of records owns.
type values struct {
	root  *field
	texts []string
	// room is where texts stand that do not stand in the line as they are. It is
	// never written twice: append moves to new memory when it is full.
	room []byte
}

// began says that a value of f begins. Of duplicate members the last counts,
// and nothing of the others.
func (v *values) began(f *field) { clear(v.texts[f.first:f.end]) }

// keep copies a text that its library will overwrite.
func (v *values) keep(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if len(v.room)+len(text) > cap(v.room) {
		v.room = make([]byte, 0, max(roomSize, len(text)))
	}
	start := len(v.room)
	v.room = append(v.room, text...)
	return view(v.room[start:])
}

const roomSize = 32 << 10

// textOf is the text of a value as it stands in JSON: what a string stands for,
// a number or truth value as written, "" for null, an object or an array.
func (v *values) textOf(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case 'n', '{', '[':
		return ""
	case '"':
		raw = raw[1 : len(raw)-1]
		if bytes.IndexByte(raw, '\\') >= 0 {
			return view(jsonscan.AppendUnescaped(nil, view(raw)))
		}
	}
	return view(raw)
}

// view is the bytes as a string. They must not change while it is used.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bytesOf is a string as bytes, for libraries that take no strings. None of
// those here writes to what it parses.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

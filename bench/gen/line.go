package main

import (
	"strconv"
	"time"
)

// line builds one JSON text. Names and strings are written between quotes as
// they are: whoever passes one with a character that JSON escapes passes it
// escaped.
type line struct{ b []byte }

func (l *line) name(name string) {
	// What stands before is either the opening brace or a member.
	if n := len(l.b); n > 0 && l.b[n-1] != '{' {
		l.b = append(l.b, ',')
	}
	l.b = append(l.b, '"')
	l.b = append(l.b, name...)
	l.b = append(l.b, '"', ':')
}

func (l *line) begin()                { l.b = append(l.b, '{') }
func (l *line) end()                  { l.b = append(l.b, '}') }
func (l *line) object(name string)    { l.name(name); l.begin() }
func (l *line) raw(name, v string)    { l.name(name); l.b = append(l.b, v...) }
func (l *line) null(name string)      { l.raw(name, "null") }
func (l *line) bool(n string, v bool) { l.name(n); l.b = strconv.AppendBool(l.b, v) }
func (l *line) int(n string, v int64) { l.name(n); l.b = strconv.AppendInt(l.b, v, 10) }

func (l *line) string(name, v string) {
	l.name(name)
	l.b = append(l.b, '"')
	l.b = append(l.b, v...)
	l.b = append(l.b, '"')
}

// orNull writes the empty string as null.
func (l *line) orNull(name, v string) {
	if v == "" {
		l.null(name)
		return
	}
	l.string(name, v)
}

func (l *line) float(name string, v float64, digits int) {
	l.name(name)
	l.b = strconv.AppendFloat(l.b, v, 'f', digits, 64)
}

// milliseconds is how both sources write a time.
const milliseconds = "2006-01-02T15:04:05.000Z07:00"

func (l *line) time(name string, t time.Time) {
	l.name(name)
	l.b = append(l.b, '"')
	l.b = t.AppendFormat(l.b, milliseconds)
	l.b = append(l.b, '"')
}

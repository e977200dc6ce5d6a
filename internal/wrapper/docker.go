package wrapper

import (
	"bytes"
	"time"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// docker reads an object of Docker's json-file driver:
//
//	{"log":"the text\n","stream":"stdout","time":"2026-05-20T10:00:00.123Z"}
//
// Docker cuts a line at 16 KB. All pieces but the last have no line end.
func (u *Unwrapper) docker(text []byte) (p piece, ok bool) {
	s := view(text)
	var log literal
	var haveStream, haveTime, haveAttrs bool
	o := objectAt(s, 0)
	for o.next() {
		switch {
		case o.name == "log" && !log.present():
			if log, ok = o.string(); !ok {
				return piece{}, false
			}
		case o.name == "stream" && !haveStream:
			name, plain := o.plain()
			if p.stream, haveStream = streamOf(name); !plain || !haveStream {
				return piece{}, false
			}
		case o.name == "time" && !haveTime:
			if p.time, haveTime = o.time(); !haveTime {
				return piece{}, false
			}
		case o.name == "attrs" && !haveAttrs && s[o.value] == '{':
			haveAttrs = true
		default: // not Docker's: an IdP may well have a member called log
			return piece{}, false
		}
	}
	if !log.present() || !haveStream || !haveTime || !isEnd(s, o.end) {
		return piece{}, false
	}
	p.text = u.unescaped(text, log)
	p.text, p.partial = cutLineEnd(p.text)
	return p, true
}

// cutLineEnd takes "\n" or "\r\n" off, as from the lines of a file; partial
// where neither stands.
func cutLineEnd(text []byte) (line []byte, partial bool) {
	line, found := bytes.CutSuffix(text, []byte{'\n'})
	if !found {
		return text, true
	}
	return bytes.TrimSuffix(line, []byte{'\r'}), false
}

// time reads the value as an RFC 3339 time.
func (o *object) time() (t time.Time, ok bool) {
	s, ok := o.plain()
	if !ok {
		return t, false
	}
	t, length, _ := stamp(s)
	return t, length > 0 && length == len(s)
}

// isEnd says whether nothing but white space stands behind i, where an object
// has ended; i is -1 for a damaged one.
func isEnd(s string, i int) bool { return i >= 0 && jsonscan.Space(s, i) == len(s) }

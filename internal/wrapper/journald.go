package wrapper

import (
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// journald reads an entry of journalctl -o json:
//
//	{"__CURSOR":"s=…","__REALTIME_TIMESTAMP":"1779271200000000","MESSAGE":"the text",…}
//
// A message that is no UTF-8, or has control characters, comes as an array of
// its bytes as numbers. One above 4 KB comes as null, unless journalctl is run
// with --all: such an entry passes unchanged, so that the loss can be seen. So
// does an entry with several messages.
func (u *Unwrapper) journald(text []byte) (p piece, ok bool) {
	s := view(text)
	var message literal
	var cursor, isList bool
	var list []byte
	buffered := len(u.buf)
	defer func() {
		if !ok {
			p, u.buf = piece{}, u.buf[:buffered]
		}
	}()
	o := objectAt(s, 0)
	for o.next() {
		switch o.name {
		case "__CURSOR":
			cursor = s[o.value] == '"'
		case "__REALTIME_TIMESTAMP":
			micros, plain := o.plain()
			if p.time, ok = microseconds(micros); !ok || !plain {
				return p, false
			}
		case "MESSAGE":
			if message.present() || isList {
				return p, false
			}
			if s[o.value] == '[' { // read at once: it may be longer than Limits allow
				isList = true
				if list, o.behind = u.bytesOf(s, o.value); o.behind < 0 {
					return p, false
				}
			} else if message, ok = o.string(); !ok {
				return p, false
			}
		default:
			if !isFieldName(o.name) {
				return p, false
			}
		}
	}
	if !isEnd(s, o.end) || !cursor || p.time.IsZero() || !message.present() && !isList {
		return p, false
	}
	if p.text = list; !isList {
		p.text = u.unescaped(text, message)
	}
	return p, true
}

// isFieldName says whether a journal's field may have that name.
func isFieldName(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return name != ""
}

// microseconds reads a time since the epoch.
func microseconds(s string) (t time.Time, ok bool) {
	if n := decimal(s); n > 0 && len(s) <= 18 {
		return time.UnixMicro(int64(n)).UTC(), true
	}
	return t, false
}

// bytesOf appends the array of numbers at s[i] to buf, as the bytes that they
// are. end is the index behind the array, or -1.
func (u *Unwrapper) bytesOf(s string, i int) (text []byte, end int) {
	start := len(u.buf)
	end = elements(s, i, func(at int) int {
		behind, integer, _ := jsonscan.Number(s, at)
		if behind < 0 || !integer || behind-at > 3 {
			return -1
		}
		n := decimal(s[at:behind])
		if n < 0 || n > 255 {
			return -1
		}
		u.buf = append(u.buf, byte(n))
		return behind
	})
	if end < 0 || len(u.buf) == start {
		return nil, -1
	}
	return slices.Clip(u.buf[start:]), end
}

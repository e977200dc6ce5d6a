package wrapper

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// cloudWatch reads envelopes of a CloudWatch Logs subscription:
//
//	{"messageType":"DATA_MESSAGE","logGroup":"…","logStream":"…","owner":"…",
//	 "subscriptionFilters":["…"],"logEvents":[{"id":"…","timestamp":1779271200000,"message":"…"}]}
//
// Firehose puts several on one line, with nothing between them; their lines are
// counted on. A control message holds no line. With strict, that is in Auto,
// a message may be a wrapped line itself, of one more wrapper.
//
// The first envelope that is damaged, or cut, passes unchanged with all that
// follows it.
func (u *Unwrapper) cloudWatch(dst []Line, text []byte, whole Line, strict bool) []Line {
	s := view(text)
	for i := 0; i < len(s); i = jsonscan.Space(s, i) {
		lines, index, buffered := len(dst), whole.Index, len(u.buf)
		var end int
		if dst, end = u.envelope(dst, text, i, &whole, strict); end < 0 {
			dst, u.buf = cutBack(dst, lines), u.buf[:buffered]
			u.inner.discard()
			whole.Index = index
			if i > 0 {
				whole.Text = text[i:]
			}
			return append(dst, whole)
		}
		// The next envelope may be of another log stream: no part waits for it.
		dst = u.flush(dst, &u.inner)
		i = end
	}
	if whole.Truncated { // cut between two envelopes: what is missing still shows
		whole.Text = text[len(text):]
		return append(dst, whole)
	}
	return dst
}

// envelope appends the lines of the envelope at text[i]. It returns the index
// behind it, or -1 where it is none; what it has appended is then void.
func (u *Unwrapper) envelope(dst []Line, text []byte, i int, whole *Line, strict bool) (lines []Line, end int) {
	s := view(text)
	first := len(dst)
	var kind string
	var group, events bool
	o := objectAt(s, i)
	for o.next() {
		switch o.name {
		case "messageType":
			kind, _ = o.plain()
		case "logGroup":
			group = s[o.value] == '"'
		case "logEvents":
			if events {
				return dst, -1
			}
			events = true
			o.behind = elements(s, o.value, func(at int) int {
				if whole.Index >= maxEvents {
					return -1
				}
				var behind int
				dst, behind = u.event(dst, text, at, whole, strict)
				whole.Index++
				return behind
			})
			if o.behind < 0 {
				return dst, -1
			}
		}
	}
	switch {
	case o.end < 0 || !group || !events:
		return dst, -1
	case kind == "CONTROL_MESSAGE":
		u.inner.discard()
		return cutBack(dst, first), o.end
	case kind != "DATA_MESSAGE":
		return dst, -1
	}
	return dst, o.end
}

// event appends the line of the log event at text[i], and returns the index
// behind the event, or -1.
func (u *Unwrapper) event(dst []Line, text []byte, i int, whole *Line, strict bool) (lines []Line, end int) {
	var message literal
	var p piece
	ok := true
	o := objectAt(view(text), i)
	for ok && o.next() {
		switch o.name {
		case "message":
			message, ok = o.string()
		case "timestamp":
			p.time, ok = o.milliseconds()
		}
	}
	if !ok || o.end < 0 || !message.present() {
		return dst, -1
	}
	p.text = u.unescaped(text, message)
	if strict {
		p = u.unwrapOnce(p)
	}
	of := *whole
	of.Truncated = false // it stands complete in front of the cut
	return u.join(dst, &u.inner, p, of), o.end
}

// unwrapOnce takes one more wrapper off, of those that hold a single line. The
// time nearest to the line is the better one.
func (u *Unwrapper) unwrapOnce(p piece) piece {
	inner, ok := u.piece(guess(p.text), p.text, true)
	if !ok {
		return p
	}
	if inner.time.IsZero() {
		inner.time = p.time
	}
	return inner
}

// milliseconds reads a time since the epoch.
func (o *object) milliseconds() (t time.Time, ok bool) {
	end, integer, code := jsonscan.Number(o.s, o.value)
	if code != jsonscan.OK {
		return t, false
	}
	o.behind = end
	if n := decimal(o.s[o.value:end]); integer && n > 0 && end-o.value <= 15 {
		t = time.UnixMilli(int64(n)).UTC()
	}
	return t, true
}

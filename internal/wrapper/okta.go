package wrapper

import (
	"time"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// oktaHookType is the eventType of an event hook's body.
const oktaHookType = "com.okta.event_hook"

// oktaEventHook reads the body that Okta posts to an event hook. Each element
// of data.events, an event of the System Log, is a line; the body's eventTime
// is their time, which says when the hook was sent.
func (u *Unwrapper) oktaEventHook(dst []Line, text []byte, whole Line) []Line {
	s := view(text)
	first, line := len(dst), whole
	var kind string
	var sent time.Time
	events := false
	o := objectAt(s, 0)
	for o.next() {
		switch o.name {
		case "eventType":
			kind, _ = o.plain()
		case "eventTime":
			sent, _ = o.time()
		case "data":
			if events {
				return append(cutBack(dst, first), whole)
			}
			if dst, o.behind = oktaEvents(dst, text, o.value, &line); o.behind < 0 {
				return append(cutBack(dst, first), whole)
			}
			events = true
		}
	}
	if !isEnd(s, o.end) || !events || kind != oktaHookType {
		return append(cutBack(dst, first), whole)
	}
	for i := range dst[first:] {
		dst[first+i].Time = sent
	}
	return dst
}

// oktaEvents appends the elements of the member events of the object at text[i],
// and returns the index behind the object, or -1.
func oktaEvents(dst []Line, text []byte, i int, line *Line) (lines []Line, end int) {
	s := view(text)
	events := false
	o := objectAt(s, i)
	for o.next() {
		if o.name != "events" {
			continue
		}
		if events {
			return dst, -1
		}
		events = true
		o.behind = elements(s, o.value, func(at int) int {
			if line.Index >= maxEvents {
				return -1
			}
			var limits jsonscan.Limits
			behind, code := jsonscan.Value(s, at, &limits)
			if code != jsonscan.OK || s[at] != '{' {
				return -1
			}
			line.Text = text[at:behind:behind]
			dst = append(dst, *line)
			line.Index++
			return behind
		})
		if o.behind < 0 {
			return dst, -1
		}
	}
	if !events {
		return dst, -1
	}
	return dst, o.end
}

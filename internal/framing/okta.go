package framing

import (
	"bytes"
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// oktaHookType is the eventType of what an Okta event hook posts: one object
// with the events, as the System Log has them, in /data/events.
const oktaHookType = `"com.okta.event_hook"`

// oktaHook adds the events of an Okta event hook, and says whether body is one.
func (s *splitter) oktaHook(start int) bool {
	// The search is cheaper than the walk, and nearly always enough.
	if start == len(s.body) || s.body[start] != '{' || !bytes.Contains(s.body, []byte(oktaHookType)) {
		return false
	}
	text := string(s.body)
	lines, room := len(s.lines), s.room
	var named, listed bool
	end := members(text, start, func(name string, i int) int {
		switch {
		case name == `"eventType"`:
			named = strings.HasPrefix(text[i:], oktaHookType)
		case name == `"data"` && text[i] == '{':
			return members(text, i, func(name string, i int) int {
				if name == `"events"` && text[i] == '[' && !listed {
					listed = true
					return s.elements(text, i)
				}
				return value(text, i)
			})
		}
		return value(text, i)
	})
	if s.full || named && listed && end >= 0 && jsonscan.Space(text, end) == len(text) {
		return true
	}
	s.lines, s.room = s.lines[:lines], room
	return false
}

// members calls visit with the name, in quotes, of each member of the object
// whose brace is text[i], and the index of its value. visit returns the index
// behind the value, or -1; so does members for the object.
func members(text string, i int, visit func(name string, i int) int) int {
	i = jsonscan.Space(text, i+1)
	if i < len(text) && text[i] == '}' {
		return i + 1
	}
	for {
		if i >= len(text) || text[i] != '"' {
			return -1
		}
		end, _ := jsonscan.String(text, i)
		if end < 0 {
			return -1
		}
		name := text[i:end]
		if i = jsonscan.Colon(text, end); i < 0 || i >= len(text) {
			return -1
		}
		if end = visit(name, i); end < 0 {
			return -1
		}
		next, more := jsonscan.Next(text, end, '}')
		if !more {
			return next
		}
		i = next
	}
}

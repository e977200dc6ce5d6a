package scrub

import (
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// Most members of a body are simple: what is to be done with the value is said by
// their own nodes, and by nothing else. Most of these stay as they are: they are
// said to be public or nothing of them is, and the value is a truth value, a number
// or a text in which there is nothing to find. For simple members the walk's
// bookkeeping is more work than the look at the value. So they are walked here;
// whatever is not certain to be simple jsonObject looks at, from the member's
// beginning.

// simpleMembers walks the members of an object from at on that are simple, up to the
// first one that isn't: that is member, whose value begins at l.src[value], or nil
// where it is not known. done is the index behind the object, if that ended; else 0.
// listed: somebody says what is in the object, or it is counted that nobody does. It
// must not be called where what stands around the object says something of what is
// in it.
func (w *walker) simpleMembers(l *level, at cursor, listed bool, nest int) (to cursor, member *node, value, done int, code jsonscan.Code) {
	src := l.src
	for at.guess != nil {
		member = at.guess.Load()
		if member == nil || member.opening == "" || !listed && !member.listed {
			return at, nil, 0, 0, jsonscan.OK
		}
		value = at.next + len(member.opening)
		if value >= len(src) || src[value] <= ' ' || src[at.next:value] != member.opening {
			return at, nil, 0, 0, jsonscan.OK
		}
		end, left := w.quietValue(src, value, member.passes), true
		if end < 0 {
			if member.passes || src[value] != '"' || w.t.dropped[member.leaf] {
				return at, member, value, 0, jsonscan.OK
			}
			if end, left = w.knownText(l, value, member.leaf, nest); end < 0 {
				return at, nil, 0, -1, jsonscan.Syntax
			}
		}
		if code = l.limits.Member(); code != jsonscan.OK {
			return at, nil, 0, -1, code
		}
		if left && end+1 < len(src) && src[end] == ',' && src[end+1] == '"' { // as writers write it
			at = cursor{end + 1, end, &member.next, true}
			continue
		}
		next, more := l.afterItem(at.behind, at.next, end, '}', !left, at.kept)
		switch {
		case next < 0:
			return at, nil, 0, -1, jsonscan.Syntax
		case !more:
			return at, nil, 0, next, jsonscan.OK
		}
		at = cursor{next, end, &member.next, at.kept || left}
	}
	return at, nil, 0, 0, jsonscan.OK
}

// knownText scrubs the string at l.src[i], which is of the kind, and says whether it
// is left; end is -1 where it is none.
func (w *walker) knownText(l *level, i int, kind pii.Kind, nest int) (end int, left bool) {
	end, escaped := jsonscan.String(l.src, i)
	if end < 0 {
		return -1, true
	}
	text := l.unquote(i, end, escaped)
	if text == "" || text == Redacted {
		return end, true
	}
	text, became := w.known(kind, text, nest)
	return end, l.apply(i, end, text, became)
}

// freeMembers is simpleMembers for an object of which no node says what is in it, but
// that somebody lists: it steps over the members that stay as they are.
func (w *walker) freeMembers(l *level, at cursor) (to cursor, done int, code jsonscan.Code) {
	src := l.src
	for {
		value := w.quietName(src, at.next)
		if value < 0 {
			return at, 0, jsonscan.OK
		}
		end := w.quietValue(src, value, true)
		if end < 0 {
			return at, 0, jsonscan.OK
		}
		if code = l.limits.Member(); code != jsonscan.OK {
			return at, -1, code
		}
		next, more := jsonscan.Next(src, end, '}')
		switch {
		case next < 0:
			return at, -1, jsonscan.Syntax
		case !more:
			l.limits.Leave()
			return at, next, jsonscan.OK
		}
		at = cursor{next: next, behind: end, kept: true}
	}
}

// quietName returns where the value begins of the member at src[i], if its name
// stays as it is and says nothing of the value; else -1.
func (w *walker) quietName(src string, i int) (value int) {
	if i >= len(src) || src[i] != '"' {
		return -1
	}
	closing, set := detect.PlainLiteral(src, i)
	if closing <= i+1 || infoOf(src[i+1:closing]) != (nameInfo{}) || !w.isQuiet(src[i+1:closing], set) {
		return -1
	}
	if value = closing + len(`":`); value >= len(src) || src[closing+1] != ':' || src[value] <= ' ' {
		return -1
	}
	return value
}

// quietValue returns the index behind the value at src[i] if it stays as it is,
// else -1. passes: its place says nothing that is to be done with it.
func (w *walker) quietValue(src string, i int, passes bool) (end int) {
	switch c := src[i]; c {
	case '"':
		if i+1 < len(src) && src[i+1] == '"' {
			return i + 2
		}
		if !passes {
			return -1
		}
		closing, set := detect.PlainLiteral(src, i)
		if closing < 0 {
			return -1
		}
		if text := src[i+1 : closing]; !w.isQuiet(text, set) && !w.comesAgain(text) {
			return -1
		}
		return closing + 1
	case 'n':
		return jsonscan.Literal(src, i)
	case 't', 'f':
		if passes {
			return jsonscan.Literal(src, i)
		}
		return -1
	case '{', '[':
		return -1
	}
	if !passes {
		return -1
	}
	end, _, code := jsonscan.Number(src, i)
	if code != jsonscan.OK || end-i >= minNumber && end-i >= w.shortestID() {
		return -1
	}
	return end
}

// isQuiet says whether searchAt leaves a text alone, whose set is given: no id of
// the record stands in it, it is no JSON, and holds nothing to be found.
func (w *walker) isQuiet(text string, set detect.Set) bool {
	if text[0] == '{' || text[0] == '[' || text[0] == ' ' {
		return false
	}
	if len(text) >= w.shortestID() && (len(text) >= bareLength || detect.MayHaveEscape(set) || !w.holdsNoID(text)) {
		return false
	}
	return !w.s.finder.MayHold(text, set)
}

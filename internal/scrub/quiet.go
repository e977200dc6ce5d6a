package scrub

import (
	"sync/atomic"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// Most members of a body stay as they are: their names are known, what they hold is
// said to be public or nothing of it is, and it is a truth value, a number or a short
// text in which there is nothing to find. For these the walk's bookkeeping is more
// work than the look at the value. So they are stepped over here; whatever is not
// certain to stay the walk looks at, from the member's beginning.

// quietRun is how far quietMembers got.
type quietRun struct {
	// next is where the first member begins that is to be looked at, guess what may
	// stand there, and behind is the end of the member before it.
	next, behind int
	guess        *atomic.Pointer[node]
	// member is what does stand there, nil where that is not known yet, and value
	// is where its value begins.
	member *node
	value  int
	// ended is the index behind the object, if that ended; else 0.
	ended int
	code  jsonscan.Code
}

// quietMembers steps over the members of an object from l.src[i] on that stay as
// they are. listed: somebody says what is in the object, or it is counted that
// nobody does. It must not be called where what stands around the object says
// something of what is in it.
func (w *walker) quietMembers(l *level, i int, guess *atomic.Pointer[node], listed bool) (run quietRun) {
	src := l.src
	run.next, run.guess = i, guess
	for run.guess != nil {
		member := run.guess.Load()
		if member == nil || member.opening == "" || !listed && !member.listed {
			return run
		}
		value := run.next + len(member.opening)
		if value >= len(src) || src[value] <= ' ' || src[run.next:value] != member.opening {
			return run
		}
		end := w.quietValue(src, value, member.passes)
		if end < 0 {
			run.member, run.value = member, value
			return run
		}
		if run.code = l.limits.Member(); run.code != jsonscan.OK {
			run.ended = -1
			return run
		}
		run.behind = end
		if end+1 < len(src) && src[end] == ',' && src[end+1] == '"' { // as writers write it
			run.next, run.guess = end+1, &member.next
			continue
		}
		next, more := jsonscan.Next(src, end, '}')
		switch {
		case next < 0:
			run.ended, run.code = -1, jsonscan.Syntax
			return run
		case !more:
			l.limits.Leave()
			run.ended = next
			return run
		}
		run.next, run.guess = next, &member.next
	}
	return run
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

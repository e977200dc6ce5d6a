package scrub

import (
	"sync/atomic"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// cursor is how far a walk over the members of an object is.
type cursor struct {
	// next is where the next member begins, and behind the end of the one before it.
	next, behind int
	// guess is what may stand there.
	guess *atomic.Pointer[node]
	// kept: a member before it stays.
	kept bool
}

// jsonObject scrubs the object at l.src[i].
func (w *walker) jsonObject(l *level, i int, n *node, outer *spot, nest int) (end int, code jsonscan.Code) {
	if code = l.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	start := i
	if i = jsonscan.Space(l.src, i+1); i < len(l.src) && l.src[i] == '}' {
		l.limits.Leave()
		return i + 1, jsonscan.OK
	}
	var taken nameSet // of the names in it, once one changes
	var with pair     // what the names in it say of the values beside them
	hasValue := false
	at := cursor{next: i, behind: i}
	if n != nil {
		at.guess = &n.first
	}
	var p spot // of the member at hand
	listed, simple := outer.listed || outer.noted, !w.thorough && outer.saysNothing()
	for ; ; at.behind = end {
		var child *node
		value := 0
		if simple {
			done := 0
			if at.guess != nil {
				at, child, value, done, code = w.simpleMembers(l, at, listed, nest)
			} else if listed && n.isFree() {
				at, done, code = w.freeMembers(l, at)
			}
			if done != 0 {
				return done, code
			}
		}
		if code = l.limits.Member(); code != jsonscan.OK {
			return -1, code
		}
		i = at.next
		var name string
		nameEnd := value - len(":")
		if child != nil {
			name = child.name
		} else {
			if i >= len(l.src) || l.src[i] != '"' {
				return -1, jsonscan.Syntax
			}
			if child, nameEnd, name = l.member(i, n, at.guess); nameEnd < 0 {
				return -1, jsonscan.Syntax
			}
			if value = jsonscan.Colon(l.src, nameEnd); value < 0 || value >= len(l.src) {
				return -1, jsonscan.Syntax
			}
		}
		at.guess = nil
		if child != nil && child.literal {
			at.guess = &child.next
		}
		outer.toMember(&p, child, name)
		if p.role&holdsValue != 0 {
			if !hasValue {
				with, hasValue = w.jsonPair(l, start), true
			}
			p = p.paired(with, child)
		}
		if !p.listed {
			w.member = l.src[i+1 : nameEnd-1] // name may be borrowed, from what the value goes to
		}
		left := w.jsonStays(l, value, child, &p)
		if left {
			mark := l.mark()
			text, renamed, free := "", false, ""
			if child == nil || !child.plain {
				if text, renamed = w.key(name, outer.kind); renamed {
					if taken == nil {
						taken = jsonNames(l.src, start)
					}
					free = taken.free(text)
					l.replace(i, nameEnd, free)
					p.direct = stronger(p.direct, nameKind(text)) // "code a@b", dropped
				}
			}
			if end, left, code = w.jsonValue(l, value, child, &p, nest); !left {
				l.back(mark)
				if renamed {
					taken.release(text, free)
				}
			}
		} else {
			end, code = jsonscan.Value(l.src, value, &l.limits)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		next, more := l.afterItem(at.behind, i, end, '}', !left, at.kept)
		switch {
		case next < 0:
			return -1, jsonscan.Syntax
		case !more:
			return next, jsonscan.OK
		}
		at.next, at.kept = next, at.kept || left
	}
}

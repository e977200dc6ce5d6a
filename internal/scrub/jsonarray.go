package scrub

import (
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// jsonArray scrubs the array at l.src[i].
func (w *walker) jsonArray(l *level, i int, n *node, outer *spot, nest int) (end int, code jsonscan.Code) {
	if code = l.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	if i = jsonscan.Space(l.src, i+1); i < len(l.src) && l.src[i] == ']' {
		l.limits.Leave()
		return i + 1, jsonscan.OK
	}
	kept := false
	pairs := listPairs{role: outer.role}
	var p spot // of the element at hand
	for index, behind := 0, i; ; index, behind = index+1, end {
		if code = l.limits.Member(); code != jsonscan.OK {
			return -1, code
		}
		if i >= len(l.src) {
			return -1, jsonscan.Syntax
		}
		child := n.element(index)
		p = outer.element(child)
		if of := pairs.json(w, l, i); of.kind != pii.None {
			p = p.paired(of, child)
		}
		w.member = "" // an element has no name
		left := w.jsonStays(l, i, child, &p)
		if left {
			end, left, code = w.jsonValue(l, i, child, &p, nest)
		} else {
			end, code = jsonscan.Value(l.src, i, &l.limits)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		next, more := l.afterItem(behind, i, end, ']', !left, kept)
		switch {
		case next < 0:
			return -1, jsonscan.Syntax
		case !more:
			return next, jsonscan.OK
		}
		kept = kept || left
		i = next
	}
}

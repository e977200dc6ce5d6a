package scrub

import "github.com/authevents/otelcol-auth/internal/jsonscan"

// level is a JSON text being rewritten. What does not change is copied as it
// stands, in as few pieces as there are changes.
type level struct {
	src    string
	out    []byte
	copied int // src[:copied] is in out, or cut
	limits jsonscan.Limits
	// unescaped holds the name or string at hand, until the next one.
	unescaped []byte
}

// cut copies what stands before src[a:b] and leaves that out.
func (l *level) cut(a, b int) {
	l.out = append(l.out, l.src[l.copied:a]...)
	l.copied = b
}

// mark is a state of the output to go back to: a member whose value turns out
// to be gone takes a changed name with it.
func (l *level) mark() [2]int { return [2]int{len(l.out), l.copied} }

func (l *level) back(mark [2]int) { l.out, l.copied = l.out[:mark[0]], mark[1] }

// replace replaces the value src[a:b] by a string.
func (l *level) replace(a, b int, text string) {
	l.cut(a, b)
	l.out = jsonscan.AppendQuoted(l.out, text)
}

// unquote returns what the literal src[a:b] stands for; it may be borrowed
// from l.unescaped.
func (l *level) unquote(a, b int, escaped bool) string {
	inside := l.src[a+1 : b-1]
	if !escaped {
		return inside
	}
	l.unescaped = jsonscan.AppendUnescaped(l.unescaped[:0], inside)
	return borrow(l.unescaped)
}

// apply writes what became of the value src[a:b], and says whether it is left.
func (l *level) apply(a, b int, text string, became fate) (left bool) {
	switch became {
	case gone:
		return false
	case changed, lent:
		l.replace(a, b, text)
	}
	return true
}

// afterItem steps over what stands behind the member or element src[i:end], as
// jsonscan.Next does, and leaves the item out if it is dropped.
func (l *level) afterItem(behind, i, end int, closing byte, drop, kept bool) (next int, more bool) {
	if next, more = jsonscan.Next(l.src, end, closing); next < 0 {
		return -1, false
	}
	if drop {
		l.cutItem(behind, i, end, next, kept, more)
	}
	if !more {
		l.limits.Leave()
	}
	return next, more
}

// cutItem leaves out the member or element src[i:end] and one comma with it:
// the one before it, if an item before it stays, else the one behind it.
// behind is the end of the item before; next is where the next one begins.
func (l *level) cutItem(behind, i, end, next int, kept, more bool) {
	switch {
	case kept:
		l.cut(behind, end)
	case more:
		l.cut(i, next)
	default:
		l.cut(i, end)
	}
}

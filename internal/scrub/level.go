package scrub

import (
	"sync/atomic"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
)

// level is a JSON text being rewritten. What does not change is copied as it
// stands, in as few pieces as there are changes.
type level struct {
	src    string
	out    []byte
	copied int // src[:copied] is in out, or cut
	limits jsonscan.Limits
	ahead  int // see maxAhead: how much may yet be read
	at     int // where in src the value at hand begins
	// unescaped holds the name or string at hand, until the next one.
	unescaped []byte
}

// member reads the name at src[i] of a member of the object at n: its node,
// where it ends, or -1, and what it stands for, which may be borrowed.
func (l *level) member(i int, n *node, guess *atomic.Pointer[node]) (child *node, end int, name string) {
	if guess != nil {
		want := guess.Load()
		if end, ok := l.expect(i, want); ok {
			return want, end, want.name
		}
	}
	end, escaped := jsonscan.String(l.src, i)
	if end < 0 {
		return nil, -1, ""
	}
	name = l.unquote(i, end, escaped)
	if child = n.child(name); guess != nil {
		remember(guess, child)
	}
	return child, end, name
}

// expect says whether the name at src[i] is the one that is expected to stand
// there, and where it ends. Writers put the members of an object in the same
// order again and again: a comparison finds then what else a scan for the
// closing quote and a look-up have to.
func (l *level) expect(i int, want *node) (nameEnd int, ok bool) {
	if want == nil || !want.bare {
		return 0, false
	}
	end := i + 1 + len(want.name)
	if end >= len(l.src) || l.src[i] != '"' || l.src[end] != '"' || l.src[i+1:end] != want.name {
		return 0, false
	}
	return end + 1, true
}

// remember makes a guess of what was found, if there is none yet: two walkers
// that would change it in turns would wait for each other's memory.
func remember(guess *atomic.Pointer[node], found *node) {
	if guess.Load() == nil && found != nil && found.literal {
		guess.Store(found)
	}
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

// written is how much of the output stands before the value at hand.
func (l *level) written() int { return len(l.out) + l.at - l.copied }

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

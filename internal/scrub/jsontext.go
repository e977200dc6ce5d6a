package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

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

// json scrubs a JSON object or array. Where text is none, or beyond jsonscan's
// bounds, the code is not OK and nothing is counted. n and kind are of the
// whole text; nest is the number of JSON texts that it stands in.
func (w *walker) json(text string, n *node, kind pii.Kind, nest int) (out string, changed bool, code jsonscan.Code) {
	l := &w.levels[nest]
	l.src, l.out, l.copied, l.limits = text, l.out[:0], 0, jsonscan.Limits{}
	before := w.stats
	end, code := w.jsonValue(l, jsonscan.Space(text, 0), n, place{kind: kind}, nest)
	if code == jsonscan.OK && jsonscan.Space(text, end) != len(text) {
		code = jsonscan.Trailing
	}
	if code != jsonscan.OK {
		w.stats = before
		return "", false, code
	}
	if l.copied == 0 {
		return text, false, jsonscan.OK
	}
	l.out = append(l.out, text[l.copied:]...)
	return newText(l.out), true, jsonscan.OK
}

// jsonValue scrubs the value at l.src[i] and returns the index behind it.
func (w *walker) jsonValue(l *level, i int, n *node, p place, nest int) (end int, code jsonscan.Code) {
	if i >= len(l.src) {
		return -1, jsonscan.Syntax
	}
	switch l.src[i] {
	case '"':
		end, escaped := jsonscan.String(l.src, i)
		if end < 0 {
			return -1, jsonscan.Syntax
		}
		if text, changed := w.leaf(l.unquote(i, end, escaped), n, p, nest); changed {
			l.replace(i, end, text)
		}
		return end, jsonscan.OK
	case '{':
		return w.jsonObject(l, i, n, p.kind, nest)
	case '[':
		return w.jsonArray(l, i, n, p, nest)
	case 't', 'f', 'n':
		if end = jsonscan.Literal(l.src, i); end < 0 {
			return -1, jsonscan.Syntax
		}
		if p.kind != pii.None && l.src[i] != 'n' {
			w.jsonScalar(l, i, end, p.kind, nest)
		}
		return end, jsonscan.OK
	}
	if end, _, code = jsonscan.Number(l.src, i); code != jsonscan.OK {
		return -1, code
	}
	if kind := p.leafKind(); kind != pii.None {
		w.jsonScalar(l, i, end, kind, nest)
	} else if end-i >= minNumber && w.isID(l.src[i:end]) {
		w.count(pii.Identity, BySearch)
		l.replace(i, end, w.replacement(pii.Identity, l.src[i:end]))
	}
	return end, jsonscan.OK
}

// jsonScalar scrubs a number or boolean of the kind; what replaces it is a string.
func (w *walker) jsonScalar(l *level, i, end int, kind pii.Kind, nest int) {
	if text, changed := w.known(kind, l.src[i:end], nest); changed {
		l.replace(i, end, text)
	}
}

// jsonObject scrubs the object at l.src[i].
func (w *walker) jsonObject(l *level, i int, n *node, kind pii.Kind, nest int) (end int, code jsonscan.Code) {
	if code = l.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	start := i
	if i = jsonscan.Space(l.src, i+1); i < len(l.src) && l.src[i] == '}' {
		l.limits.Leave()
		return i + 1, jsonscan.OK
	}
	var taken nameSet // of the names in it, once one changes
	kept := false     // a member before this one stays
	for behind := i; ; behind = end {
		if code = l.limits.Member(); code != jsonscan.OK {
			return -1, code
		}
		if i >= len(l.src) || l.src[i] != '"' {
			return -1, jsonscan.Syntax
		}
		nameEnd, escaped := jsonscan.String(l.src, i)
		if nameEnd < 0 {
			return -1, jsonscan.Syntax
		}
		value := jsonscan.Colon(l.src, nameEnd)
		if value < 0 || value >= len(l.src) {
			return -1, jsonscan.Syntax
		}
		name := l.unquote(i, nameEnd, escaped)
		child := n.member(name)
		p := place{kind: child.below(kind), direct: detect.SecretName(name)}
		drop := w.drops(p) && !isBlank(l.src[value:])
		if drop {
			w.count(p.leafKind(), ByField)
			w.learnDropped(l, value, p.kind)
			end, code = jsonscan.Value(l.src, value, &l.limits)
		} else {
			if text, changed := w.key(name, kind); changed {
				if taken == nil {
					taken = jsonNames(l.src, start)
				}
				l.replace(i, nameEnd, taken.free(text))
				p.direct = stronger(p.direct, detect.SecretName(text)) // "code a@b", dropped
			}
			end, code = w.jsonValue(l, value, child, p, nest)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		next, more := l.afterItem(behind, i, end, '}', drop, kept)
		switch {
		case next < 0:
			return -1, jsonscan.Syntax
		case !more:
			return next, jsonscan.OK
		}
		kept = kept || !drop
		i = next
	}
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

// jsonArray scrubs the array at l.src[i].
func (w *walker) jsonArray(l *level, i int, n *node, p place, nest int) (end int, code jsonscan.Code) {
	if code = l.limits.Enter(); code != jsonscan.OK {
		return -1, code
	}
	if i = jsonscan.Space(l.src, i+1); i < len(l.src) && l.src[i] == ']' {
		l.limits.Leave()
		return i + 1, jsonscan.OK
	}
	kept := false
	for index, behind := 0, i; ; index, behind = index+1, end {
		if code = l.limits.Member(); code != jsonscan.OK {
			return -1, code
		}
		child := n.element(index)
		// A name says of a list of strings what it says of a string.
		item := place{kind: child.below(p.kind), direct: p.direct}
		drop := w.drops(item) && i < len(l.src) && !isBlank(l.src[i:])
		if drop {
			w.count(item.kind, ByField)
			w.learnDropped(l, i, item.kind)
			end, code = jsonscan.Value(l.src, i, &l.limits)
		} else {
			end, code = w.jsonValue(l, i, child, item, nest)
		}
		if code != jsonscan.OK {
			return -1, code
		}
		next, more := l.afterItem(behind, i, end, ']', drop, kept)
		switch {
		case next < 0:
			return -1, jsonscan.Syntax
		case !more:
			return next, jsonscan.OK
		}
		kept = kept || !drop
		i = next
	}
}

// drops says whether the value at p is removed with its name. A secret by its
// name is redacted instead.
func (w *walker) drops(p place) bool {
	return p.direct == pii.None && p.kind != pii.None && w.s.actions[p.kind] == Drop
}

// isBlank says whether the JSON value that s begins with says nothing: null, "".
func isBlank(s string) bool {
	return strings.HasPrefix(s, "null") || strings.HasPrefix(s, `""`)
}

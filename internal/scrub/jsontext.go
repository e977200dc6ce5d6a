package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// json scrubs a JSON object or array. Where text is none, or beyond jsonscan's
// bounds, the code is not OK and nothing is counted. n and p are of the whole
// text; nest is the number of JSON texts that it stands in.
func (w *walker) json(text string, n *node, p spot, nest int) (out string, became fate, code jsonscan.Code) {
	l := &w.levels[nest]
	l.src, l.out, l.copied, l.limits, l.ahead = text, l.out[:0], 0, jsonscan.Limits{}, maxAhead*len(text)
	before, told := w.tallies.mark(), len(w.stats.UnlistedNames)
	end, _, code := w.jsonValue(l, jsonscan.Space(text, 0), n, &p, nest)
	if code == jsonscan.OK && jsonscan.Space(text, end) != len(text) {
		code = jsonscan.Trailing
	}
	if code != jsonscan.OK {
		w.tallies.back(before)
		w.stats.UnlistedNames = w.stats.UnlistedNames[:told] // what is no JSON has no names
		return "", same, code
	}
	if l.copied == 0 {
		return text, same, jsonscan.OK
	}
	l.out = append(l.out, text[l.copied:]...)
	return newText(l.out), changed, jsonscan.OK
}

// jsonValue scrubs the value at l.src[i] and returns the index behind it. It
// says whether nothing is left of it; what it stands in leaves it out then.
func (w *walker) jsonValue(l *level, i int, n *node, p *spot, nest int) (end int, left bool, code jsonscan.Code) {
	if i >= len(l.src) {
		return -1, true, jsonscan.Syntax
	}
	l.at = i
	switch l.src[i] {
	case '"':
		end, escaped := jsonscan.String(l.src, i)
		if end < 0 {
			return -1, true, jsonscan.Syntax
		}
		text, became := w.leaf(l.unquote(i, end, escaped), n, p, nest)
		return end, l.apply(i, end, text, became), jsonscan.OK
	case '{':
		end, code = w.jsonObject(l, i, n, p, nest)
		return end, true, code
	case '[':
		end, code = w.jsonArray(l, i, n, p, nest)
		return end, true, code
	case 't', 'f', 'n':
		if end = jsonscan.Literal(l.src, i); end < 0 {
			return -1, true, jsonscan.Syntax
		}
		if kind := p.boolKind(); kind != pii.None && kind != pii.Public && l.src[i] != 'n' {
			text, became := w.known(kind, l.src[i:end], nest)
			return end, l.apply(i, end, text, became), jsonscan.OK
		}
		return end, true, jsonscan.OK
	}
	if end, _, code = jsonscan.Number(l.src, i); code != jsonscan.OK {
		return -1, true, code
	}
	return end, w.jsonNumber(l, i, end, p, nest), jsonscan.OK
}

// jsonNumber scrubs the number l.src[i:end] and says whether it is left. What
// is left of a version is a number as well; else a string replaces it.
func (w *walker) jsonNumber(l *level, i, end int, p *spot, nest int) (left bool) {
	text := l.src[i:end]
	kind := p.leafKind()
	switch {
	case kind == pii.None || kind == pii.Public:
		if len(text) >= minNumber && w.isID(text) {
			out, _ := w.replaceID(text)
			l.replace(i, end, out)
		}
		return true
	case w.t.actions[kind] == Major:
		out, became := w.known(kind, text, nest)
		if became == changed || became == lent {
			l.cut(i, end)
			l.out = append(l.out, jsonInteger(out)...)
		}
		return became != gone
	}
	out, became := w.known(kind, text, nest)
	return l.apply(i, end, out, became)
}

// jsonInteger returns digits without the zeros that a JSON number can't begin with.
func jsonInteger(digits string) string {
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits
}

// jsonStays says whether the value at l.src[i] is to be looked at. Else it goes
// as it is, with its name: by its kind, or because nobody lists it.
func (w *walker) jsonStays(l *level, i int, n *node, p *spot) bool {
	c := l.src[i]
	if !p.listed && !p.noted {
		// Of an open place what is below it is looked at; a string may be JSON.
		if (n == nil || !n.open || c != '{' && c != '[' && c != '"') && w.goes(p) {
			return false
		}
	}
	kind := p.kind
	switch {
	case p.direct == pii.None || c == '{' || c == '[':
	case c == 't' || c == 'f':
		kind = p.boolKind()
	default:
		kind = p.leafKind()
	}
	if !w.t.dropped[kind] || isBlank(l.src[i:]) || n != nil && n.deeper && (c == '{' || c == '[') {
		return true
	}
	w.count(kind, ByField)
	w.learnDropped(l, i, kind)
	return false
}

// isBlank says whether the JSON value that s begins with says nothing: null, "".
func isBlank(s string) bool {
	return strings.HasPrefix(s, "null") || strings.HasPrefix(s, `""`)
}

package scrub

import (
	"strconv"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// value scrubs v, which stands at p, and says whether anything of it is left; n
// is its place in the body, nil for an attribute. depth counts the maps and
// slices around it.
func (w *walker) value(v pcommon.Value, n *node, p spot, depth int) (left bool) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		text, became := w.leaf(v.Str(), n, &p, 0)
		return w.setText(v, text, became)
	case pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return w.number(v, p)
	case pcommon.ValueTypeBool:
		if kind := p.boolKind(); kind != pii.None && kind != pii.Public {
			text, became := w.known(kind, strconv.FormatBool(v.Bool()), 0)
			return w.setText(v, text, became)
		}
	case pcommon.ValueTypeBytes:
		return w.bytes(v, n, p)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		switch {
		case depth == jsonscan.MaxDepth:
			w.redactValue(v)
		case v.Type() == pcommon.ValueTypeMap:
			w.members(v.Map(), n, p, depth+1, 0)
		default:
			w.elements(v.Slice(), n, p, depth+1)
		}
	}
	return true
}

// setText writes what became of a value, and says whether it is left.
func (w *walker) setText(v pcommon.Value, text string, became fate) (left bool) {
	switch became {
	case gone:
		return false
	case lent:
		v.SetStr(w.interned.of(text))
	case changed:
		v.SetStr(text)
	}
	return true
}

func (w *walker) redactValue(v pcommon.Value) {
	if v.Type() == pcommon.ValueTypeStr && v.Str() == Redacted {
		return // by an earlier walk
	}
	v.SetStr(Redacted)
	w.count(pii.None, BySearch)
}

// number scrubs a number. What is left of a version is one as well.
func (w *walker) number(v pcommon.Value, p spot) (left bool) {
	kind := p.leafKind()
	if (kind == pii.None || kind == pii.Public) && !w.numericIDs {
		return true
	}
	var stack [32]byte
	digits := stack[:0]
	if v.Type() == pcommon.ValueTypeInt {
		digits = strconv.AppendInt(digits, v.Int(), 10)
	} else {
		digits = strconv.AppendFloat(digits, v.Double(), 'f', -1, 64)
	}
	if kind == pii.None || kind == pii.Public {
		if len(digits) >= minNumber && w.isID(borrow(digits)) {
			text, _ := w.replaceID(string(digits))
			v.SetStr(text)
		}
		return true
	}
	text, became := w.known(kind, string(digits), 0)
	if w.t.actions[kind] == Major && (became == changed || became == lent) {
		major, _ := strconv.ParseInt(text, 10, 64) // up to four digits
		if v.Type() == pcommon.ValueTypeInt {
			v.SetInt(major)
		} else {
			v.SetDouble(float64(major))
		}
		return true
	}
	return w.setText(v, text, became)
}

// bytes scrubs bytes as text where they are one, else redacts them whole.
func (w *walker) bytes(v pcommon.Value, n *node, p spot) (left bool) {
	if v.Bytes().Len() == 0 {
		return true
	}
	text := string(v.Bytes().AsRaw())
	if !utf8.ValidString(text) {
		if w.goes(&p) {
			return false
		}
		w.count(pii.None, BySearch)
		setBytes(v, Redacted)
		return true
	}
	out, became := w.leaf(text, n, &p, 0)
	if became == changed || became == lent {
		setBytes(v, out)
	}
	return became != gone
}

// setBytes gives v bytes of its own: those it has may be another batch's as well,
// since CopyTo, with which the collector hands one batch to several pipelines, copies
// no bytes.
func setBytes(v pcommon.Value, text string) {
	v.SetEmptyBytes().FromRaw([]byte(text))
}

// stays says whether v, which stands at p, is to be looked at. Else it goes as
// it is, with its name: by its kind, or because nobody lists it.
func (w *walker) stays(v pcommon.Value, n *node, p *spot) bool {
	t := v.Type()
	container := t == pcommon.ValueTypeMap || t == pcommon.ValueTypeSlice
	if !p.listed && !p.noted {
		// Of an open place what is below it is looked at; a text may be JSON.
		if (n == nil || !n.open || !container && t != pcommon.ValueTypeStr && t != pcommon.ValueTypeBytes) && w.goes(p) {
			return false
		}
	}
	kind := p.kind
	switch {
	case p.direct == pii.None || container:
	case t == pcommon.ValueTypeBool:
		kind = p.boolKind()
	default:
		kind = p.leafKind()
	}
	if !w.t.dropped[kind] || blank(v) || container && n != nil && n.deeper {
		return true
	}
	w.count(kind, ByField)
	if kind == pii.Identity && t == pcommon.ValueTypeStr {
		w.learn(v.Str())
	}
	return false
}

// elements scrubs a slice.
func (w *walker) elements(s pcommon.Slice, n *node, outer spot, depth int) {
	index, elements := -1, s.Len()
	pairs := listPairs{role: outer.role}
	s.RemoveIf(func(v pcommon.Value) bool {
		index++
		if w.left--; w.left < 0 {
			w.redactValue(v)
			return false
		}
		child := n.element(index)
		p := outer.element(child)
		if of := pairs.value(w, v, elements); of.kind != pii.None {
			p = p.paired(of, child)
		}
		w.member = "" // an element has no name
		return !w.stays(v, child, &p) || !w.value(v, child, p, depth)
	})
}

// blank says whether a value says nothing.
func blank(v pcommon.Value) bool {
	return v.Type() == pcommon.ValueTypeEmpty || v.Type() == pcommon.ValueTypeStr && v.Str() == ""
}

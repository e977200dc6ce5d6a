package scrub

import (
	"strconv"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// value scrubs v, which stands at p; n is its place in the body, nil for an
// attribute. depth counts the maps and slices around it.
func (w *walker) value(v pcommon.Value, n *node, p place, depth int) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if text, changed := w.leaf(v.Str(), n, p, 0); changed {
			v.SetStr(text)
		}
	case pcommon.ValueTypeInt:
		w.number(v, strconv.FormatInt(v.Int(), 10), p)
	case pcommon.ValueTypeDouble:
		w.number(v, strconv.FormatFloat(v.Double(), 'f', -1, 64), p)
	case pcommon.ValueTypeBool:
		if p.kind != pii.None {
			w.scalar(v, strconv.FormatBool(v.Bool()), p.kind)
		}
	case pcommon.ValueTypeBytes:
		w.bytes(v.Bytes(), n, p)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		switch {
		case depth == jsonscan.MaxDepth:
			v.SetStr(Redacted)
			w.count(pii.None, BySearch)
		case v.Type() == pcommon.ValueTypeMap:
			w.members(v.Map(), n, place{kind: p.kind, attributes: p.attributes}, depth+1)
		default:
			w.elements(v.Slice(), n, p, depth+1)
		}
	}
}

// number scrubs a number, written as text.
func (w *walker) number(v pcommon.Value, text string, p place) {
	if kind := p.leafKind(); kind != pii.None {
		w.scalar(v, text, kind)
	} else if len(text) >= minNumber && w.isID(text) {
		w.scalar(v, text, pii.Identity)
	}
}

func (w *walker) scalar(v pcommon.Value, text string, kind pii.Kind) {
	if out, changed := w.known(kind, text, 0); changed {
		v.SetStr(out)
	}
}

// bytes scrubs bytes as text where they are one, else redacts them whole.
func (w *walker) bytes(b pcommon.ByteSlice, n *node, p place) {
	if b.Len() == 0 {
		return
	}
	text := string(b.AsRaw())
	if !utf8.ValidString(text) {
		w.count(pii.None, BySearch)
		b.FromRaw([]byte(Redacted))
		return
	}
	if out, changed := w.leaf(text, n, p, 0); changed {
		b.FromRaw([]byte(out))
	}
}

// elements scrubs a slice.
func (w *walker) elements(s pcommon.Slice, n *node, p place, depth int) {
	index := -1
	s.RemoveIf(func(v pcommon.Value) bool {
		index++
		child := n.element(index)
		item := p
		item.kind = child.below(p.kind)
		if w.drops(item) && !blank(v) {
			w.count(item.kind, ByField)
			w.learnDroppedValue(v, item.kind)
			return true
		}
		w.value(v, child, item, depth)
		return false
	})
}

// rename is a member whose name changes, by its position.
type rename struct {
	at   int
	name string
}

// members scrubs a map. p is the place of the map itself.
func (w *walker) members(m pcommon.Map, n *node, p place, depth int) {
	var renames []rename
	at := -1
	m.RemoveIf(func(name string, v pcommon.Value) bool {
		at++
		child := n.member(name)
		item := place{kind: child.below(p.kind), direct: detect.SecretName(name), attributes: p.attributes}
		listed := true
		if p.attributes {
			var kind pii.Kind
			kind, listed = attr.KindOf(name)
			item.kind = stronger(item.kind, kind)
		}
		if w.drops(item) && !blank(v) {
			w.count(item.kind, ByField)
			w.learnDroppedValue(v, item.kind)
			at--
			return true
		}
		if changed, ok := w.key(name, p.kind); ok {
			renames = append(renames, rename{at, changed})
			item.direct = stronger(item.direct, detect.SecretName(changed)) // "code a@b", dropped
		}
		if p.strict && !listed {
			w.redactUnlisted(v)
		} else {
			w.value(v, child, item, depth)
		}
		return false
	})
	if renames != nil {
		renameMembers(m, renames)
	}
}

// redactUnlisted redacts an attribute of which nothing is known.
func (w *walker) redactUnlisted(v pcommon.Value) {
	if blank(v) || v.Type() == pcommon.ValueTypeStr && v.Str() == Redacted {
		return
	}
	v.SetStr(Redacted)
	w.count(pii.None, ByField)
}

// blank says whether a value says nothing.
func blank(v pcommon.Value) bool {
	return v.Type() == pcommon.ValueTypeEmpty || v.Type() == pcommon.ValueTypeStr && v.Str() == ""
}

// renameMembers builds m anew under its changed names.
func renameMembers(m pcommon.Map, renames []rename) {
	taken := make(nameSet, m.Len())
	for name := range m.All() {
		taken[name] = 1
	}
	var builder xpdata.MapBuilder
	builder.EnsureCapacity(m.Len())
	at := 0
	for name, v := range m.All() {
		if len(renames) > 0 && renames[0].at == at {
			name = taken.free(renames[0].name)
			renames = renames[1:]
		}
		v.MoveTo(builder.AppendEmpty(name))
		at++
	}
	builder.UnsafeIntoMap(m)
}

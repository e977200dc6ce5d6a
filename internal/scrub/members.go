package scrub

import (
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// rename is a member whose name changes, by its position.
type rename struct {
	at   int
	name string
}

// members scrubs a map. outer is the spot of the map itself.
func (w *walker) members(m pcommon.Map, n *node, outer spot, depth int) {
	var renames []rename
	var with pair // what the names before a value say, then what all do
	hasValue := false
	var before pairName // not yet in with: few objects with a name have a value beside it
	var guess *atomic.Pointer[node]
	if n != nil {
		guess = &n.first
	}
	table := w.plan.attributes
	last := &table.begin[w.place] // of the attributes that are known
	top := depth == 0 && outer.attributes
	at := -1
	m.RemoveIf(func(name string, v pcommon.Value) bool {
		at++
		if top && at >= w.reach {
			return false
		}
		if w.left--; w.left < 0 {
			if w.plan.unlisted == DropUnlisted { // whether it is listed isn't looked at
				w.tallies.unlisted[DropUnlisted]++
				at--
				return true
			}
			if !isRedactedName(name) {
				renames = append(renames, rename{at, Redacted})
			}
			w.redactValue(v)
			return false
		}
		var child *node
		var p spot
		var plain bool
		if outer.attributes {
			if known := table.behind(last, name); known == nil {
				p = table.unknown(name).spot(name, outer)
			} else {
				last = known
				if top && (known.searched && w.searched(v, known.number) || known.path && w.passesAsPath(v.Str(), known.number)) {
					return false
				}
				p, plain = known.is.spot(name, outer), known.is.plain
			}
		} else {
			child, guess = n.childNext(name, guess)
			p = outer.member(child, name)
			plain = child != nil && child.plain
		}
		if p.role != 0 {
			switch {
			case p.role&(holdsName|holdsSort) != 0 && !hasValue && v.Type() == pcommon.ValueTypeStr:
				with.add(w, before.role, before.text) // there is nearly never one
				before = pairName{p.role, v.Str()}
			case p.role&holdsValue != 0:
				if !hasValue {
					with.add(w, before.role, before.text)
					with, hasValue = w.mapPair(m, with), true
				}
				p = p.paired(with, child)
			}
		}
		if !p.listed {
			w.member = name
		}
		if !w.stays(v, child, &p) || depth == 0 && p.kind == pii.UserAgent && w.family(name, v) {
			at--
			return true
		}
		first := len(renames)
		if !plain {
			if text, ok := w.key(name, outer.kind); ok {
				renames = append(renames, rename{at, text})
				p.direct = stronger(p.direct, nameKind(text)) // "code a@b", dropped
			}
		}
		if !w.value(v, child, p, depth) {
			renames = renames[:first]
			at--
			return true
		}
		return false
	})
	if renames != nil {
		renameMembers(m, renames)
	}
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

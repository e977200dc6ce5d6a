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

// members scrubs a map. outer is the spot of the map itself; quiet is said by
// quietAttributes, 0 where the map is none of attributes.
func (w *walker) members(m pcommon.Map, n *node, outer spot, depth int, quiet uint64) {
	var renames []rename
	var with pair // what the names before a value say, then what all do
	hasValue := false
	var before pairName // not yet in with: few objects with a name have a value beside it
	var guess *atomic.Pointer[node]
	if n != nil {
		guess = &n.first
	}
	top := depth == 0 && outer.attributes
	at, nth := -1, -1 // of the members that are left, and of all
	learned := w.learned
	m.RemoveIf(func(name string, v pcommon.Value) bool {
		at++
		nth++
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
		if quiet&(1<<nth) != 0 && w.learned == learned { // 0 from 64 on
			return false
		}
		var child *node
		var p spot
		var plain bool
		if outer.attributes {
			if known := w.attribute(name, nth, top); known == nil {
				p = w.plan.attributes.unknown(name).spot(name, outer)
			} else {
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

// attribute returns what is known of the named attribute, the nth of those that
// quietAttributes was given if it is at the top; nil where it is not known exactly.
func (w *walker) attribute(name string, nth int, top bool) *knownAttribute {
	if top && nth < maxQuiet {
		return w.row[nth]
	}
	known, _ := w.plan.attributes.exact.get(name)
	return known
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

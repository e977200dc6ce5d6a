package scrub

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// addition is an attribute that is put beside another one.
type addition struct{ name, value string }

// maxAdded bounds the attributes that are put beside others: of each, all of the
// names are looked through. Only attributes that repeat, or are made on purpose,
// are more.
const maxAdded = 64

// add notes an attribute to put, and says whether there is room for more.
func (w *walker) add(name, value string) (more bool) {
	if len(w.added) < maxAdded {
		w.added = append(w.added, addition{name, value})
	}
	return len(w.added) < maxAdded
}

// attributes scrubs the attributes of a resource, scope, record or part of one.
func (w *walker) attributes(attrs pcommon.Map) {
	if attrs.Len() == 0 {
		return
	}
	w.added = w.added[:0]
	if w.s.policy.EmitPrevious && w.place == InAttribute {
		w.previous(attrs)
	}
	n, quiet := attrs.Len(), w.quietAttributes(attrs)
	if quiet == 1<<n-1 && n < maxQuiet && n <= w.left {
		w.left -= n
	} else {
		w.members(attrs, nil, spot{attributes: true}, 0, quiet)
	}
	for _, a := range w.added {
		if _, taken := attrs.Get(a.name); !taken {
			attrs.PutStr(a.name, a.value)
		}
	}
}

// spot is that of the named attribute a.
func (a attribute) spot(name string, outer spot) (p spot) {
	if a.direct == pii.None && outer == (spot{attributes: true}) { // nearly always
		return spot{kind: a.kind, role: a.role, listed: a.listed, attributes: true}
	}
	p = spot{kind: narrower(outer.kind, a.kind), role: a.role, listed: outer.listed || a.listed, noted: outer.noted, attributes: true}
	return p.named(name, a.direct, outer.below).unwrapped(outer.wrapped)
}

// family notes of a User-Agent header the name and the major version of the
// browser, for the attributes that hold these. It returns false where the
// attribute is none that they stand in for.
func (w *walker) family(name string, v pcommon.Value) bool {
	if name != attr.UserAgentOriginal || w.t.actions[pii.UserAgent] != Family || v.Type() != pcommon.ValueTypeStr {
		return false
	}
	browser, major := w.agent.read(v.Str())
	if browser != "" {
		w.add(attr.UserAgentName, browser)
	}
	if major != "" {
		w.add(attr.UserAgentVersion, w.interned.of(major))
	}
	w.count(pii.UserAgent, ByField)
	return true
}

// previous notes the pseudonyms that the attributes have under the key before,
// for consumers that know their records by these.
func (w *walker) previous(attrs pcommon.Map) {
	for name, v := range attrs.All() {
		kind := w.plan.attributes.of(name).kind
		if v.Type() != pcommon.ValueTypeStr || v.Str() == "" || w.t.actions[kind] != Pseudonym || w.names.Verify(v.Str()) {
			continue
		}
		if token, ok := w.previousToken(kind, v.Str()); ok && !w.add(name+attr.PreviousSuffix, token) {
			return
		}
	}
}

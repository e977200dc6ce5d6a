package scrub

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// attribute is what is known of an attribute by its name.
type attribute struct {
	kind, direct pii.Kind
	role         role
	listed       bool
	// plain: the name holds nothing to find.
	plain bool
}

// attributeTable knows attributes by their names: the vocabulary, the fields of
// the config, and what a rule allows.
type attributeTable struct {
	names map[string]attribute       // when compiling
	exact nameTable[*knownAttribute] // the same, when scrubbing
	globs []attributeGlob
	// begin is what stands before the first attribute, by place: records begin with
	// another one than resources do.
	begin [NumPlaces]knownAttribute
}

// knownAttribute is an attribute that is known exactly.
type knownAttribute struct {
	name string
	is   attribute
	// number tells it from the others.
	number int
	// searched: a text there is searched, and nothing else happens to it. path: it
	// is a path, and nothing more is said of it.
	searched, path bool
	// next and other are the ones that once followed this one. Who makes records puts
	// the attributes in the same order again and again, but for those that only some
	// records have.
	next, other atomic.Pointer[knownAttribute]
}

// attributeGlob stands for the names with a prefix.
type attributeGlob struct {
	prefix string
	kind   pii.Kind
	listed bool
}

// of returns what is known of the named attribute.
func (t *attributeTable) of(name string) attribute {
	if known, ok := t.exact.get(name); ok {
		return known.is
	}
	return t.unknown(name)
}

// behind returns the named attribute, which stands behind the known one last; nil
// where it is not known exactly.
func (t *attributeTable) behind(last *knownAttribute, name string) *knownAttribute {
	if want := last.next.Load(); want != nil && want.name == name {
		return want
	}
	return t.lookUp(last, name)
}

// lookUp is behind where the first guess is wrong.
func (t *attributeTable) lookUp(last *knownAttribute, name string) *knownAttribute {
	want := last.other.Load()
	if want != nil && want.name == name {
		return want
	}
	known, _ := t.exact.get(name)
	switch { // each is set once, as in remember
	case known == nil:
	case last.next.Load() == nil:
		last.next.Store(known)
	case want == nil:
		last.other.Store(known)
	}
	return known
}

// unknown is what is known of an attribute that is not known exactly.
func (t *attributeTable) unknown(name string) attribute {
	info := infoOf(name)
	a := attribute{direct: info.kind, role: info.role}
	for _, g := range t.globs {
		if strings.HasPrefix(name, g.prefix) {
			a.kind = stronger(a.kind, g.kind)
			a.listed = a.listed || g.listed
		}
	}
	return a
}

// newAttributeTable joins the vocabulary with fields. Where a rule allows, what
// it doesn't name is not listed.
func newAttributeTable(fields []attributeField, allow *allowed) *attributeTable {
	t := &attributeTable{names: map[string]attribute{}}
	put := func(name string, kind pii.Kind) {
		a := t.names[name]
		a.kind, a.listed = stronger(a.kind, kind), allow == nil
		t.names[name] = a
	}
	for _, list := range [][]attr.Attribute{attr.Record(), attr.Resource(), attr.Scrubbed(), attr.Sampled()} {
		for _, a := range list {
			if a.Name == attr.HTTPRoute { // of a framework that knows no route it is the path
				a.Kind = pii.Path
			}
			put(a.Name, a.Kind)
			switch a.Kind {
			case pii.Identity, pii.Email, pii.IP:
				put(a.Name+attr.PreviousSuffix, a.Kind)
			}
		}
	}
	for _, a := range attr.Elsewhere() { // known by name, and listed by nobody
		t.names[a.Name] = attribute{kind: a.Kind}
	}
	for _, f := range fields {
		if prefix, glob := strings.CutSuffix(f.name, "*"); glob {
			t.globs = append(t.globs, attributeGlob{prefix, f.kind, allow == nil})
		} else {
			put(f.name, f.kind)
		}
	}
	if allow != nil {
		for _, name := range allow.attributes {
			if prefix, glob := strings.CutSuffix(name, "*"); glob {
				t.globs = append(t.globs, attributeGlob{prefix, pii.None, true})
				continue
			}
			a := t.names[name]
			a.listed = true
			t.names[name] = a
		}
	}
	t.finish()
	return t
}

// is says whether that is all that is known of an attribute: that it is of the kind.
func (a attribute) is(kind pii.Kind) bool {
	return a == attribute{kind: kind, listed: true, plain: true}
}

// finish applies the globs to the names known exactly, so that those need one
// look-up only.
func (t *attributeTable) finish() {
	for name, a := range t.names {
		info := infoOf(name)
		a.role = info.role
		if a.kind == pii.None {
			a.direct = info.kind
		}
		for _, g := range t.globs {
			if strings.HasPrefix(name, g.prefix) {
				a.kind = stronger(a.kind, g.kind)
				a.listed = a.listed || g.listed
			}
		}
		a.plain = len(detect.Find(nil, name)) == 0
		t.names[name] = a
	}
	known := make(map[string]*knownAttribute, len(t.names))
	for number, name := range slices.Sorted(maps.Keys(t.names)) {
		a := t.names[name]
		if name == attr.OTelEventName { // the record's own name comes behind it, and is the same
			number = eventName
		}
		known[name] = &knownAttribute{name: name, is: a, number: number, searched: a.is(pii.None) || a.is(pii.Public), path: a.is(pii.Path)}
	}
	t.exact = newNameTable(known)
}

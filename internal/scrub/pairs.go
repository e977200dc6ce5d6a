package scrub

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// A member may be written as two: {"name":"Cookie","value":"…"} of a list of
// headers, {"key":"user.id","value":{"stringValue":"…"}} of OTLP, ["Cookie","…"]
// in a list of such. Its value is then treated as under that name.

// role is the part that a member has in such an object, by its own name.
type role uint8

const (
	// holdsName: a text there is the name of what stands beside it.
	holdsName role = 1 << iota
	// holdsSort: as holdsName, but it says as often of what sort the object is.
	// Only names of secrets count then.
	holdsSort
	// holdsValue: the value of what is named beside it.
	holdsValue
	// wraps: the value itself, by its type, as OTLP writes one in JSON.
	wraps
	// rawHeaders: a list of texts there has names and values in turns.
	rawHeaders
	// inList is of elements: an array there, of two texts, is a pair.
	inList
)

// roles has the names, folded as in infoOf.
var roles = func() map[string]role {
	m := map[string]role{}
	for role, names := range map[role][]string{
		holdsName: {"name", "key", "k", "header", "headername", "attribute", "attributename", "field", "fieldname",
			"param", "paramname", "parameter", "parametername", "property", "propertyname", "claim"},
		holdsSort: {"type", "id", "label"},
		holdsValue: {"value", "val", "v", "headervalue", "attributevalue", "fieldvalue", "paramvalue", "parametervalue", "propertyvalue",
			"newvalue", "oldvalue", "previousvalue", "currentvalue", "originalvalue", "rawvalue", "before", "after"},
		holdsValue | wraps: {"values"},
		wraps:              {"stringvalue", "intvalue", "doublevalue", "boolvalue", "bytesvalue", "arrayvalue"},
		rawHeaders:         {"rawheaders", "rawrequestheaders", "rawresponseheaders", "rawtrailers"},
	} {
		for _, name := range names {
			m[name] = role
		}
	}
	return m
}()

// pair is what the name in an object says of the value beside it.
type pair struct {
	// kind is of a text or number, below of those in an object, as in spot.
	kind, below pii.Kind
}

// pairName is a text under a name with the role, which may be the name of what
// stands beside it.
type pairName struct {
	role role
	text string
}

// add joins what a text says that stands under a name with the role.
func (p *pair) add(w *walker, role role, text string) {
	text = strings.Trim(text, ": ")
	if text == "" || len(text) > maxFieldName {
		return
	}
	a := w.plan.attributes.of(text)
	kind := a.kind
	if kind == pii.None || kind == pii.Public {
		kind = a.direct
	}
	secret := kind == pii.Secret || kind == pii.Phone
	if !secret && role&holdsName == 0 {
		return
	}
	p.kind = stronger(p.kind, kind)
	if secret && !isLoose(text) {
		p.below = stronger(p.below, kind)
	}
}

// see is add, and of what is left of the text once it is scrubbed: where addresses
// are dropped, "code a@b" is a name for the next hop.
func (p *pair) see(w *walker, role role, text string) {
	p.add(w, role, text)
	if p.kind != pii.None {
		return
	}
	mark := w.tallies.mark()
	scrubbed, became := w.search(text, maxNested) // JSON is no name, and its walk would take a level that is in use
	w.tallies.back(mark)
	if became != same {
		p.add(w, role, scrubbed)
	}
}

// paired is p, the spot of the value, under the name beside it. n is its place:
// what a field says of it is known, and the name is a guess.
func (p spot) paired(with pair, n *node) spot {
	if n != nil && n.kind != pii.None {
		return p
	}
	p.direct = stronger(p.direct, with.kind)
	p.below = stronger(p.below, with.below)
	p.wrapped = stronger(p.wrapped, with.kind)
	return p
}

// mapPair is what the names in m say. Those that have been looked at may be gone:
// passed has what they said.
func (w *walker) mapPair(m pcommon.Map, passed pair) pair {
	for name, v := range m.All() {
		if role := infoOf(name).role; role&(holdsName|holdsSort) != 0 && v.Type() == pcommon.ValueTypeStr {
			passed.see(w, role, v.Str())
		}
	}
	return passed
}

// maxAhead bounds, as a multiple of a text's length, what is read of it in search
// of names. Objects within values within objects are read once for each.
const maxAhead = 8

// jsonPair is what the names in the object at l.src[start] say. Where too much
// has been read for such objects, all values in them are secrets.
func (w *walker) jsonPair(l *level, start int) (p pair) {
	var limits jsonscan.Limits
	i := jsonscan.Space(l.src, start+1)
	for more := true; more && i < len(l.src) && l.src[i] == '"'; {
		nameEnd, escaped := jsonscan.String(l.src, i)
		if nameEnd < 0 {
			return p // the walk will come upon it, too
		}
		value := jsonscan.Colon(l.src, nameEnd)
		if value < 0 || value >= len(l.src) {
			return p
		}
		end, _ := jsonscan.Value(l.src, value, &limits)
		if end < 0 {
			return p
		}
		if l.ahead -= end - i; l.ahead < 0 {
			return pair{kind: pii.Secret, below: pii.Secret}
		}
		if role := infoOf(unquoted(l.src[i+1:nameEnd-1], escaped)).role; role&(holdsName|holdsSort) != 0 && l.src[value] == '"' {
			p.see(w, role, unquoted(l.src[value+1:end-1], true))
		}
		if i, more = jsonscan.Next(l.src, end, '}'); i < 0 {
			return p
		}
	}
	return p
}

// unquoted is what stands between quotes, in memory of its own if there is an
// escape in it.
func unquoted(inside string, escaped bool) string {
	if !escaped || strings.IndexByte(inside, '\\') < 0 {
		return inside
	}
	return string(jsonscan.AppendUnescaped(nil, inside))
}

// listPairs follows the elements of an array whose texts may be names and values.
type listPairs struct {
	role  role // of the array
	index int  // of the next element
	name  pair // what a text before it says
}

// json takes the element at at.src[i] and returns what is said of it before.
func (l *listPairs) json(w *walker, at *level, i int) (of pair) {
	if l.role&(rawHeaders|inList) == 0 {
		return pair{}
	}
	if at.src[i] == '"' {
		end, escaped := jsonscan.String(at.src, i)
		if end > 0 {
			return l.text(w, unquoted(at.src[i+1:end-1], escaped), func() bool { return closes(at.src, end) })
		}
	}
	l.index++
	return pair{}
}

// value is json for an element of a slice of so many.
func (l *listPairs) value(w *walker, v pcommon.Value, elements int) (of pair) {
	if l.role&(rawHeaders|inList) == 0 {
		return pair{}
	}
	if v.Type() == pcommon.ValueTypeStr {
		return l.text(w, v.Str(), func() bool { return elements == 2 })
	}
	l.index++
	return pair{}
}

// text takes an element that is a text. In a list of headers all is secret behind
// the name of a secret: where values are dropped, what is left behind it is no
// longer in turns. Else a pair is two texts alone; last says whether this is the
// last element.
func (l *listPairs) text(w *walker, text string, last func() bool) (of pair) {
	index := l.index
	l.index++
	switch {
	case l.role&rawHeaders != 0:
		of = l.name
		if l.name.kind == pii.None {
			l.name.see(w, holdsSort, text)
		}
	case index == 0:
		l.name.see(w, holdsName, text)
	case index == 1 && l.name.kind != pii.None && last():
		of = l.name
	}
	return of
}

// closes says whether the array ends with the element that ends at src[i].
func closes(src string, i int) bool {
	i = jsonscan.Space(src, i)
	return i < len(src) && src[i] == ']'
}

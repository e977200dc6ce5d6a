package explain

import (
	"encoding/json"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// masker says what of a record's values is shown: <identity>, <email> and so on in
// place of what is personal, and <unlisted> where nobody says what it is. What a
// pipeline made of a value is shown as it leaves.
type masker struct {
	show     bool
	unparsed bool        // the record is a line that is no event
	event    string      // its name, which may be all of the body
	fields   []pii.Field // of the body
	// raw are personal values of the record: they are masked wherever they turn up,
	// also where a processor has copied them. The longest come first.
	raw []rawValue
}

type rawValue struct{ text, label string }

// minRaw is how long a value has to be to be looked for in others: "1" is in too many.
const minRaw = 4

// labelUnlisted stands for what nobody lists.
const labelUnlisted = "unlisted"

// fields remembers the list of personal fields that came last: a source has one list.
type fields struct {
	text string
	list []pii.Field
}

func (f *fields) parse(text string) []pii.Field {
	if text != f.text {
		f.text = text
		f.list, _ = pii.ParseFields(text) // our own
	}
	return f.list
}

func newMasker(ld plog.Logs, v view, known *fields, show bool) *masker {
	m := &masker{show: show}
	if show {
		return m
	}
	_, sl, lr, _ := one(ld)
	m.event = lr.EventName()
	if sample.Personal(m.event) { // a name that the line made up
		m.raw = append(m.raw, rawValue{m.event, "event name"})
	}
	_, m.unparsed = lr.Attributes().Get(attr.ParseError)
	if text, ok := sl.Scope().Attributes().Get(attr.PIIFields); ok {
		m.fields = known.parse(text.Str())
	}
	for i, s := range sections {
		m.collect(place{section: s}, v[i])
	}
	slices.SortStableFunc(m.raw, func(a, b rawValue) int { return len(b.text) - len(a.text) })
	return m
}

// collect notes the values below a place that stand for a person.
func (m *masker) collect(at place, t *tree) {
	for i, child := range t.children {
		m.collect(at.below(t.token(i)), child)
	}
	if !t.isText || len(t.text) < minRaw || at.section == ofScope {
		return
	}
	switch kind, _ := m.kindAt(at); kind {
	case pii.Identity, pii.Email, pii.IP, pii.Phone, pii.Secret, pii.Name, pii.VendorID, pii.QuasiIdentifier:
		m.raw = append(m.raw, rawValue{t.text, kind.String()})
	default: // what is public, or listed nowhere, may have an address in it
		for _, span := range detect.Find(nil, t.text) {
			m.raw = append(m.raw, rawValue{t.text[span.Start:span.End], span.Kind.String()})
		}
	}
}

// kindAt is what the value at a place of the original record is; listed is false
// where nobody says.
func (m *masker) kindAt(at place) (kind pii.Kind, listed bool) {
	switch at.section {
	case ofRecord:
		if len(at.path) > 0 && (at.path[0] == fieldTrace || at.path[0] == fieldSpan) {
			return pii.TraceID, true
		}
		return pii.Public, true
	case ofScope:
		return pii.Public, true
	case ofResource, ofAttribute:
		if len(at.path) == 0 {
			return pii.None, false
		}
		return attr.KindOf(at.path[0])
	}
	longest := -1
	for _, f := range m.fields {
		if len(f.Path) > longest && covers(f.Path, at.path) {
			kind, longest = f.Kind, len(f.Path)
		}
	}
	return kind, longest >= 0
}

// covers says whether a field's path leads to a place, or to what is around it.
func covers(field, path []string) bool {
	if len(field) > len(path) {
		return false
	}
	for i, token := range field {
		if token != "*" && token != path[i] {
			return false
		}
	}
	return true
}

// original is what is shown of a value of the record as it came. found are the kinds
// that a scrubber has found in it.
func (m *masker) original(at place, t *tree, found []string) *tree {
	if t == nil || m.show {
		return t
	}
	if at.section == ofBody && m.unparsed {
		return label("line")
	}
	if t.kind != 's' {
		return t.mapped(m.name, func(token string, child *tree) *tree { return m.original(at.below(token), child, found) })
	}
	kind, listed := m.kindAt(at)
	switch {
	case at.section == ofScope && len(at.path) > 0 && at.path[0] == attr.PIIFields:
		return textTree("<places of personal data>") // tens of kilobytes, and nothing to read
	case at.section == ofBody && len(at.path) == 0 && t.text == m.event:
		return m.left(t)
	case !t.isText && (t.scalar == "null" || t.scalar == "true" || t.scalar == "false"):
		return t
	case !listed:
		return label(labelUnlisted)
	case kind != pii.Public:
		return label(kind.String())
	case len(found) > 0:
		return label(strings.Join(found, ", "))
	}
	return m.left(t)
}

// left is what is shown of a value that a processor has made.
func (m *masker) left(t *tree) *tree {
	if t == nil || m.show {
		return t
	}
	if t.kind != 's' {
		return t.mapped(m.text, func(_ string, child *tree) *tree { return m.left(child) })
	}
	if !t.isText {
		return t
	}
	return textTree(m.text(t.text))
}

// text masks the record's personal values in any text.
func (m *masker) text(s string) string {
	for _, raw := range m.raw {
		s = strings.ReplaceAll(s, raw.text, "<"+raw.label+">")
	}
	return s
}

func label(kind string) *tree { return textTree("<" + kind + ">") }

// name is what is shown of a member's name: it is no value of a field, and may be
// an address or an id all the same.
func (m *masker) name(token string) string {
	if m.show {
		return token
	}
	if sample.Personal(token) {
		return "<name>"
	}
	return m.text(token)
}

// of is what is shown of the place of an original value.
func (m *masker) of(at place) place {
	shown := place{section: at.section}
	if m.unparsed && at.section == ofBody && len(at.path) > 0 {
		shown.path = []string{"<line>"}
		return shown
	}
	for _, token := range at.path {
		shown.path = append(shown.path, m.name(token))
	}
	return shown
}

// mapped is the tree with each name and each child made anew.
func (t *tree) mapped(rename func(string) string, f func(token string, child *tree) *tree) *tree {
	out := &tree{kind: t.kind}
	for _, name := range t.names {
		out.names = append(out.names, rename(name))
	}
	for i, child := range t.children {
		out.children = append(out.children, f(t.token(i), child))
	}
	return out
}

// raw is the value as JSON, for a report; nil for none.
func (t *tree) raw() json.RawMessage {
	if t == nil {
		return nil
	}
	return t.json(nil, nil)
}

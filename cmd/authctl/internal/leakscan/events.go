package leakscan

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/jsonscan"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// eventsAt are events of an IdP in the texts of a JSON text, as an export of logs has
// them: where, with * for indexes, and the fields of their profile.
type eventsAt struct{ path, fields string }

const (
	// maxEventsAt bounds the places of events in a unit: an export has one.
	maxEventsAt = 4
	// maxTextDepth is how many JSON texts in JSON texts are looked into: the
	// scrubber does as many.
	maxTextDepth = 4
	// maxJoined bounds the lists of fields that are remembered.
	maxJoined = 64
)

// eventsIn are the fields of the events in a JSON text, as auth.pii.fields: a field is
// one through the text that it stands in as well. Empty where there is no event.
func (s *scanner) eventsIn(text string) string {
	if !hasText(text, isEscapedObject) {
		return ""
	}
	var e events
	e.s = s
	e.texts(text, "", 0)
	if e.known[0] == (eventsAt{}) {
		return ""
	}
	joined, ok := s.joined[e.known]
	if !ok {
		joined = s.join(e.known)
		if len(s.joined) == maxJoined {
			clear(s.joined)
		}
		s.joined[e.known] = joined
	}
	return joined
}

// join makes one list of the fields of events, each with where its event is.
func (s *scanner) join(known [maxEventsAt]eventsAt) string {
	var all []pii.Field
	for _, at := range known {
		path, err := pii.ParsePointer(at.path)
		if err != nil {
			continue
		}
		for _, f := range s.parsed(at.fields) {
			all = append(all, pii.Field{Path: slices.Concat(path, f.Path), Kind: f.Kind})
		}
	}
	return pii.EncodeFields(all)
}

// events collects those of a unit.
type events struct {
	s     *scanner
	known [maxEventsAt]eventsAt
	n     int
}

func (e *events) texts(text, path string, depth int) {
	if t, err := parse(text); err == nil {
		e.value(t, path, depth)
	}
}

func (e *events) value(t *tree, path string, depth int) {
	for i, v := range t.values {
		switch {
		case v.scalar() && (v.sort != '"' || v.text == "" || !opens(v.text[0])):
		case t.sort == '{':
			e.value(v, path+"/"+escaper.Replace(t.names[i]), depth)
		default:
			e.value(v, path+"/*", depth)
		}
	}
	if t.sort != '"' || !container(t.text) || e.n == len(e.known) {
		return
	}
	ld, ok := e.s.event(t.text)
	switch {
	case ok:
		fields, _ := ld.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Attributes().Get(attr.PIIFields)
		if at := (eventsAt{path, fields.AsString()}); !slices.Contains(e.known[:e.n], at) {
			e.known[e.n] = at
			e.n++
		}
	case depth < maxTextDepth && hasText(t.text, isEscapedObject):
		e.texts(t.text, path, depth+1)
	}
}

// hasText says whether any text in JSON, names included, may be of a sort, by what
// stands between its quotes. It is asked of every line, and of most says no.
func hasText(text string, sort func(inside string, escaped bool) bool) bool {
	for i := strings.IndexByte(text, '"'); i >= 0; {
		end, escaped := jsonscan.String(text, i)
		if end < 0 {
			return false
		}
		if sort(text[i+1:end-1], escaped) {
			return true
		}
		if i = strings.IndexByte(text[end:], '"'); i >= 0 {
			i += end
		}
	}
	return false
}

// isEscapedObject is of a JSON object, of which no event has no member.
func isEscapedObject(inside string, escaped bool) bool {
	return escaped && inside[0] == '{'
}

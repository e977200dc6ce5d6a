package scrub

import (
	"math"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// sharedTexts are the attributes of the resource and the scope at hand, and
// their names but for those of the vocabulary, in which the ids of each of
// their records are looked for: an id that stands in an environment's name is
// still one.
type sharedTexts struct {
	resource, scope pcommon.Map
	hasScope        bool
	texts           []string
	longest         int // of texts
	// resourceReach and scopeReach are how many of the attributes texts has.
	resourceReach, scopeReach int
	// rest are texts in which an id stays: their kind leaves them as they are.
	rest []string
}

// maxShared bounds the bytes that every record looks through. What is behind
// them is searched as any attribute, but not for the records' ids.
const maxShared = 4 << 10

// forget drops all that is of a batch.
func (s *sharedTexts) forget() {
	clear(s.texts[:cap(s.texts)])
	clear(s.rest[:cap(s.rest)])
	*s = sharedTexts{texts: s.texts[:0], rest: s.rest[:0]}
}

// collect lists the texts anew, after one has changed.
func (s *sharedTexts) collect() {
	s.texts, s.longest = s.texts[:0], 0
	left := maxShared
	s.resourceReach = s.add(s.resource, &left)
	s.scopeReach = 0
	if s.hasScope {
		s.scopeReach = s.add(s.scope, &left)
	}
}

// add lists the attributes that there is room for, and returns how many these are.
func (s *sharedTexts) add(m pcommon.Map, left *int) (reach int) {
	for name, v := range m.All() {
		if name != attr.PIIFields {
			text := v.Str()
			if v.Type() != pcommon.ValueTypeStr && v.Type() != pcommon.ValueTypeEmpty {
				text = v.AsString()
			}
			s.put(text, left)
			if _, known := attr.KindOf(name); !known {
				s.put(name, left)
			}
			if *left < 0 {
				break
			}
		}
		reach++
	}
	return reach
}

func (s *sharedTexts) put(text string, left *int) {
	if *left -= len(text); *left < 0 || text == "" || text == Redacted {
		return
	}
	s.list(text)
	if decoded, _, ok := detect.Decode(text); ok { // auth0%7C61823277, as in findEncodedIDs
		s.list(decoded)
	}
}

func (s *sharedTexts) list(text string) {
	if !slices.Contains(s.rest, text) {
		s.texts = append(s.texts, text)
		s.longest = max(s.longest, len(text))
	}
}

// share looks for the record's ids in what it shares with others, and scrubs
// that once more where there is one: those attributes alone that were looked at,
// for each record may have an id there.
func (w *walker) share() {
	s := &w.shared
	if len(w.ids) == 0 || len(s.texts) == 0 || s.longest < w.shortestID() || !slices.ContainsFunc(s.texts, w.idIn) {
		return
	}
	t, plan, place := w.t, w.plan, w.place
	defer func() { // after a panic as well: the next record is of the same scope
		w.t, w.plan, w.place, w.reach = t, plan, place, math.MaxInt
	}()
	w.t, w.plan, w.place, w.reach = w.s.treatments[0], w.s.base, InResource, s.resourceReach
	w.left = maxMembers // a record with many members must not redact what others share with it
	w.twice(func() {
		w.attributes(s.resource)
		if s.hasScope {
			w.place, w.reach = InScope, s.scopeReach
			text := ""
			fields, kept := s.scope.Get(attr.PIIFields)
			if kept {
				text = fields.Str()
			}
			takeFields(s.scope) // it was searched, and is no text that ids stand in
			w.attributes(s.scope)
			if kept {
				s.scope.PutStr(attr.PIIFields, text)
			}
		}
	})
	s.collect()
	for _, text := range s.texts {
		if w.idIn(text) {
			s.rest = append(s.rest, text)
		}
	}
	if len(s.rest) > 0 {
		s.collect()
	}
}

// idIn says whether a text is one of the record's ids, or one stands in it. A
// pseudonym holds none, whatever its letters are.
func (w *walker) idIn(text string) bool {
	if len(text) < w.shortestID() || w.names.Verify(text) {
		return false
	}
	w.spans = w.findIDs(w.spans[:0], text)
	return len(w.spans) > 0 || w.isID(text)
}

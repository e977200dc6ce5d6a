package scrub

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/authevents/otelcol-auth/internal/attr"
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
}

// maxShared bounds the bytes that every record looks through. What is behind
// them is searched as any attribute, but not for the records' ids.
const maxShared = 4 << 10

// forget drops all that is of a batch.
func (s *sharedTexts) forget() {
	clear(s.texts[:cap(s.texts)])
	*s = sharedTexts{texts: s.texts[:0]}
}

// collect lists the texts anew, after one has changed.
func (s *sharedTexts) collect() {
	s.texts, s.longest = s.texts[:0], 0
	left := maxShared
	s.add(s.resource, &left)
	if s.hasScope {
		s.add(s.scope, &left)
	}
}

func (s *sharedTexts) add(m pcommon.Map, left *int) {
	for name, v := range m.All() {
		if name == attr.PIIFields {
			continue
		}
		text := v.Str()
		if v.Type() != pcommon.ValueTypeStr && v.Type() != pcommon.ValueTypeEmpty {
			text = v.AsString()
		}
		s.put(text, left)
		if _, known := attr.KindOf(name); !known {
			s.put(name, left)
		}
	}
}

func (s *sharedTexts) put(text string, left *int) {
	if *left -= len(text); *left >= 0 && text != "" && text != Redacted {
		s.texts = append(s.texts, text)
		s.longest = max(s.longest, len(text))
	}
}

// share looks for the record's ids in what it shares with others, and scrubs
// that once more where there is one.
func (w *walker) share() {
	s := &w.shared
	if len(w.ids) == 0 || len(s.texts) == 0 || s.longest < w.shortestID() || !w.idIn(s.texts) {
		return
	}
	t, plan, place := w.t, w.plan, w.place
	w.t, w.plan, w.place = w.s.treatments[0], w.s.base, InResource
	w.twice(func() {
		w.attributes(s.resource)
		if s.hasScope {
			w.place = InScope
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
	w.t, w.plan, w.place = t, plan, place
	s.collect()
}

// idIn says whether one of the record's ids is, or stands in, one of the texts.
func (w *walker) idIn(texts []string) bool {
	for _, text := range texts {
		for i := range w.ids {
			id := &w.ids[i]
			if len(id.text) > len(text) {
				continue
			}
			if id.equal(text) || len(id.text) >= minInText && (id.index(text) >= 0 || strings.Contains(text, id.text)) {
				return true
			}
		}
	}
	return false
}

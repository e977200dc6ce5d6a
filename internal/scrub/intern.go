package scrub

import (
	"strings"

	"github.com/authevents/otelcol-auth/internal/scrub/generalize"
)

// interned holds texts that come again and again: browsers, versions, origins
// and routes, which is all that is left of a generalized value. They name
// nobody, so they may outlive the batch.
type interned struct {
	texts map[string]string
	// routes are paths of which the template is the path itself, and origins are
	// of URLs; in both a search finds nothing.
	routes, origins settled
}

// maxInterned caps the texts, and maxInternedText each one: what is more or
// longer costs a copy. A full map starts anew, so that what is in use comes back.
const (
	maxInterned     = 512
	maxInternedText = 64
)

// of returns a text that is equal and shares no memory with it.
func (in *interned) of(text string) string {
	if len(text) > maxInternedText {
		return strings.Clone(text)
	}
	if known, ok := in.texts[text]; ok {
		return known
	}
	if in.texts == nil || len(in.texts) >= maxInterned {
		in.texts = make(map[string]string)
	}
	text = strings.Clone(text)
	in.texts[text] = text
	return text
}

// settled is a set of texts of which nothing more would be taken, but for the
// ids of a record. It is bounded as interned is.
type settled map[string]struct{}

// settledOf is the set that an action's results may be in, nil where there is none.
func (in *interned) settledOf(action Action) *settled {
	switch action {
	case Template:
		return &in.routes
	case Origin:
		return &in.origins
	}
	return nil
}

func (s *settled) has(text string) bool {
	if s == nil {
		return false
	}
	_, ok := (*s)[text]
	return ok
}

func (s *settled) add(text string) {
	if s == nil {
		return
	}
	if *s == nil || len(*s) >= maxInterned {
		*s = make(settled)
	}
	(*s)[strings.Clone(text)] = struct{}{}
}

// route is generalize.AppendPath, which it leaves out for the paths that it
// knows: those of an IdP are few, but for the ids in some. What it returns may
// share memory with path or w.general.
func (w *walker) route(path string) string {
	if known := generalize.WithoutQuery(path); w.interned.routes.has(known) {
		return known
	}
	w.general = generalize.AppendPath(w.general[:0], path)
	if string(w.general) == path {
		return path
	}
	return borrow(w.general)
}

// settle remembers what the action left of text, when a search of it has changed
// nothing in this record. It has to find nothing in any.
func (w *walker) settle(action Action, text, out string) {
	if action == Template && generalize.WithoutQuery(text) != out {
		return // there was an id in it
	}
	if len(out) <= maxInternedText && !looksJSON(out) && len(w.s.find(w.spans[:0], out)) == 0 {
		w.interned.settledOf(action).add(out)
	}
}

// isSettled says whether nothing is to be found in a result of the action: it is
// known, and too short for any id of the record.
func (w *walker) isSettled(action Action, out string) bool {
	return len(out) < w.shortestID() && w.interned.settledOf(action).has(out)
}

package policydiff

import (
	"strings"

	"github.com/google/uuid"

	"github.com/authevents/otelcol-auth/internal/scrub"
)

// treatment is what became of a value.
type treatment string

const (
	kept          treatment = "kept"
	searched      treatment = "scrubbed in part"
	pseudonymized treatment = "pseudonym"
	generalized   treatment = "generalized"
	redacted      treatment = "redacted"
	dropped       treatment = "dropped"
)

// level orders treatments by how much leaves. Those of one level leave different
// things, of which none is clearly more.
var level = map[treatment]int{kept: 0, searched: 1, pseudonymized: 1, generalized: 1, redacted: 2, dropped: 2}

// treated says what a scrubber made of the value at a place. after is all that left.
func (s *policed) treated(at, before string, after map[string]leaf) treatment {
	now, ok := after[at]
	switch {
	case !ok:
		return goneFrom(at, after)
	case now.text == before:
		return kept
	case now.text == scrub.Redacted:
		return redacted
	case s.names.Verify(now.text), uuid.Validate(before) == nil && uuid.Validate(now.text) == nil:
		return pseudonymized
	case strings.Contains(now.text, scrub.Redacted), s.holdsPseudonym(now.text):
		return searched
	}
	return generalized
}

// goneFrom tells what is redacted with all that is around it from what is dropped.
func goneFrom(at string, after map[string]leaf) treatment {
	for {
		cut := strings.LastIndexByte(at, '/')
		if cut < 0 {
			return dropped
		}
		at = at[:cut]
		if l, ok := after[at]; ok && l.text == scrub.Redacted {
			return redacted
		}
	}
}

// holdsPseudonym says whether one stands in a text.
func (s *policed) holdsPseudonym(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}) {
		if s.names.Verify(word) {
			return true
		}
	}
	return false
}

// verdict says how the new treatment is to the old.
type verdict string

const (
	weaker   verdict = "weaker"
	stricter verdict = "stricter"
	changed  verdict = "changed"
	// rekeyed is a pseudonym that another key, context or shape made.
	rekeyed verdict = "other pseudonyms"
)

func judge(old, next treatment) verdict {
	switch {
	case level[next] < level[old]:
		return weaker
	case level[next] > level[old]:
		return stricter
	case old == pseudonymized && next == pseudonymized:
		return rekeyed
	}
	return changed
}

package counting

import (
	"fmt"
	"sync"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/naming"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// personal is what is known of a place that holds personal data.
type personal struct {
	kind pii.Kind
	what string // the place, and whose word it is, for an error
}

// personalAt looks a place up in the vocabulary and in the built-in profiles.
// What neither knows is not personal as far as anybody can tell.
func personalAt(place definition.Place) (personal, bool) {
	if place.In == definition.Body {
		return personalPath(place.Name)
	}
	kind, yes := naming.Personal(place.Name)
	return personal{kind, fmt.Sprintf("the attribute %s", place.Name)}, yes
}

// singlesOut says whether a value of the kind is one person's.
func (p personal) singlesOut() bool {
	switch p.kind {
	case pii.Identity, pii.Email, pii.IP, pii.Phone, pii.Secret, pii.Name, pii.VendorID:
		return true
	default:
		return false
	}
}

func (p personal) kindName() string {
	if p.kind == pii.None {
		return "in a part of it"
	}
	return p.kind.String()
}

// bodyField is a place that a built-in profile knows.
type bodyField struct {
	path []string
	kind pii.Kind
}

type bodyFields struct {
	profile string
	fields  []bodyField
}

// knownFields are those of all built-in profiles, which never change.
var knownFields = sync.OnceValue(func() []bodyFields {
	var all []bodyFields
	for _, profile := range authevent.Known() {
		known := bodyFields{profile: profile.Name}
		for _, f := range profile.Classified {
			tokens, err := pii.ParsePointer(f.Pointer)
			if err != nil {
				panic(err) // the files are compiled in; a test reads them
			}
			known.fields = append(known.fields, bodyField{tokens, f.Kind})
		}
		all = append(all, known)
	}
	return all
})

// personalPath asks every profile, whatever source a metric is for: a body
// says nothing of where it is from.
func personalPath(pointer string) (personal, bool) {
	tokens, err := pii.ParsePointer(pointer)
	if err != nil {
		return personal{}, false // reported as no pointer
	}
	for _, known := range knownFields() {
		if kind, yes := known.personal(tokens); yes {
			return personal{kind, fmt.Sprintf("the body's %s, by the profile %s,", pointer, known.profile)}, true
		}
	}
	return personal{}, false
}

// personal goes by the field that names the place best: the longest path, of
// equals the one with fewer wildcards, and then the personal one. A place with
// personal fields below it is personal, too.
func (b bodyFields) personal(place []string) (pii.Kind, bool) {
	kind, best, below := pii.Public, -1, pii.Public
	for _, f := range b.fields {
		if !overlaps(f.path, place) {
			continue
		}
		if len(f.path) > len(place) {
			if f.kind != pii.Public {
				below = f.kind
			}
			continue
		}
		score := 0 // of a field's tokens a name counts for more than a wildcard
		for _, token := range f.path {
			score += 3
			if token == "*" {
				score--
			}
		}
		if score > best || score == best && f.kind != pii.Public {
			kind, best = f.kind, score
		}
	}
	if kind == pii.Public {
		kind = below
	}
	return kind, kind != pii.Public
}

// overlaps says whether one of two places is the other, or above it.
func overlaps(field, place []string) bool {
	for i := range min(len(field), len(place)) {
		if field[i] != "*" && field[i] != place[i] {
			return false
		}
	}
	return true
}

package counting

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// placeKeys are the YAML keys of the places; one may be set.
type placeKeys struct{ attribute, body, resource string }

// place returns the one place that is set, or the zero Place for none.
func (p *problems) place(at path, keys placeKeys) (definition.Place, bool) {
	var found []definition.Place
	for _, candidate := range []definition.Place{
		{In: definition.Attribute, Name: keys.attribute},
		{In: definition.Body, Name: keys.body},
		{In: definition.Resource, Name: keys.resource},
	} {
		if candidate.Name != "" {
			found = append(found, candidate)
		}
	}
	switch {
	case len(found) == 0:
		return definition.Place{}, true
	case len(found) > 1:
		p.fail(at, "names several places: give one of attribute, body and resource")
		return definition.Place{}, false
	case found[0].In == definition.Body && !p.pointer(at.key("body"), keys.body):
		return definition.Place{}, false
	}
	return found[0], true
}

// pointer checks a path in the body.
func (p *problems) pointer(at path, pointer string) bool {
	tokens, err := pii.ParsePointer(pointer)
	switch {
	case err != nil:
		p.fail(at, "%q is no path: write a JSON Pointer such as /properties/locale", pointer)
	case slices.Contains(tokens, "*"):
		p.fail(at, "%q names many places: name the member, or the element by its number", pointer)
	default:
		return true
	}
	return false
}

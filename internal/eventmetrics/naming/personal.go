package naming

import (
	"slices"
	"strings"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

// Personal returns the kind of personal data that an attribute of the vocabulary
// holds; None is what may hold some, such as a file's path.
func Personal(attribute string) (pii.Kind, bool) {
	// A pseudonym under the key before is still a person's.
	kind, known := attr.KindOf(strings.TrimSuffix(attribute, attr.PreviousSuffix))
	if !known {
		elsewhere := attr.Elsewhere()
		i := slices.IndexFunc(elsewhere, func(a attr.Attribute) bool { return a.Name == attribute })
		if i < 0 {
			return pii.Public, false
		}
		kind = elsewhere[i].Kind
	}
	return kind, kind != pii.Public
}

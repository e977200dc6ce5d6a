package catalogue

import (
	"slices"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// Distinct values that a metric tells apart. maxEventNames leaves room for all
// names that a source has; there are more countries than the default allows.
const (
	maxEventNames = 600
	maxCountries  = 260
	maxSteps      = 250
	maxMethods    = 60
	maxFew        = 20
)

var (
	outcomes = []string{attr.OutcomeSuccess, attr.OutcomeFailure}
	truths   = []string{"true", "false"}
)

// dimensions are attributes of the record under their own names.
func dimensions(names ...string) []definition.Dimension {
	list := make([]definition.Dimension, len(names))
	for i, name := range names {
		list[i] = dimension(name)
	}
	return list
}

// dimension says what values an attribute may have.
func dimension(name string) definition.Dimension {
	d := definition.Dimension{Name: name}
	switch name {
	case attr.OTelEventName:
		d.Allowed, d.Cap = eventNames(), maxEventNames
	case attr.Outcome:
		d.Allowed = forAll(outcomes)
	case attr.Method:
		d.Allowed, d.Cap = methods(), maxMethods
	case attr.PKCEUsed, attr.FirstLogin, attr.NewDevice, attr.RateLimited, attr.AddPhone, attr.Resend, attr.EmailExists:
		d.Boolean, d.Allowed = true, forAll(truths)
	case attr.GeoCountryISOCode:
		d.Cap = maxCountries
	case attr.Step:
		d.Cap = maxSteps
	case attr.Issue:
		d.Allowed = forAll(issues)
	case attr.AAL, attr.IAL, attr.Channel:
		d.Cap = maxFew
	}
	return d
}

// forAll is a list that holds for all sources.
func forAll(values []string) map[string][]string {
	return map[string][]string{"": slices.Clone(values)} // the caller's own
}

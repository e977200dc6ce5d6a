package eventmetrics

import (
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

// maxEventNames leaves room for all names that Login.gov has, about 450.
const maxEventNames = 600

// withVocabulary fills in what is known of an attribute of our own, where the
// definition says nothing of its values and takes it from where it stands.
func withVocabulary(d definition.Dimension) definition.Dimension {
	if d.From != unsetPlace {
		return d
	}
	switch d.Name {
	case attr.PKCEUsed, attr.FirstLogin:
		d.Boolean = true
	case attr.OTelEventName:
		if d.Cap == 0 {
			d.Cap = maxEventNames
		}
	}
	if d.Allowed == nil {
		switch d.Name {
		case attr.Outcome:
			d.Allowed = anySource(attr.OutcomeSuccess, attr.OutcomeFailure)
		case attr.Method:
			d.Allowed = anySource(
				"backup_code", "code", "email", "link", "lookup_secret", "oidc", "otp", "passkey", "password",
				"personal_key", "phone", "piv_cac", "push", "recovery_code", "remember_device", "saml",
				"security_key", "sms", "social", "totp", "voice", "webauthn", "webauthn_platform",
			)
		}
	}
	if d.Boolean && d.Allowed == nil {
		d.Allowed = anySource(booleans[:]...)
	}
	return d
}

func anySource(values ...string) map[string][]string { return map[string][]string{"": values} }

// commonDimensions are those of every metric, with where they stand.
func commonDimensions() []definition.Dimension {
	var dimensions []definition.Dimension
	for _, name := range definition.Common() {
		place := definition.Place{In: definition.Attribute, Name: name}
		if name == attr.DeploymentEnvironmentName {
			place.In = definition.Resource
		}
		dimensions = append(dimensions, definition.Dimension{Name: name, From: place})
	}
	return dimensions
}

package scrub

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/authevents/otelcol-auth/internal/pii"
)

func TestNameKind(t *testing.T) {
	for name, want := range map[string]pii.Kind{
		"user_id": pii.Identity, "givenName": pii.Name, "otp": pii.Secret, "phone-number": pii.Phone, "zip": pii.QuasiIdentifier,
		"colour": pii.None, "": pii.None,
	} {
		assert.Equal(t, want, NameKind(name), name)
	}
}

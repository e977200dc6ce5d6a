package sealedtest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/sealed"
)

// The envelope is the same in all versions; only the first byte tells them apart.
func TestEnvelope(t *testing.T) {
	value := sealed.Seal("key", []byte("value"))
	assert.Equal(t, value, OfVersion(sealed.Version, "key", value))
	_, err := sealed.Unseal("key", OfVersion(sealed.Version+1, "key", value))
	require.ErrorIs(t, err, sealed.ErrVersion)
}

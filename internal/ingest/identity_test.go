package ingest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIdentities(t *testing.T) {
	key := []byte(strings.Repeat("k", MinUIDKey))
	a, err := NewIdentities(key)
	require.NoError(t, err)
	again, err := NewIdentities(key)
	require.NoError(t, err)
	body := []byte(`{"type":"audit"}`)
	assert.Equal(t, a.Of(body), again.Of(body))
	assert.NotEqual(t, a.Of(body), a.Of([]byte(`{"type":"metric"}`)))

	// Without a key, nobody else's are the same.
	mine, err := NewIdentities(nil)
	require.NoError(t, err)
	other, err := NewIdentities(nil)
	require.NoError(t, err)
	assert.Equal(t, mine.Of(body), mine.Of(body))
	assert.NotEqual(t, mine.Of(body), other.Of(body))

	_, err = NewIdentities([]byte("short"))
	assert.EqualError(t, err, "uid_key: must have at least 32 bytes (got 5): make one with openssl rand -hex 32")
}

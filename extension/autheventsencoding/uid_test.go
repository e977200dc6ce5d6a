package autheventsencoding

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
)

func withKey() *Config {
	cfg := defaultConfig()
	cfg.UIDKey = testKey
	return cfg
}

// Without a key, equal messages are two.
func TestUIDsWithoutKey(t *testing.T) {
	u := newTest(t, defaultConfig())
	first, second := uids(records(t, u, hera+"\n"+hera)), uids(records(t, u, hera+"\n"+hera))
	distinct := map[string]bool{}
	for _, uid := range append(first, second...) {
		assert.Regexp(t, `^payload/[0-9a-f]{16}/[0-9a-f]{16}$`, uid)
		distinct[uid] = true
	}
	assert.Len(t, distinct, 4)
	assert.Equal(t, first[0][:25], first[1][:25], "one payload")
	assert.Equal(t, fmt.Sprintf("%016x", len(hera)+1), first[1][25:], "the offset, where configs/kafka.yaml finds it")
}

// With a key, a message has the uids that it had, also after a restart.
func TestUIDsWithKey(t *testing.T) {
	payload := hera + "\n" + hera
	first := uids(records(t, newTest(t, withKey()), payload))
	assert.Equal(t, first, uids(records(t, newTest(t, withKey()), payload)))
	assert.NotEqual(t, first[0], first[1])
	assert.NotEqual(t, first, uids(records(t, newTest(t, withKey()), hera)))

	other := withKey()
	other.UIDKey = "another-key-of-at-least-32-bytes"
	assert.NotEqual(t, first, uids(records(t, newTest(t, other), payload)))
}

// An id that the IdP gave is the record's, whatever it looks like.
func TestUIDsOfTheSource(t *testing.T) {
	for _, cfg := range []*Config{defaultConfig(), withKey()} {
		list := records(t, newTest(t, cfg), loginGov)
		require.Len(t, list, 1)
		assert.Equal(t, "a3c0f7de-0a54-4c1e-9a0c-000000000001", text(list[0], attr.LogRecordUID))
	}
}

// Every record has a uid: a processor's condition on it can't fail.
func TestEveryRecordHasUID(t *testing.T) {
	u := newTest(t, defaultConfig())
	for _, payload := range []string{hera, loginGov, "[{", "text", "{", "{}"} {
		for _, uid := range uids(records(t, u, payload)) {
			assert.NotEmpty(t, uid, payload)
		}
	}
}

func TestHexID(t *testing.T) {
	for _, id := range []uint64{0, 1, 0xfedcba9876543210, 1<<64 - 1} {
		assert.Equal(t, fmt.Sprintf("%016x", id), hexID(id))
	}
}

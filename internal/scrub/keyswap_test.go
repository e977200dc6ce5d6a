package scrub

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// TestKeysOfOneBatch: keys that are replaced while a record is walked are used from
// the next batch on. Half a record's pseudonyms under one key and half under
// another, or under a key that pii_scrub.key_id does not name, could not be joined.
func TestKeysOfOneBatch(t *testing.T) {
	p := testPolicy()
	p.Annotate, p.Verify, p.Actions[pii.IP] = true, 1, PrefixPreserving
	s := newTest(t, p)
	before := s.names.Anonymize(netip.MustParseAddr("192.0.2.44")).String()
	next := []pseudonym.Key{{ID: "k2", Secret: []byte("fedcba9876543210fedcba9876543210")}}
	s.scrubRecord = func(w *walker, lr plog.LogRecord) {
		w.identities(lr.Attributes())
		require.NoError(t, s.SetKeys(next))
		w.scrubRecord(lr)
	}
	scrubbed := func() string {
		ld := oneRecord(testFields, func(lr plog.LogRecord) {
			lr.Body().SetStr(`{"id":"u1","email":"a@b.example","x":"of user-12345678 at 192.0.2.44"}`)
			lr.Attributes().PutStr(attr.UserID, "user-12345678")
		})
		require.Zero(t, s.Logs(ld).Residual)
		return marshal(t, ld)
	}
	first := scrubbed()
	assert.Contains(t, first, "identity_k1_")
	assert.NotContains(t, first, "k2")
	assert.Equal(t, 1, strings.Count(first, before), "of the old key")
	second := scrubbed()
	assert.Contains(t, second, "identity_k2_")
	assert.NotContains(t, second, "k1")
}

// A pool that has a walker must not have the keys of its last batch.
func TestWalkersForgetKeys(t *testing.T) {
	s := newTest(t, testPolicy())
	w := s.walk(1)
	require.NotEmpty(t, w.names.KeyID())
	require.True(t, w.recyclable())
	assert.Equal(t, pseudonym.View{}, w.names)
}

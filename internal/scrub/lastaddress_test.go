package scrub

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// addressed is a batch of a record for each event name, all with one address.
func addressed(address string, events ...string) plog.Logs {
	ld := oneRecord(testFields, func(plog.LogRecord) {})
	records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	records.RemoveIf(func(plog.LogRecord) bool { return true })
	for _, name := range events {
		lr := records.AppendEmpty()
		lr.SetEventName(name)
		lr.Body().SetStr(`{"ip":"` + address + `","x":"` + address + `"}`)
		lr.Attributes().PutStr(attr.ClientAddress, address)
	}
	return ld
}

// TestAnAddressThatComesAgain: a treatment does with it what it did, another one what
// that one does, and so do other keys.
func TestAnAddressThatComesAgain(t *testing.T) {
	const address = "192.0.2.44"
	p := testPolicy()
	p.Actions[pii.IP] = Pseudonym
	redact, truncate := p.Treatment, p.Treatment
	redact.Actions[pii.IP], truncate.Actions[pii.IP] = Redact, Truncate
	p.Rules = []Rule{{EventName: "redact", Treatment: redact}, {EventName: "truncate", Treatment: truncate}}
	s := newTest(t, p)
	for _, keyID := range []string{"k1", "k2"} {
		require.NoError(t, s.SetKeys([]pseudonym.Key{{ID: keyID, Secret: []byte("0123456789abcdef0123456789abcdef")}}))
		token := s.names.Token(pii.IP, address)
		assert.Contains(t, token, keyID)
		events := []string{"a", "a", "redact", "a", "truncate", "redact", "truncate", "a"}
		ld := addressed(address, events...)
		stats := s.Logs(ld)
		for action, records := range map[Action]int{Pseudonym: 4, Redact: 2, Truncate: 2} {
			counts := stats.Values[pii.IP][action]
			assert.EqualValues(t, records, counts[ByField][InBody], action)
			assert.EqualValues(t, records, counts[ByField][InAttribute], action)
		}
		for i, lr := range ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			want := map[string]string{"a": token, "redact": Redacted, "truncate": "192.0.2.0"}[events[i]]
			assert.Equal(t, `{"ip":"`+want+`","x":"`+want+`"}`, lr.Body().Str())
			got, _ := lr.Attributes().Get(attr.ClientAddress)
			assert.Equal(t, want, got.Str())
		}
	}
}

// TestAMappedAddressIsNotRemembered: what the first walk has put into the body is what
// another address became as well, and stays in the second walk.
func TestAMappedAddressIsNotRemembered(t *testing.T) {
	p := testPolicy()
	p.Verify, p.Actions[pii.IP] = 1, PrefixPreserving
	s := newTest(t, p)
	mapped := s.names.Anonymize(netip.MustParseAddr("192.0.2.44")).String()
	ld := oneRecord(testFields, func(lr plog.LogRecord) {
		lr.Body().SetStr(`{"ip":"192.0.2.44"}`)
		lr.Attributes().PutStr(attr.ClientAddress, mapped)
	})
	assert.Zero(t, s.Logs(ld).Residual)
	assert.Equal(t, `{"ip":"`+mapped+`"}`, record(ld).Body().Str())
}

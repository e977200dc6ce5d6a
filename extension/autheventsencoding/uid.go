package autheventsencoding

import (
	"math/rand/v2"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/ingest"
)

// identities gives each payload its identity.
type identities func(payload []byte) uint64

// newIdentities returns those of a key; without one, fresh ones, by which two
// payloads are never taken for one, however equal they are.
func newIdentities(key []byte) (identities, error) {
	if len(key) == 0 {
		return func([]byte) uint64 { return rand.Uint64() }, nil
	}
	ids, err := ingest.NewIdentities(key)
	if err != nil {
		return nil, err
	}
	return ids.Of, nil
}

// payloadPrefix marks the uids that stand for a payload: 16 hexadecimal digits
// of its identity and 16 of the line's offset in it follow, each behind a
// slash. A processor that knows where the message stands can tell them from
// the ids of an IdP by it, and keep the offset: configs/kafka.yaml does.
const payloadPrefix = "payload/"

// idDigits is how many hexadecimal digits an identity has.
const idDigits = 16

// markUIDs rewrites the uids that were made of id. Those that an IdP gave to
// its events stay as they are: that one begins with the 64 bits of id is as
// likely as a collision of identities.
func markUIDs(logs plog.Logs, id uint64) {
	digits := hexID(id)
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				uid, ok := record.Attributes().Get(attr.LogRecordUID)
				if !ok {
					continue
				}
				if offset, ours := strings.CutPrefix(uid.Str(), digits); ours {
					uid.SetStr(payloadPrefix + digits + "/" + offset)
				}
			}
		}
	}
}

func hexID(id uint64) string {
	const digits = "0123456789abcdef"
	var b [idDigits]byte
	for i := range b {
		b[i] = digits[id>>(60-4*i)&0xf]
	}
	return string(b[:])
}

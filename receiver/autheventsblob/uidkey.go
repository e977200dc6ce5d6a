package autheventsblob

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/authevents/otelcol-auth/internal/ingest"
)

// uidKeyKey is where the storage has the key of the uids.
const uidKeyKey = "uid_key"

// loadUIDs returns what makes log.record.uid. A version can be a hash of the
// content, and one without a key would let whoever reads the log confirm a
// guess of what was taken out of an object of one line. The key is random and
// stands beside the positions: without these, an object is read anew anyway.
func loadUIDs(ctx context.Context, client storage.Client) (*ingest.Identities, error) {
	if client == nil {
		return ingest.NewIdentities(nil)
	}
	key, err := client.Get(ctx, uidKeyKey)
	if err != nil {
		return nil, fmt.Errorf("storage: read the key of the uids: %w", err)
	}
	if len(key) < ingest.MinUIDKey {
		key = make([]byte, ingest.MinUIDKey)
		rand.Read(key) // never fails
		if err := client.Set(ctx, uidKeyKey, key); err != nil {
			return nil, fmt.Errorf("storage: save the key of the uids: %w", err)
		}
	}
	return ingest.NewIdentities(key)
}

// uid of a version of an object.
func (o *object) uid(uids *ingest.Identities) uint64 {
	return uids.Of(binary.BigEndian.AppendUint64(nil, o.version))
}

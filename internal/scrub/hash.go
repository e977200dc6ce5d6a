package scrub

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// hash tells policies apart: 16 hexadecimal digits of the SHA-256 over all of
// the policy, in one form, but the secrets of its keys.
func (p Policy) hash() string {
	keys := make([]pseudonym.Key, len(p.Keys))
	for i, key := range p.Keys {
		keys[i] = key
		keys[i].Secret = nil
	}
	p.Keys = keys
	text, err := json.Marshal(p) // fields in their order, names of a map sorted
	if err != nil {
		panic(err) // a policy has texts and numbers alone; Verify was checked
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

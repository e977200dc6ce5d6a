package eventmetrics

import (
	"hash/maphash"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// numHashes is how many hashes are remembered, in 16 bytes each; a power of
// two.
const numHashes = 8192

// hashes remembers the keyed hashes of users met lately: SipHash takes ten
// times as long as the look. The users themselves are not held but as maphash
// knows them, whose seed is this process's own, so that nobody can craft two
// that it takes for one. Two meet by chance with a probability of 1 in 2^64.
type hashes struct {
	key     unique.Key
	seed    maphash.Seed
	entries [numHashes]struct{ text, hash uint64 }
}

func newHashes(key unique.Key) *hashes { return &hashes{key: key, seed: maphash.MakeSeed()} }

// of is unique.Key.Hash of one text.
func (h *hashes) of(text string) uint64 {
	local := max(1, maphash.String(h.seed, text))
	entry := &h.entries[local%numHashes]
	if entry.text != local {
		entry.text, entry.hash = local, h.key.Hash(text)
	}
	return entry.hash
}

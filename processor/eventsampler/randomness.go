package eventsampler

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"unsafe"

	"github.com/dchest/siphash"
)

// whole is how many values a randomness of OpenTelemetry's sampling has: 56
// bits of them. A threshold is how many are rejected, of the lowest.
const whole = 1 << 56

// key keys the hash of uids.
type key struct{ k0, k1 uint64 }

// newKey derives a key from a secret, which so may serve for something else as
// well. Of an empty one a key comes that everybody can compute.
func newKey(secret string) key {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("otelcol-auth event sampler, key 1"))
	sum := mac.Sum(nil)
	return key{binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])}
}

// randomness returns a number below whole, the same for the same uid.
func (k key) randomness(uid string) uint64 {
	// siphash reads its input and keeps nothing, so that no copy is needed.
	return siphash.Hash(k.k0, k.k1, unsafe.Slice(unsafe.StringData(uid), len(uid))) >> 8
}

// above maps a randomness onto the highest kept values, evenly and in the same
// order: what a sampler that let those through would have seen.
func above(randomness, kept uint64) uint64 {
	high, _ := bits.Mul64(randomness<<8, kept) // randomness/whole of kept
	return whole - kept + high
}

// Package unique estimates how many distinct users were seen in the last hour
// or day: sliding windows of HyperLogLog sketches over keyed hashes. It knows
// neither records nor metrics, and none of its types are safe for concurrent
// use: the engine's lock guards them.
package unique

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"

	"github.com/dchest/siphash"
)

// Key keys the hashes of users, so that a sketch says nothing about who was in
// it to a reader who does not hold the key, and nobody can craft user names
// that all count as one.
type Key [16]byte

// NewKey derives a key from a secret of any length. It is as hard to guess as
// the secret is, so that should have at least MinSecret random bytes.
func NewKey(secret []byte) Key {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("otelcol-auth unique users, key 1"))
	return Key(mac.Sum(nil)[:len(Key{})])
}

// MinSecret is the least number of bytes that a configured secret should have.
const MinSecret = 32

// RandomKey returns a key that no other collector has.
func RandomKey() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails; the program ends where the system has no randomness
	return k
}

// hashBuffer takes what is hashed in one go without allocation: a user id and
// a few short labels.
const hashBuffer = 256

// Hash returns the keyed hash (SipHash-2-4) of the parts, each counted with
// its length, so that ("a", "bc") and ("ab", "c") differ. It allocates nothing.
func (k Key) Hash(parts ...string) uint64 {
	size := 0
	for _, part := range parts {
		size += 4 + len(part)
	}
	if size > hashBuffer {
		return k.hashLong(parts)
	}
	var buffer [hashBuffer]byte
	b := buffer[:0]
	for _, part := range parts {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return k.sum(b)
}

// hashLong chains the parts block by block, through a buffer of fixed size.
func (k Key) hashLong(parts []string) uint64 {
	const blockSize = 128
	var buffer [16 + blockSize]byte
	var h uint64
	for _, part := range parts {
		rest := len(part)
		for {
			// What is left to hash stands in each block, so a part's end can not
			// be mistaken for the next one's beginning.
			n := min(len(part), blockSize)
			b := binary.LittleEndian.AppendUint64(buffer[:0], h)
			b = binary.LittleEndian.AppendUint64(b, uint64(rest))
			h = k.sum(append(b, part[:n]...))
			part, rest = part[n:], rest-n
			if rest == 0 {
				break
			}
		}
	}
	return h
}

func (k Key) sum(b []byte) uint64 {
	return siphash.Hash(binary.LittleEndian.Uint64(k[:8]), binary.LittleEndian.Uint64(k[8:]), b)
}

// check is a value by which two sketches of the same key are known. It is one
// more output of the keyed function, and so reveals the key no more than any
// hash does. No user hashes to it: Hash counts lengths, and this has none.
func (k Key) check() uint64 { return k.sum([]byte("key check")) }

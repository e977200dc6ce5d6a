package tail

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"hash"
	"sync"
)

const (
	// maxDigested is how many bytes of a file's beginning, and of what stands
	// before a position, it is known by.
	maxDigested = 1000
	saltSize    = 32
)

// digest knows bytes again without holding them.
type digest struct {
	size int // of what was digested, at most maxDigested; 0 for nothing
	sum  [16]byte
}

// digester makes digests. The salt is random and stands in the storage: so a
// digest in a backup of a state directory is good for no guessing without the
// salt, and digests of two directories can't be joined.
type digester struct {
	salt   []byte
	hashes sync.Pool // of hash.Hash; each is about half a kilobyte
}

func newDigester(salt []byte) *digester {
	d := &digester{salt: salt}
	d.hashes.New = func() any { return hmac.New(sha256.New, salt) }
	return d
}

func newSalt() []byte {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails, by its documentation
	return salt
}

// of returns the digest of b, which is at most maxDigested long.
func (d *digester) of(b []byte) digest {
	if len(b) == 0 {
		return digest{}
	}
	h := d.hashes.Get().(hash.Hash)
	defer d.hashes.Put(h)
	h.Reset()
	h.Write(b)
	var sum [sha256.Size]byte
	out := digest{size: len(b)}
	copy(out.sum[:], h.Sum(sum[:0]))
	return out
}

// matches says whether b begins with what was digested.
func (d *digester) matches(want digest, b []byte) bool {
	return want.size <= len(b) && d.of(b[:want.size]) == want
}

package pseudonym

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"sync"
)

// subkey derives a key for one purpose from a secret. The labels of two
// purposes differ, so no sub-key serves both.
func subkey(secret []byte, label string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "otelcol-auth pseudonym v1\x00"+label, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive a sub-key: %w", err)
	}
	return key, nil
}

// macPool lends HMAC states of one sub-key. Setting a state up hashes the key
// twice; Reset of a used one only copies it back.
type macPool struct{ pool sync.Pool }

type macState struct {
	mac hash.Hash
	in  []byte // what is hashed; it would escape to the heap otherwise
	out [sha256.Size]byte
}

func newMACPool(secret []byte, label string) (*macPool, error) {
	key, err := subkey(secret, label)
	if err != nil {
		return nil, err
	}
	p := &macPool{}
	p.pool.New = func() any { return &macState{mac: hmac.New(sha256.New, key)} }
	return p, nil
}

// maxPooledInput caps the input buffer that goes back to the pool: one huge
// value must not pin its size for ever.
const maxPooledInput = 4 << 10

func (p *macPool) sum(data []byte) [sha256.Size]byte {
	s := p.pool.Get().(*macState)
	s.mac.Reset()
	s.in = append(s.in[:0], data...)
	s.mac.Write(s.in) // a hash never returns an error
	s.mac.Sum(s.out[:0])
	out := s.out
	if cap(s.in) <= maxPooledInput {
		p.pool.Put(s)
	}
	return out
}

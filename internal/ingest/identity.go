package ingest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// MinUIDKey is the least length of a key for uids, in bytes.
const MinUIDKey = 32

// Identities gives bodies that come without an identity, such as requests, one
// that is the same when they are sent again: a keyed hash of their content. An
// unkeyed one would let whoever reads log.record.uid confirm a guess of what
// was taken out of the record.
type Identities struct{ key []byte }

// NewIdentities returns those of a key. Without a key it makes one, and the
// identities hold for this process.
func NewIdentities(key []byte) (*Identities, error) {
	if len(key) == 0 {
		key = make([]byte, MinUIDKey)
		rand.Read(key) // never fails
	}
	if len(key) < MinUIDKey {
		return nil, fmt.Errorf("uid_key: must have at least %d bytes (got %d): make one with openssl rand -hex 32", MinUIDKey, len(key))
	}
	return &Identities{key: key}, nil
}

// Of returns the identity of a body.
func (i *Identities) Of(body []byte) uint64 {
	mac := hmac.New(sha256.New, i.key)
	mac.Write(body)
	return binary.BigEndian.Uint64(mac.Sum(nil))
}

package pseudonym

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"sync"
	"unicode/utf8"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// MinSecret is the length of the shortest secret, in bytes.
const MinSecret = 32

const (
	maxKeyID   = 16
	maxContext = 128
)

// Key is a key as the operator configures it.
type Key struct {
	// ID marks the tokens that the key makes: 1 to 16 of a-z and 0-9.
	ID string
	// Secret has at least MinSecret bytes.
	Secret []byte
}

// validate returns every problem at once. It never quotes an id: who mixes up
// id and secret would find the secret in the log.
func validate(keys []Key, context string) error {
	var errs []error
	if len(keys) == 0 {
		errs = append(errs, errors.New(`keys: at least one key is needed: set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}]`))
	}
	for i, key := range keys {
		if !validID(key.ID) {
			errs = append(errs, fmt.Errorf("keys[%d].id: must be 1 to %d of a-z and 0-9 (got %s): name it k1, for example",
				i, maxKeyID, describeID(key.ID)))
		}
		if len(key.Secret) < MinSecret {
			errs = append(errs, fmt.Errorf("keys[%d].secret: must be at least %d bytes (got %d): "+
				`set the environment variable that it names, for example to the output of "openssl rand -base64 32"`,
				i, MinSecret, len(key.Secret)))
		}
		for j := range i {
			if keys[j].ID == key.ID {
				errs = append(errs, fmt.Errorf("keys[%d].id: must differ from keys[%d].id: give each key an id of its own", i, j))
			}
		}
	}
	if len(context) > maxContext || !utf8.ValidString(context) {
		errs = append(errs, fmt.Errorf("context: must be UTF-8 text of at most %d bytes (got %d bytes): name the destination, for example",
			maxContext, len(context)))
	}
	return errors.Join(errs...)
}

// describeID says what is wrong with an id that is not valid, without it.
func describeID(id string) string {
	if id == "" || len(id) > maxKeyID {
		return fmt.Sprintf("%d bytes", len(id))
	}
	return fmt.Sprintf("%d bytes, other characters among them", len(id))
}

func validID(id string) bool {
	if id == "" || len(id) > maxKeyID {
		return false
	}
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// derivedKey holds what is derived from one Key.
type derivedKey struct {
	id    string
	kinds [pii.NumKinds]*macPool // nil where there are no pseudonyms of the kind
	check *macPool
}

// derive makes one sub-key per kind and context, and one for the check digits.
// The labels differ for every use, so no sub-key serves two purposes.
func derive(key Key, context string) (derivedKey, error) {
	const label = "otelcol-auth pseudonym v1"
	derived := derivedKey{id: key.ID}
	for _, kind := range Kinds() {
		pool, err := newMACPool(key.Secret, label+"\x00kind\x00"+kind.String()+"\x00"+context)
		if err != nil {
			return derivedKey{}, err
		}
		derived.kinds[kind] = pool
	}
	// No context here: a second hop of another context has to recognise the
	// tokens of the first.
	pool, err := newMACPool(key.Secret, label+"\x00check")
	derived.check = pool
	return derived, err
}

// verify compares the check digits of a token with those that its body has
// under this key.
func (k *derivedKey) verify(body, digits string) bool {
	var stack [maxToken]byte
	sum := k.check.sum(append(stack[:0], body...))
	var want [2 * checkBytes]byte
	hex.Encode(want[:], sum[:checkBytes])
	return subtle.ConstantTimeCompare(want[:], []byte(digits)) == 1
}

// macPool lends HMAC states of one sub-key. Setting a state up hashes the key
// twice; Reset of a used one only copies it back.
type macPool struct{ pool sync.Pool }

type macState struct {
	mac hash.Hash
	in  []byte // what is hashed; it would escape to the heap otherwise
	out [sha256.Size]byte
}

func newMACPool(secret []byte, info string) (*macPool, error) {
	subkey, err := hkdf.Key(sha256.New, secret, nil, info, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive a sub-key: %w", err)
	}
	p := &macPool{}
	p.pool.New = func() any { return &macState{mac: hmac.New(sha256.New, subkey)} }
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

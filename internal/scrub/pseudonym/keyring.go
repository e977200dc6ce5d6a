package pseudonym

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// keyring is what is derived from one list of keys. It does not change: other
// keys make another keyring, and what the old one remembers goes with it.
type keyring struct {
	keys      []derivedKey // keys[0] makes tokens
	addresses *addresses   // nil without keys
	warnings  []string     // what is wrong with the keys whatever the time is
}

// derivedKey holds what is derived from one Key.
type derivedKey struct {
	id                  string
	until, destroyAfter time.Time
	kinds               [pii.NumKinds]*macPool // nil where there are no pseudonyms of the kind
	check               *macPool
	uuidCheck           *macPool
	tokens              *tokenCache // nil where the key only verifies
}

func newKeyring(o Options) (*keyring, error) {
	ring := &keyring{keys: make([]derivedKey, 0, len(o.Keys)), warnings: sameSecrets(o.Keys)}
	for i, key := range o.Keys {
		derived, err := derive(key, o.Context)
		if err != nil {
			return nil, err
		}
		if i == 0 || o.EmitPrevious {
			derived.tokens = newTokenCache()
		}
		ring.keys = append(ring.keys, derived)
	}
	if len(o.Keys) == 0 {
		return ring, nil
	}
	var err error
	ring.addresses, err = newAddresses(o.Keys[0].Secret, o.Context)
	return ring, err
}

// sameSecrets warns of keys that differ by their ids alone.
func sameSecrets(keys []Key) (warnings []string) {
	for i, key := range keys {
		for j, other := range keys[:i] {
			if subtle.ConstantTimeCompare(key.Secret, other.Secret) == 1 {
				warnings = append(warnings, fmt.Sprintf("keys[%d]: has the same secret as keys[%d]: "+
					"give each key a secret of its own, or nothing is rotated", i, j))
			}
		}
	}
	return warnings
}

// derive makes one sub-key per kind and context, and one for each sort of
// check digits.
func derive(key Key, context string) (derivedKey, error) {
	k := derivedKey{id: key.ID, until: key.Until, destroyAfter: key.DestroyAfter}
	var err error
	for _, kind := range Kinds() {
		if k.kinds[kind], err = newMACPool(key.Secret, "kind\x00"+kind.String()+"\x00"+context); err != nil {
			return derivedKey{}, err
		}
	}
	// No context here: a second hop of another context has to recognise the
	// tokens of the first.
	if k.check, err = newMACPool(key.Secret, "check"); err != nil {
		return derivedKey{}, err
	}
	k.uuidCheck, err = newMACPool(key.Secret, "uuid check")
	return k, err
}

// find returns the key of the id, or nil.
func (r *keyring) find(id string) *derivedKey {
	for i := range r.keys {
		if r.keys[i].id == id {
			return &r.keys[i]
		}
	}
	return nil
}

// live says whether the key still verifies. It asks for the time only if the
// key has an end.
func (k *derivedKey) live(now func() time.Time) bool {
	return k.until.IsZero() || now().Before(k.until)
}

// pseudonym makes the pseudonym of a value.
func (k *derivedKey) pseudonym(kind pii.Kind, value string, preserve bool) string {
	var stack [maxToken]byte
	return string(k.appendPseudonym(stack[:0], kind, value, preserve))
}

// appendPseudonym appends it to dst, which it does not keep.
func (k *derivedKey) appendPseudonym(dst []byte, kind pii.Kind, value string, preserve bool) []byte {
	var stack [64]byte
	canonical := appendCanonical(stack[:0], kind, value)
	mac := k.kinds[kind].sum(canonical)
	if preserve && kind == pii.Identity && IsUUID(strings.TrimSpace(value)) {
		return k.appendUUID(dst, mac)
	}
	return k.appendToken(dst, kind, mac)
}

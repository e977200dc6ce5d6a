// Package pseudonym turns personal data into keyed pseudonyms: tokens that
// are the same for the same value, that nobody can compute or check without
// the key, and that a holder of the key recognises without knowing the value.
//
// A token reads
//
//	<kind>_<key id>_<32 hex digits><8 hex digits>
//
// The 32 digits are the first 16 bytes of an HMAC-SHA-256 over the value's
// canonical form, under a sub-key for its kind and the Pseudonymizer's context.
// The 8 digits are the first 4 bytes of an HMAC over all that stands before
// them, under a sub-key of its own that is the same in every context. By it a
// second hop tells a token from a text that only looks like one.
//
// Where the shape is preserved, a UUID becomes a UUID of version 8: 90 bits of
// the same HMAC, and 32 of a check of its own. See Options.
package pseudonym

import (
	"fmt"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/authevents/otelcol-auth/internal/pii"
)

var kinds = [...]pii.Kind{pii.Identity, pii.Email, pii.IP}

// Kinds lists the kinds of which there are pseudonyms.
func Kinds() []pii.Kind { return slices.Clone(kinds[:]) }

// Options say how pseudonyms are made, and which are recognised.
type Options struct {
	// Keys make and verify the tokens: the first makes them, all verify, so
	// that a key can be replaced while its tokens are still about. There must
	// be one, but with TrustedUpstream: without a key no pseudonym is made,
	// and a policy that asks for one is the caller's to refuse.
	Keys []Key
	// Context separates the pseudonyms of two destinations: those of two
	// contexts can't be joined.
	Context string
	// PreserveShape makes a UUID of an identity that is a UUID, so that it fits
	// a column of that type.
	PreserveShape bool
	// EmitPrevious lets Previous give the pseudonyms of the key before.
	EmitPrevious bool
	// TrustedUpstream recognises the tokens of keys that are not held, by their
	// shape, and every lower-case UUID of version 8. That proves nothing: who
	// can write an id of that shape into a log gets it through as it is.
	TrustedUpstream bool
	// Now is the clock that Key.Until and Key.DestroyAfter are held against; nil
	// is time.Now. Tests set it.
	Now func() time.Time
}

// Pseudonymizer makes tokens and verifies them. It is safe for concurrent use.
type Pseudonymizer struct {
	options Options // without Keys: secrets are not kept
	ring    atomic.Pointer[keyring]
}

// New derives the sub-keys. An error names the YAML key at fault, never a
// secret or an id; there may be several, joined.
func New(o Options) (*Pseudonymizer, error) {
	p := &Pseudonymizer{options: o}
	p.options.Keys = nil
	if o.Now == nil {
		p.options.Now = time.Now
	}
	if err := p.SetKeys(o.Keys); err != nil {
		return nil, err
	}
	return p, nil
}

// SetKeys replaces all keys, for a file that changed. A call that runs
// meanwhile uses the old keys or the new ones throughout, and nothing that the
// old ones made is remembered. On error, which is as New's, the old keys stay.
func (p *Pseudonymizer) SetKeys(keys []Key) error {
	o := p.options
	o.Keys = keys
	if err := o.validate(); err != nil {
		return err
	}
	ring, err := newKeyring(o)
	if err != nil {
		return err
	}
	p.ring.Store(ring)
	return nil
}

// KeyID is the id of the key that makes tokens; "" without keys.
func (p *Pseudonymizer) KeyID() string {
	if ring := p.ring.Load(); len(ring.keys) > 0 {
		return ring.keys[0].id
	}
	return ""
}

// Warnings says which keys are kept for longer than they were meant to be, and
// which are no other key than one before, a sentence for each. It quotes no id.
func (p *Pseudonymizer) Warnings() []string {
	ring := p.ring.Load()
	warnings := slices.Clone(ring.warnings)
	for i, key := range ring.keys {
		if key.destroyAfter.IsZero() || p.options.Now().Before(key.destroyAfter) {
			continue
		}
		remedy := "remove its secret here and wherever it is stored"
		if i == 0 {
			remedy = "put a new key before it, and when that one is in use " + remedy
		}
		warnings = append(warnings, fmt.Sprintf("keys[%d]: destroy_after %s has passed: %s; "+
			"until then its pseudonyms can be linked to persons", i, date(key.destroyAfter), remedy))
	}
	return warnings
}

// Token returns the pseudonym of a value. It is "" without keys, and of a kind
// that is none of Kinds: redact the value then. It does not keep the value.
func (p *Pseudonymizer) Token(kind pii.Kind, value string) string {
	ring := p.ring.Load()
	if len(ring.keys) == 0 || !slices.Contains(kinds[:], kind) {
		return ""
	}
	return ring.keys[0].cached(kind, value, p.options.PreserveShape)
}

// Previous returns the pseudonym that a value had under the key before: the
// next one that has not reached its Until. It returns false if EmitPrevious is
// off or there is no such key.
func (p *Pseudonymizer) Previous(kind pii.Kind, value string) (string, bool) {
	ring := p.ring.Load()
	if !p.options.EmitPrevious || len(ring.keys) < 2 || !slices.Contains(kinds[:], kind) {
		return "", false
	}
	for i := range ring.keys[1:] {
		if key := &ring.keys[i+1]; key.live(p.options.Now) {
			return key.cached(kind, value, p.options.PreserveShape), true
		}
	}
	return "", false
}

// Verify says whether the text is a pseudonym that one of the live keys made,
// in whatever context and shape. See TrustedUpstream.
func (p *Pseudonymizer) Verify(text string) bool {
	if len(text) == uuidText {
		id, ok := parseUUID(text)
		return ok && p.verifyUUID(&id)
	}
	keyID, ok := splitToken(text)
	if !ok {
		return false
	}
	key := p.ring.Load().find(keyID)
	if key == nil {
		return p.options.TrustedUpstream
	}
	return key.live(p.options.Now) && key.verifies(text)
}

// verifyUUID tries every key, for a UUID does not say which it is of.
func (p *Pseudonymizer) verifyUUID(id *[16]byte) bool {
	ring := p.ring.Load()
	for i := range ring.keys {
		if key := &ring.keys[i]; key.live(p.options.Now) && key.verifiesUUID(id) {
			return true
		}
	}
	return p.options.TrustedUpstream
}

// Anonymize returns another address in place of addr, such that two addresses
// of one network stay of one network, under the first key and the context
// (Crypto-PAn). An IPv4-mapped IPv6 address is an IPv4 address, and a zone goes.
// Without keys, and of the zero Addr, it returns the zero Addr.
//
// Nothing tells a result from an address: a second hop that anonymizes again
// makes a third one of it.
func (p *Pseudonymizer) Anonymize(addr netip.Addr) netip.Addr {
	ring := p.ring.Load()
	if ring.addresses == nil || !addr.IsValid() {
		return netip.Addr{}
	}
	return ring.addresses.anonymize(addr.Unmap().WithZone(""))
}

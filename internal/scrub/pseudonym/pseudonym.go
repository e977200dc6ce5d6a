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

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
package pseudonym

import (
	"encoding/hex"
	"strings"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// Kinds lists the kinds of which there are pseudonyms.
func Kinds() []pii.Kind { return []pii.Kind{pii.Identity, pii.Email, pii.IP} }

const (
	macBytes   = 16
	checkBytes = 4
	hexDigits  = 2 * (macBytes + checkBytes)

	// maxToken is the longest token: the longest kind, the longest key id.
	maxToken = len("identity_") + maxKeyID + 1 + hexDigits
)

// Options say how pseudonyms are made.
type Options struct {
	// Keys make and verify the tokens: the first makes them, all verify.
	Keys []Key
	// Context separates the pseudonyms of two destinations.
	Context string
}

// Pseudonymizer makes tokens and verifies them. It is safe for concurrent use.
type Pseudonymizer struct {
	keys  []derivedKey // keys[0] signs, all verify
	cache *cache
}

// New derives the sub-keys. Keys[0] makes tokens; all keys verify them, so that
// a key can be replaced while tokens of the old one are still about. Tokens of
// two contexts can't be joined. An error names the YAML key at fault, never a
// secret; there may be several, joined.
func New(o Options) (*Pseudonymizer, error) {
	if err := validate(o.Keys, o.Context); err != nil {
		return nil, err
	}
	p := &Pseudonymizer{cache: newCache()}
	for _, key := range o.Keys {
		derived, err := derive(key, o.Context)
		if err != nil {
			return nil, err
		}
		p.keys = append(p.keys, derived)
	}
	return p, nil
}

// Token returns the pseudonym of a value of the kind, which is one of Kinds.
func (p *Pseudonymizer) Token(kind pii.Kind, value string) string {
	var stack [64]byte
	canonical := AppendCanonical(stack[:0], kind, value)
	if token, ok := p.cache.get(kind, canonical); ok {
		return token
	}
	token := p.keys[0].token(kind, canonical)
	p.cache.put(kind, canonical, token)
	return token
}

// Verify says whether the text is a token that one of the keys made, in
// whatever context.
func (p *Pseudonymizer) Verify(text string) bool {
	kind, keyID, digits, ok := split(text)
	if !ok || !hasToken(kind) {
		return false
	}
	for i := range p.keys {
		if p.keys[i].id == keyID {
			body := text[:len(text)-2*checkBytes]
			return p.keys[i].verify(body, digits[2*macBytes:])
		}
	}
	return false
}

// split takes a token apart by its shape alone.
func split(text string) (kind, keyID, digits string, ok bool) {
	if len(text) > maxToken {
		return "", "", "", false
	}
	kind, rest, ok := strings.Cut(text, "_")
	if !ok {
		return "", "", "", false
	}
	keyID, digits, ok = strings.Cut(rest, "_")
	return kind, keyID, digits, ok && len(digits) == hexDigits
}

func hasToken(kind string) bool {
	for _, k := range Kinds() {
		if k.String() == kind {
			return true
		}
	}
	return false
}

// token computes the token of a canonical form.
func (k *derivedKey) token(kind pii.Kind, canonical []byte) string {
	var stack [maxToken]byte
	token := append(stack[:0], kind.String()...)
	token = append(token, '_')
	token = append(token, k.id...)
	token = append(token, '_')
	mac := k.kinds[kind].sum(canonical)
	token = hex.AppendEncode(token, mac[:macBytes])
	check := k.check.sum(token)
	token = hex.AppendEncode(token, check[:checkBytes])
	return string(token)
}

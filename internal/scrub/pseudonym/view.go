package pseudonym

import (
	"net/netip"
	"slices"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// View is what the keys of one moment make and recognise. What is made of one
// record, or one batch, is made with one View: keys may be replaced meanwhile. It
// keeps the keys, so let go of it soon. The zero View is of no use.
type View struct {
	options *Options
	ring    *keyring
}

// View returns the keys of now.
func (p *Pseudonymizer) View() View { return View{&p.options, p.ring.Load()} }

// KeyID is the id of the key that makes tokens; "" without keys.
func (p *Pseudonymizer) KeyID() string { return p.View().KeyID() }

// Token is View.Token of now, as are those below.
func (p *Pseudonymizer) Token(kind pii.Kind, value string) string { return p.View().Token(kind, value) }

// Previous is View.Previous of now.
func (p *Pseudonymizer) Previous(kind pii.Kind, value string) (string, bool) {
	return p.View().Previous(kind, value)
}

// Verify is View.Verify of now.
func (p *Pseudonymizer) Verify(text string) bool { return p.View().Verify(text) }

// Anonymize is View.Anonymize of now.
func (p *Pseudonymizer) Anonymize(addr netip.Addr) netip.Addr { return p.View().Anonymize(addr) }

// KeyID is the id of the key that makes tokens; "" without keys.
func (v View) KeyID() string {
	if len(v.ring.keys) > 0 {
		return v.ring.keys[0].id
	}
	return ""
}

// Token returns the pseudonym of a value. It is "" without keys, and of a kind
// that is none of Kinds: redact the value then. It does not keep the value.
func (v View) Token(kind pii.Kind, value string) string {
	ring := v.ring
	if len(ring.keys) == 0 || !slices.Contains(kinds[:], kind) {
		return ""
	}
	return ring.keys[0].cached(kind, value, v.options.PreserveShape)
}

// Previous returns the pseudonym that a value had under the key before: the
// next one that has not reached its Until. It returns false if EmitPrevious is
// off or there is no such key.
func (v View) Previous(kind pii.Kind, value string) (string, bool) {
	ring := v.ring
	if !v.options.EmitPrevious || len(ring.keys) < 2 || !slices.Contains(kinds[:], kind) {
		return "", false
	}
	for i := range ring.keys[1:] {
		if key := &ring.keys[i+1]; key.live(v.options.Now) {
			return key.cached(kind, value, v.options.PreserveShape), true
		}
	}
	return "", false
}

// Verify says whether the text is a pseudonym that one of the live keys made,
// in whatever context and shape. See TrustedUpstream.
func (v View) Verify(text string) bool {
	if len(text) == uuidText {
		id, ok := parseUUID(text)
		return ok && v.verifyUUID(&id)
	}
	keyID, ok := splitToken(text)
	if !ok {
		return false
	}
	key := v.ring.find(keyID)
	if key == nil {
		return v.options.TrustedUpstream
	}
	return key.live(v.options.Now) && key.verifies(text)
}

// verifyUUID tries every key, for a UUID does not say which it is of.
func (v View) verifyUUID(id *[16]byte) bool {
	ring := v.ring
	for i := range ring.keys {
		if key := &ring.keys[i]; key.live(v.options.Now) && key.verifiesUUID(id) {
			return true
		}
	}
	return v.options.TrustedUpstream
}

// Anonymize returns another address in place of addr, such that two addresses
// of one network stay of one network, under the first key and the context
// (Crypto-PAn). An IPv4-mapped IPv6 address is an IPv4 address, and a zone goes.
// Without keys, and of the zero Addr, it returns the zero Addr.
//
// Nothing tells a result from an address: a second hop that anonymizes again
// makes a third one of it.
func (v View) Anonymize(addr netip.Addr) netip.Addr {
	ring := v.ring
	if ring.addresses == nil || !addr.IsValid() {
		return netip.Addr{}
	}
	return ring.addresses.anonymize(addr.Unmap().WithZone(""))
}

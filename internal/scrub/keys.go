package scrub

import (
	"errors"
	"net/netip"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// pseudonyms are the options of the policy's pseudonyms.
func (p Policy) pseudonyms() pseudonym.Options {
	return pseudonym.Options{
		Keys: p.Keys, Context: p.Context,
		PreserveShape: p.PreserveShape, EmitPrevious: p.EmitPrevious, TrustedUpstream: p.TrustedUpstream,
	}
}

var errKeyless = errors.New(`keys: at least one key is needed for pseudonym and prefix_preserving: ` +
	`set keys: [{id: k1, secret: "${env:PIISCRUB_KEY}"}], or choose other actions`)

// checkKeys refuses to make pseudonyms without a key.
func (s *Scrubber) checkKeys(keys []pseudonym.Key) error {
	if len(keys) > 0 || !s.policy.TrustedUpstream { // without it package pseudonym wants one
		return nil
	}
	for _, t := range s.treatments {
		if t.needsKey() {
			return errKeyless
		}
	}
	return nil
}

// SetKeys replaces the keys, as when a file with a secret has changed. A batch that
// is being scrubbed is scrubbed with those that it began with. Where
// they are at fault the old ones stay, and the error says which and why.
func (s *Scrubber) SetKeys(keys []pseudonym.Key) error {
	if err := s.checkKeys(keys); err != nil {
		return err
	}
	return s.names.SetKeys(keys)
}

// Warnings says, for start-up, what is allowed and should not last: a key that
// is kept longer than it was to be.
func (s *Scrubber) Warnings() []string { return s.names.Warnings() }

// KeyID is the id of the key that makes the pseudonyms, "" if there is none.
func (s *Scrubber) KeyID() string { return s.names.KeyID() }

// anonymize maps an address such that networks stay networks.
func (w *walker) anonymize(addr netip.Addr) string {
	if out := w.names.Anonymize(addr); out.IsValid() {
		return out.String()
	}
	return Redacted
}

// previousToken is the pseudonym that a value had under the key before.
func (w *walker) previousToken(kind pii.Kind, value string) (string, bool) {
	if kind == pii.Email {
		value = w.soleEmail(value)
	}
	return w.names.Previous(kind, value)
}

// find searches a text for what looks like personal data.
func (s *Scrubber) find(dst []detect.Span, text string) []detect.Span {
	return s.finder.Find(dst, text)
}

package scrub

import (
	"errors"
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Policy says what becomes of each kind of personal data. Phone numbers and
// secrets are redacted under every policy.
type Policy struct {
	Identity Action
	Email    Action
	IP       Action
	// IPv4Bits and IPv6Bits are how many leading bits of an address Truncate
	// keeps. An IPv4-mapped IPv6 address is an IPv4 address.
	IPv4Bits int
	IPv6Bits int
	// Keys make and verify the pseudonyms. One is needed under every policy:
	// without it the tokens of an earlier hop can't be told from forgeries.
	Keys []pseudonym.Key
	// Context separates the pseudonyms of two destinations.
	Context string
	// KeepPIIFields leaves the scope attribute auth.pii.fields on, for a
	// gateway that scrubs again.
	KeepPIIFields bool
}

// DefaultPolicy is what pii_scrub does unless it is told otherwise. It has no
// keys: there is no default for these.
func DefaultPolicy() Policy {
	return Policy{Identity: Pseudonym, Email: Pseudonym, IP: Truncate, IPv4Bits: 24, IPv6Bits: 48}
}

// actions returns the action of each kind.
func (p Policy) actions() [pii.NumKinds]Action {
	return [pii.NumKinds]Action{
		pii.None:     Redact, // a value that nothing is known of, under strict
		pii.Identity: p.Identity,
		pii.Email:    p.Email,
		pii.IP:       p.IP,
		pii.Phone:    Redact,
		pii.Secret:   Redact,
	}
}

// compile checks the policy and builds the pseudonymizer. The error names
// every YAML key at fault.
func (p Policy) compile() (*pseudonym.Pseudonymizer, error) {
	var errs []error
	for _, kind := range []pii.Kind{pii.Identity, pii.Email, pii.IP} {
		if action := p.actions()[kind]; !slices.Contains(actionsOf(kind), action) {
			errs = append(errs, fmt.Errorf("%s: must be %s (got %q)", kind, listOf(actionsOf(kind)), action))
		}
	}
	errs = append(errs, checkBits("ipv4_bits", p.IPv4Bits, 32), checkBits("ipv6_bits", p.IPv6Bits, 128))
	names, err := pseudonym.New(p.Keys, p.Context)
	return names, errors.Join(append(errs, err)...)
}

func checkBits(key string, bits, most int) error {
	if bits < 1 || bits > most {
		return fmt.Errorf("%s: must be between 1 and %d (got %d)", key, most, bits)
	}
	return nil
}

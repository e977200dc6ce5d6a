package scrub

import (
	"errors"
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/pii"
)

// treatment is a Treatment that was checked, as the walker reads it.
type treatment struct {
	// index tells it from the others of its policy; 0 is the top level's.
	index        int
	actions      Actions
	bits4, bits6 int
	ipKeep       IPKeep
	emailDomains Action
	unlisted     Unlisted
	// allow is what a rule lists; nil where it takes what profiles list.
	allow *allowed
	// dropped are the kinds whose values go with their names. An address of
	// which something may stay is looked at first.
	dropped [pii.NumKinds]bool
}

// compile checks a treatment. prefix stands before each YAML key in an error.
func (t Treatment) compile(index int, prefix string) (*treatment, error) {
	var errs []error
	for _, kind := range pii.Kinds() {
		action := t.Actions[kind]
		if kind == pii.Public && action == unset {
			continue // no config sets it
		}
		if !slices.Contains(actionsOf[kind], action) {
			errs = append(errs, fmt.Errorf("%s%s: must be %s (got %q)", prefix, kind, listOf(actionsOf[kind]), action))
		}
	}
	errs = append(errs, checkBits(prefix+"ipv4_bits", t.IPv4Bits, 32), checkBits(prefix+"ipv6_bits", t.IPv6Bits, 128))
	if t.IPKeep > KeepClass {
		errs = append(errs, fmt.Errorf("%sip.keep: must be none, private or class (got %d)", prefix, t.IPKeep))
	}
	domains := t.EmailDomains
	if domains == unset {
		domains = Keep
	}
	if domains != Keep && domains != Registrable && domains != Provider {
		errs = append(errs, fmt.Errorf("%semail.domain: must be full, registrable or provider (got %q)", prefix, domains))
	}
	if t.Unlisted >= NumUnlisted {
		errs = append(errs, fmt.Errorf("%sunlisted: must be scan or drop (got %d)", prefix, t.Unlisted))
	}
	out := &treatment{
		index: index, actions: t.Actions, bits4: t.IPv4Bits, bits6: t.IPv6Bits,
		ipKeep: t.IPKeep, emailDomains: domains, unlisted: t.Unlisted,
	}
	out.actions[pii.None] = Redact // what nothing is known of and can't be searched
	out.actions[pii.Public] = Keep
	for kind, action := range out.actions {
		out.dropped[kind] = action == Drop && (pii.Kind(kind) != pii.IP || t.IPKeep == KeepNone)
	}
	return out, errors.Join(errs...)
}

func checkBits(key string, bits, most int) error {
	if bits < 1 || bits > most {
		return fmt.Errorf("%s: must be between 1 and %d (got %d)", key, most, bits)
	}
	return nil
}

// needsKey says whether a value may become something that only a key makes.
func (t *treatment) needsKey() bool {
	return slices.Contains(t.actions[:], Pseudonym) || t.actions[pii.IP] == PrefixPreserving
}

package piiscrub

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// Config is the policy of one destination.
type Config struct {
	// Keys make and verify pseudonyms. The first makes them, all verify.
	Keys []KeyConfig `mapstructure:"keys"`
	// Context separates the pseudonyms of two destinations, so that they
	// can't be joined.
	Context string `mapstructure:"context"`
	// Identity, Email and IP are what is done with the values of each kind:
	// keep, drop, redact, pseudonym; for IP also truncate.
	Identity string `mapstructure:"identity"`
	Email    string `mapstructure:"email"`
	IP       string `mapstructure:"ip"`
	// IPv4Bits and IPv6Bits are how many leading bits truncate keeps.
	IPv4Bits int `mapstructure:"ipv4_bits"`
	IPv6Bits int `mapstructure:"ipv6_bits"`
	// KeepPIIFields leaves the scope attribute auth.pii.fields on, for a
	// gateway that scrubs again.
	KeepPIIFields bool `mapstructure:"keep_pii_fields"`
}

// KeyConfig is a key of the pseudonyms.
type KeyConfig struct {
	// ID marks the tokens that the key makes.
	ID string `mapstructure:"id"`
	// Secret has at least 32 bytes.
	Secret configopaque.String `mapstructure:"secret"`
}

func createDefaultConfig() component.Config {
	p := scrub.DefaultPolicy()
	return &Config{
		Identity: p.Actions[pii.Identity].String(),
		Email:    p.Actions[pii.Email].String(),
		IP:       p.Actions[pii.IP].String(),
		IPv4Bits: p.IPv4Bits,
		IPv6Bits: p.IPv6Bits,
	}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (cfg *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, cfg) }

// Validate names every YAML key that is wrong, with the remedy.
func (cfg *Config) Validate() error {
	_, err := cfg.compile()
	return err
}

// compile builds the scrubber. Validate and the factory both use it, so what
// the one accepts the other can build.
func (cfg *Config) compile() (*scrub.Scrubber, error) {
	policy := scrub.DefaultPolicy()
	policy.IPv4Bits, policy.IPv6Bits = cfg.IPv4Bits, cfg.IPv6Bits
	policy.Context, policy.KeepPIIFields = cfg.Context, cfg.KeepPIIFields
	for _, key := range cfg.Keys {
		policy.Keys = append(policy.Keys, pseudonym.Key{ID: key.ID, Secret: []byte(key.Secret)})
	}
	var errs []error
	for _, choice := range []struct {
		kind pii.Kind
		name string
	}{
		{pii.Identity, cfg.Identity},
		{pii.Email, cfg.Email},
		{pii.IP, cfg.IP},
	} {
		action, err := scrub.ParseAction(choice.kind, choice.name)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", choice.kind, err))
			continue // the default stands in, so that New finds the rest
		}
		policy.Actions[choice.kind] = action
	}
	scrubber, err := scrub.New(policy)
	if err = errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	return scrubber, nil
}

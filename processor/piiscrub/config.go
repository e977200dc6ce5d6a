package piiscrub

import (
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/knownkeys"
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// Config is the policy of one destination.
type Config struct {
	// Preset is what the policy builds on: analytics, audit or strict.
	Preset string `mapstructure:"preset"`
	// Actions are what is done otherwise than the preset says.
	Actions ActionsConfig `mapstructure:",squash"`
	// IPv4Bits and IPv6Bits are how many leading bits truncate keeps.
	IPv4Bits int `mapstructure:"ipv4_bits"`
	IPv6Bits int `mapstructure:"ipv6_bits"`
	// Unlisted is what becomes of a field that nobody lists: scan or drop; the
	// preset's if empty.
	Unlisted string `mapstructure:"unlisted,omitempty"`
	// Unparsed is what becomes of a line that is no event: redact or scan.
	Unparsed string `mapstructure:"unparsed"`
	// OnError is what becomes of a record that the scrubber fails on: drop or redact.
	OnError string `mapstructure:"on_error"`
	// Mode is enforce, or audit, which counts and changes nothing.
	Mode string `mapstructure:"mode"`
	// Verify is the share of records, 0 to 1, that are walked twice.
	Verify float64 `mapstructure:"verify"`
	// Annotate puts the policy's hash and the key's id on each record.
	Annotate bool `mapstructure:"annotate"`
	// DecodeTokens looks into base64 and JWT.
	DecodeTokens bool `mapstructure:"decode_tokens"`
	// Fields are known places beside those of the profiles.
	Fields []FieldConfig `mapstructure:"fields"`
	// Rules are policies of some records. The first that matches counts.
	Rules []RuleConfig `mapstructure:"rules"`
	// Keys make and verify pseudonyms. The first makes them, all verify.
	Keys []KeyConfig `mapstructure:"keys"`
	// Context separates the pseudonyms of two destinations, so that they
	// can't be joined.
	Context string `mapstructure:"context"`
	// Shape is that of a UUID's pseudonym: token, or preserve, a UUID again.
	Shape string `mapstructure:"shape"`
	// EmitPrevious adds an attribute's pseudonym under the key before.
	EmitPrevious bool `mapstructure:"emit_previous"`
	// TrustedUpstream leaves alone what looks like a pseudonym of a key that
	// is not among Keys.
	TrustedUpstream bool `mapstructure:"trusted_upstream"`
	// KeepPIIFields leaves the scope attribute auth.pii.fields on, for a
	// gateway that scrubs again.
	KeepPIIFields bool `mapstructure:"keep_pii_fields"`
}

const (
	modeEnforce = "enforce"
	modeAudit   = "audit"

	shapeToken    = "token"
	shapePreserve = "preserve"
)

func createDefaultConfig() component.Config {
	p := scrub.DefaultPolicy()
	return &Config{
		Preset:   scrub.DefaultPreset,
		IPv4Bits: p.IPv4Bits,
		IPv6Bits: p.IPv6Bits,
		Unparsed: unparsed.name(p.Unparsed),
		OnError:  onError.name(p.OnError),
		Mode:     modeEnforce,
		Verify:   p.Verify,
		Shape:    shapeToken,
	}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (cfg *Config) Unmarshal(conf *confmap.Conf) error {
	if err := refuseEmpty(conf, append(actionKeys(), "unlisted")); err != nil {
		return err
	}
	if err := refuseFractions(conf); err != nil {
		return err
	}
	// What a variable that is not set leaves must not make a policy weaker: no
	// verify, one context for two destinations, no rules.
	for _, key := range []string{"verify", "context", "fields", "rules"} {
		if conf.IsSet(key) && conf.Get(key) == nil {
			return fmt.Errorf("%s: is empty: give it a value, or leave it out", key)
		}
	}
	return knownkeys.Unmarshal(conf, cfg)
}

// Validate names every YAML key that is wrong, with the remedy. It reads no
// key file: where a config is checked, there need be none.
func (cfg *Config) Validate() error {
	_, err := cfg.compile()
	return err
}

package piiscrub

import (
	"fmt"
	"slices"

	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
)

// compile makes the policy. Validate and the factory both use it, so what the
// one accepts the other can build. Only the secrets of files are not in it: they
// are read at Start.
func (cfg *Config) compile() (scrub.Policy, error) {
	policy := scrub.DefaultPolicy()
	var errs problems

	preset, err := scrub.PresetNamed(cfg.Preset)
	if err != nil {
		errs.add("preset", err)
	} else {
		policy.Actions, policy.Unlisted = preset.Actions, preset.Unlisted
	}
	cfg.Actions.apply(&policy.Treatment, "", &errs)
	policy.IPv4Bits, policy.IPv6Bits = cfg.IPv4Bits, cfg.IPv6Bits
	if cfg.Unlisted != "" {
		unlisted.parse(cfg.Unlisted, &policy.Unlisted, "unlisted", &errs)
	}
	unparsed.parse(cfg.Unparsed, &policy.Unparsed, "unparsed", &errs)
	onError.parse(cfg.OnError, &policy.OnError, "on_error", &errs)
	audit.parse(cfg.Mode, &policy.Audit, "mode", &errs)
	shapes.parse(cfg.Shape, &policy.PreserveShape, "shape", &errs)
	policy.Verify = cfg.Verify
	policy.Annotate, policy.DecodeTokens = cfg.Annotate, cfg.DecodeTokens
	policy.Context, policy.KeepPIIFields = cfg.Context, cfg.KeepPIIFields
	policy.EmitPrevious, policy.TrustedUpstream = cfg.EmitPrevious, cfg.TrustedUpstream
	for i := range cfg.Fields {
		policy.Fields = append(policy.Fields, cfg.Fields[i].compile(fmt.Sprintf("fields[%d]", i), &errs))
	}
	for i := range cfg.Rules {
		if i < len(cfg.Rules)-1 && cfg.Rules[i].unconditional() {
			errs.addf(fmt.Sprintf("rules[%d]", i), "has no condition, so that no rule behind it is ever used: give it event_name, source or attributes, or put it last")
		}
		policy.Rules = append(policy.Rules, cfg.Rules[i].compile(policy.Treatment, fmt.Sprintf("rules[%d]", i), &errs))
	}
	for i := range cfg.Keys {
		policy.Keys = append(policy.Keys, cfg.Keys[i].compile(fmt.Sprintf("keys[%d]", i), &errs))
	}
	return policy, errs.join(cfg.check(policy))
}

// check has package scrub find what else is wrong.
func (cfg *Config) check(policy scrub.Policy) error {
	policy.Keys = slices.Clone(policy.Keys)
	for i := range policy.Keys {
		if cfg.Keys[i].SecretFile != "" {
			// Never used: it only lets the check pass to what comes after.
			policy.Keys[i].Secret = make([]byte, pseudonym.MinSecret)
		}
	}
	_, err := scrub.New(policy)
	return err
}

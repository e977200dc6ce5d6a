package piiscrub

import (
	"github.com/authevents/otelcol-auth/internal/scrub"
)

// Policy is the policy that the config describes, for who shows what it does.
// Keys whose secrets are in files have none; see ReadKeys.
func (cfg *Config) Policy() (scrub.Policy, error) { return cfg.compile() }

// ReadKeys puts the secrets of key files into the policy, as the processor does
// when it starts. The error names all files that can't be used.
func (cfg *Config) ReadKeys(policy *scrub.Policy) error {
	files, err := readKeyFiles(cfg.Keys, policy.Keys)
	if err != nil {
		return err
	}
	policy.Keys = files.keys
	return nil
}

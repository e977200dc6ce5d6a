package leakscan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// knownBy is what the scrubbers of a configuration know, or the one that is
// named; nothing without a configuration.
func knownBy(ctx context.Context, uris []string, processor string) (known, error) {
	var k known
	if len(uris) == 0 {
		if processor != "" {
			return k, errors.New("--processor: needs the configuration that has it: add -c collector.yaml")
		}
		return k, nil
	}
	cfg, err := collector.Load(ctx, uris...)
	if err != nil {
		return k, err
	}
	ids := scrubbersOf(cfg, processor)
	if len(ids) == 0 {
		return k, errors.New("no pipeline of logs has that pii_scrub: name the configuration that the collector runs with, and in --processor one of its pii_scrub")
	}
	for _, id := range ids {
		config, err := cfg.Scrubber(id)
		if err != nil {
			return k, err
		}
		if err := k.add(config); err != nil {
			return k, fmt.Errorf("processors::%s: %w", id, err)
		}
	}
	k.profiles, err = cfg.Profiles()
	return k, err
}

func scrubbersOf(cfg *collector.Config, name string) []component.ID {
	var ids []component.ID
	for _, p := range cfg.Pipelines {
		for _, id := range p.Processors {
			if id.Type() == piiscrub.NewFactory().Type() && !slices.Contains(ids, id) && (name == "" || name == id.String()) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// add is what a scrubber knows.
func (k *known) add(config *piiscrub.Config) error {
	policy, err := config.Policy()
	if err != nil {
		return err
	}
	if err := config.ReadKeys(&policy); err != nil {
		return err
	}
	for _, key := range policy.Keys {
		i := slices.IndexFunc(k.keys, func(have pseudonym.Key) bool { return have.ID == key.ID })
		switch {
		case i < 0:
			// One that has ended verifies nothing, and the first may not end.
			if len(k.keys) == 0 {
				k.keys = append(k.keys, pseudonym.Key{ID: key.ID, Secret: key.Secret})
				break
			}
			k.keys = append(k.keys, key)
		case !bytes.Equal(k.keys[i].Secret, key.Secret):
			return fmt.Errorf("keys: the key %q has another secret in another pii_scrub: choose one with --processor", key.ID)
		}
	}
	k.fields = append(k.fields, policy.Fields...)
	k.ipv4Bits, k.ipv6Bits = max(k.ipv4Bits, policy.IPv4Bits), max(k.ipv6Bits, policy.IPv6Bits)
	return nil
}

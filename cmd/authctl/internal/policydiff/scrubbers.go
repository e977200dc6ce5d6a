package policydiff

import (
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/internal/scrub/pseudonym"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// policed is a pii_scrub of a configuration.
type policed struct {
	id       component.ID
	pipeline collector.Pipeline // the first that has it
	policy   scrub.Policy
	scrubber *scrub.Scrubber
	names    *pseudonym.Pseudonymizer // tells its pseudonyms
}

func policedOf(cfg *collector.Config) (list []*policed, err error) {
	for _, p := range cfg.Pipelines {
		for _, id := range p.Processors {
			if id.Type() != piiscrub.NewFactory().Type() || slices.ContainsFunc(list, func(s *policed) bool { return s.id == id }) {
				continue
			}
			config, err := cfg.Scrubber(id)
			if err != nil {
				return nil, err
			}
			s, err := newPoliced(id, config)
			if err != nil {
				return nil, fmt.Errorf("processors::%s: %w", id, err)
			}
			s.pipeline = p
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("no pipeline of logs has pii_scrub: name the configuration that the collector runs with")
	}
	return list, nil
}

func newPoliced(id component.ID, config *piiscrub.Config) (s *policed, err error) {
	s = &policed{id: id}
	if s.policy, err = config.Policy(); err != nil {
		return nil, err
	}
	if err = config.ReadKeys(&s.policy); err != nil {
		return nil, err
	}
	s.policy.Verify = 0 // a walk twice finds defects of the scrubber, and by chance
	if s.scrubber, err = scrub.New(s.policy); err != nil {
		return nil, err
	}
	s.names, err = pseudonym.New(pseudonym.Options{
		Keys: s.policy.Keys, Context: s.policy.Context, PreserveShape: s.policy.PreserveShape, TrustedUpstream: s.policy.TrustedUpstream,
	})
	return s, err
}

// pair is a pii_scrub of the old configuration and of the new; nil where it has none.
type pair struct {
	old, new *policed
	source   *collector.Source
}

// paired matches by id, or the only ones.
func paired(old, next []*policed) (pairs []*pair) {
	if len(old) == 1 && len(next) == 1 {
		return []*pair{{old: old[0], new: next[0]}}
	}
	for _, o := range old {
		p := &pair{old: o}
		if i := slices.IndexFunc(next, func(n *policed) bool { return n.id == o.id }); i >= 0 {
			p.new = next[i]
		}
		pairs = append(pairs, p)
	}
	for _, n := range next {
		if !slices.ContainsFunc(old, func(o *policed) bool { return n.id == o.id }) {
			pairs = append(pairs, &pair{new: n})
		}
	}
	return pairs
}

// sourceOf makes records as the first receiver of a pipeline does that reads lines,
// or the first of any pipeline: behind a gateway's none does.
func sourceOf(cfg *collector.Config, p collector.Pipeline) (*collector.Source, error) {
	for _, p := range append([]collector.Pipeline{p}, cfg.Pipelines...) {
		sources, err := cfg.Sources(p)
		if err != nil {
			return nil, err
		}
		if len(sources) > 0 {
			return sources[0], nil
		}
	}
	return nil, nil
}

// defaultSource is that of a receiver that is not configured.
const defaultSource = `yaml:{receivers: {auth_events: {stdin: {}}}, service: {pipelines: {logs: {receivers: [auth_events]}}}}`

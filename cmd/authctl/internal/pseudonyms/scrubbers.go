// Package pseudonyms has the commands about what stands at a vendor in place of
// a person, and about the keys that it depends on.
package pseudonyms

import (
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/internal/scrub"
	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// scrubber is a pii_scrub of a configuration.
type scrubber struct {
	id        component.ID
	config    *piiscrub.Config
	policy    scrub.Policy // the secrets of files are not in it
	pipelines []string
}

// scrubbersOf lists the configuration's scrubbers, in the order of the pipelines
// that use them.
func scrubbersOf(cfg *collector.Config) ([]*scrubber, error) {
	var list []*scrubber
	for _, p := range cfg.Pipelines {
		for _, id := range p.Processors {
			if id.Type() != piiscrub.NewFactory().Type() {
				continue
			}
			if i := slices.IndexFunc(list, func(s *scrubber) bool { return s.id == id }); i >= 0 {
				list[i].pipelines = append(list[i].pipelines, p.String())
				continue
			}
			config, err := cfg.Scrubber(id)
			if err != nil {
				return nil, err
			}
			policy, err := config.Policy()
			if err != nil {
				return nil, fmt.Errorf("processors::%s: %w", id, err)
			}
			list = append(list, &scrubber{id: id, config: config, policy: policy, pipelines: []string{p.String()}})
		}
	}
	if len(list) == 0 {
		return nil, errors.New("no pipeline of logs has pii_scrub: name the configuration that the collector runs with")
	}
	return list, nil
}

package piiguard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pipeline"
)

// config is what of a configuration the paths depend on.
type config struct {
	pipelines map[pipeline.ID]parts
	// The settings of each component, by id: of any shape, nil for none.
	receivers, processors, exporters, connectors map[component.ID]any
	trustedList                                  any
}

// parts are the components of a pipeline.
type parts struct {
	Receivers  []component.ID `mapstructure:"receivers"`
	Processors []component.ID `mapstructure:"processors"`
	Exporters  []component.ID `mapstructure:"exporters"`
}

// read decodes the pipelines as the collector does, by the same decoder into
// the same types: it trims ids, and splits "a,b" into a list. So what one of
// them can't read the other can't either. A reading of our own could miss a
// path that the collector then builds.
func read(conf *confmap.Conf) (*config, error) {
	var decoded struct {
		Service struct {
			Pipelines map[pipeline.ID]parts `mapstructure:"pipelines"`
		} `mapstructure:"service"`
	}
	// The keys that are left out here are the collector's to check.
	if err := conf.Unmarshal(&decoded, confmap.WithIgnoreUnused()); err != nil {
		return nil, fmt.Errorf("the way of personal data can't be checked: %w", err)
	}
	sections := conf.ToStringMap()
	return &config{
		pipelines:   decoded.Service.Pipelines,
		receivers:   byID(sections["receivers"]),
		processors:  byID(sections["processors"]),
		exporters:   byID(sections["exporters"]),
		connectors:  byID(sections["connectors"]),
		trustedList: sections[trustedKey],
	}, nil
}

// byID reads a section. What is no section, and a key that is no id, is left
// out: the collector refuses both.
func byID(section any) map[component.ID]any {
	settings, _ := section.(map[string]any)
	components := make(map[component.ID]any, len(settings))
	// Sorted, so that of two spellings of one id, which the collector refuses
	// as well, the same one counts each time.
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if id, ok := parseID(key); ok {
			components[id] = settings[key]
		}
	}
	return components
}

func parseID(text string) (component.ID, bool) {
	var id component.ID
	err := id.UnmarshalText([]byte(text))
	return id, err == nil
}

// sortedIDs orders ids of either type by their text.
func sortedIDs[ID interface {
	comparable
	String() string
}, V any](m map[ID]V,
) []ID {
	return slices.SortedFunc(maps.Keys(m), func(a, b ID) int { return strings.Compare(a.String(), b.String()) })
}

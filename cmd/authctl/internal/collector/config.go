// Package collector reads a collector's configuration and runs lines through
// what it says, with the collector's own factories: what authctl shows is what
// the collector does.
package collector

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/authevents/otelcol-auth/processor/piiscrub"
)

// Config is what of a configuration decides what becomes of a line.
type Config struct {
	// Pipelines are those of logs, in the order of their ids.
	Pipelines []Pipeline

	receivers, processors, extensions, connectors map[component.ID]*confmap.Conf
}

// Pipeline is a pipeline of logs.
type Pipeline struct {
	ID         pipeline.ID
	Receivers  []component.ID
	Processors []component.ID
	Exporters  []component.ID
}

// Load reads a configuration from URIs, as the collector's --config takes them:
// a file's path, or file:, env: or yaml: and what they need. Later ones count. An
// error names the files.
func Load(ctx context.Context, uris ...string) (*Config, error) {
	cfg, err := load(ctx, uris)
	if files := filesOf(uris); err != nil && files != "" {
		return nil, fmt.Errorf("%s: %w", files, err)
	}
	return cfg, err
}

// filesOf leaves out what is no file: a yaml: may have a secret in it.
func filesOf(uris []string) string {
	var files []string
	for _, uri := range uris {
		if scheme, _, ok := strings.Cut(uri, ":"); !ok || scheme == "file" || len(scheme) < 2 {
			files = append(files, uri)
		}
	}
	return strings.Join(files, ", ")
}

func load(ctx context.Context, uris []string) (*Config, error) {
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              uris,
		ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), fileprovider.NewFactory(), yamlprovider.NewFactory()},
		DefaultScheme:     "env",
	})
	if err != nil {
		return nil, err
	}
	conf, err := resolver.Resolve(ctx)
	if err != nil {
		return nil, errors.Join(err, resolver.Shutdown(ctx))
	}
	cfg, err := read(conf)
	return cfg, errors.Join(err, resolver.Shutdown(ctx))
}

// read decodes the sections as the collector does.
func read(conf *confmap.Conf) (*Config, error) {
	var decoded struct {
		Receivers  map[component.ID]map[string]any `mapstructure:"receivers"`
		Processors map[component.ID]map[string]any `mapstructure:"processors"`
		Extensions map[component.ID]map[string]any `mapstructure:"extensions"`
		Connectors map[component.ID]map[string]any `mapstructure:"connectors"`
		Service    struct {
			Pipelines map[pipeline.ID]struct {
				Receivers  []component.ID `mapstructure:"receivers"`
				Processors []component.ID `mapstructure:"processors"`
				Exporters  []component.ID `mapstructure:"exporters"`
			} `mapstructure:"pipelines"`
		} `mapstructure:"service"`
	}
	if err := conf.Unmarshal(&decoded, confmap.WithIgnoreUnused()); err != nil {
		return nil, err
	}
	cfg := &Config{}
	for _, section := range []struct {
		name string
		has  map[component.ID]map[string]any
		into *map[component.ID]*confmap.Conf
	}{
		{"receivers", decoded.Receivers, &cfg.receivers},
		{"processors", decoded.Processors, &cfg.processors},
		{"extensions", decoded.Extensions, &cfg.extensions},
		{"connectors", decoded.Connectors, &cfg.connectors},
	} {
		var err error
		if *section.into, err = confs(conf, section.name, section.has); err != nil {
			return nil, err
		}
	}
	for id, p := range decoded.Service.Pipelines {
		if id.Signal() == pipeline.SignalLogs {
			cfg.Pipelines = append(cfg.Pipelines, Pipeline{ID: id, Receivers: p.Receivers, Processors: p.Processors, Exporters: p.Exporters})
		}
	}
	if len(cfg.Pipelines) == 0 {
		return nil, errors.New("service::pipelines: has no pipeline of logs: name the configuration that the collector runs with")
	}
	slices.SortFunc(cfg.Pipelines, func(a, b Pipeline) int { return strings.Compare(a.ID.String(), b.ID.String()) })
	return cfg, nil
}

// Scrubber is the config of a pii_scrub.
func (c *Config) Scrubber(id component.ID) (*piiscrub.Config, error) {
	return decode[*piiscrub.Config]("processors", id, c.processors[id], piiscrub.NewFactory().CreateDefaultConfig)
}

// confs are the configs of a section. They are cut out of conf, for what was decoded
// has lost how a variable was written: 0123 is a number there, and a secret here.
func confs(conf *confmap.Conf, name string, has map[component.ID]map[string]any) (map[component.ID]*confmap.Conf, error) {
	section, err := conf.Sub(name)
	if err != nil {
		return nil, err
	}
	byID := make(map[component.ID]*confmap.Conf, len(has))
	for id := range has {
		if byID[id], err = section.Sub(id.String()); err != nil {
			return nil, err
		}
	}
	return byID, nil
}

// decode makes the config of a component, checked as the collector checks it.
// section is what errors call the place.
func decode[T any](section string, id component.ID, settings *confmap.Conf, defaults func() component.Config) (T, error) {
	cfg, ok := defaults().(T)
	if !ok {
		return cfg, fmt.Errorf("%s::%s: its factory makes a config of another type", section, id)
	}
	if settings == nil {
		return cfg, fmt.Errorf("%s::%s: a pipeline names it, and it is not configured", section, id)
	}
	if err := settings.Unmarshal(cfg); err != nil {
		return cfg, fmt.Errorf("%s::%s: %w", section, id, err)
	}
	if err := confmap.Validate(cfg); err != nil {
		return cfg, fmt.Errorf("%s::%s: %w", section, id, err)
	}
	return cfg, nil
}

package series

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// metadata is what mdatagen makes a component's telemetry of.
type metadata struct {
	Attributes map[string]struct {
		NameOverride string `yaml:"name_override"`
		Enum         []string
	}
	Telemetry struct {
		Metrics map[string]struct {
			Prefix     string
			Unit       string
			Attributes []string
			Sum        *struct{ Monotonic bool }
			Histogram  *struct{}
		}
	}
}

// components are where those of this project are, below its folder.
var components = []string{
	"receiver/*/metadata.yaml", "extension/*/metadata.yaml", "processor/*/metadata.yaml", "connector/*/metadata.yaml",
	"exporter/*/metadata.yaml", "internal/*/metadata.yaml",
}

func (n Names) addComponents(root string) error {
	var errs []error
	for _, pattern := range components {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		errs = append(errs, err)
		for _, file := range files {
			errs = append(errs, n.addMetadata(file, nil))
		}
	}
	return errors.Join(errs...)
}

// core are the collector's own modules, with the attributes that their metrics
// have and their metadata does not tell; the end-to-end test groups by them.
var core = []struct {
	module     string
	attributes []string
}{
	{"go.opentelemetry.io/collector/service", nil},
	{"go.opentelemetry.io/collector/receiver/receiverhelper", []string{"receiver", "transport"}},
	{"go.opentelemetry.io/collector/processor/processorhelper", []string{"processor", "otel.signal"}},
	{"go.opentelemetry.io/collector/exporter/exporterhelper", []string{"exporter", "data_type"}},
}

// addCore reads the metadata of the version that the distribution is built of.
func (n Names) addCore(ctx context.Context, root string) error {
	var errs []error
	for _, c := range core {
		cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", c.module)
		cmd.Dir = filepath.Join(root, "cmd", "otelcol-auth")
		out, err := cmd.Output()
		dir := strings.TrimSpace(string(out))
		if err != nil || dir == "" {
			errs = append(errs, fmt.Errorf("%s is not in the module cache: run make build (%w)", c.module, err))
			continue
		}
		errs = append(errs, n.addMetadata(filepath.Join(dir, "metadata.yaml"), c.attributes))
	}
	return errors.Join(errs...)
}

// addMetadata adds the metrics of one metadata.yaml. Two components may have
// one metric, as both of event_metrics have; then it has the values of both.
func (n Names) addMetadata(file string, attributes []string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var m metadata
	if err := yaml.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for name, metric := range m.Telemetry.Metrics {
		s := Series{Kind: Gauge}
		switch {
		case metric.Histogram != nil:
			s.Kind = Histogram
		case metric.Sum != nil && metric.Sum.Monotonic:
			s.Kind = Counter
		}
		if metric.Prefix == "" {
			metric.Prefix = "otelcol_"
		}
		if s.Name, err = translate(metric.Prefix+name, metric.Unit, s.Kind); err != nil {
			return fmt.Errorf("%s: %s: %w", file, name, err)
		}
		for _, attribute := range metric.Attributes {
			a := m.Attributes[attribute]
			if a.NameOverride != "" {
				attribute = a.NameOverride
			}
			s.add(attribute, a.Enum)
		}
		for _, attribute := range attributes {
			s.add(attribute, nil)
		}
		n[metric.Prefix+name] = merged(s, n[metric.Prefix+name])
	}
	return nil
}

// merged adds to a series the values that another component's has.
func merged(s, other Series) Series {
	for _, l := range other.Labels {
		i := slices.IndexFunc(s.Labels, func(own Label) bool { return own.Name == l.Name })
		if i < 0 {
			s.Labels = append(s.Labels, l)
		} else if l.Values != nil && s.Labels[i].Values != nil {
			s.Labels[i].Values = append(s.Labels[i].Values, l.Values...)
		}
	}
	return s
}

// shortly writes 24h0m0s as 24h, as points have it.
func shortly(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// filledIn is what somebody who copies a config sets in the environment, and
// would lose lines or counts by leaving it out: most destinations refuse a request
// without a key for good.
var filledIn = map[string]string{
	"PIISCRUB_KEY":      "0123456789abcdef0123456789abcdef",
	"DD_API_KEY":        "0123456789abcdef0123456789abcdef",
	"HONEYCOMB_API_KEY": "0123456789abcdef0123456789abcdef",
	"POSTGRES_DSN":      "postgres://otelcol@localhost/audit",
	"OTLP_ENDPOINT":     "http://localhost:4318",
	"INSTANCE":          "idp1",
}

var required = regexp.MustCompile(`\$\{env:(\w+)\}`)

// TestNothingLeftOut: each config is valid with all that its user fills in, and
// refused with any of it left out.
func TestNothingLeftOut(t *testing.T) {
	configs, err := filepath.Glob(filepath.Join(root, "configs", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, configs)
	used := map[string]bool{}
	for _, config := range configs {
		t.Run(filepath.Base(config), func(t *testing.T) {
			out, err := validateWithout(t, config, "")
			require.NoError(t, err, out)
			for _, found := range required.FindAllStringSubmatch(e2etest.ReadFile(t, config), -1) {
				name := found[1]
				if filledIn[name] == "" {
					continue
				}
				used[name] = true
				out, err := validateWithout(t, config, name)
				assert.Error(t, err, "%s is not set, and nobody is told", name)
				assert.Contains(t, out, "Error: ")
			}
		})
	}
	assert.Len(t, used, len(filledIn), "of %v", used)
}

func validateWithout(t *testing.T, config, left string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), e2etest.Binary(t), "validate", "--config", config)
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); filledIn[name] == "" {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b")
	for name, value := range filledIn {
		if name != left {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestKeptCountsKeepTheirSeries: where counts are kept over a restart and scraped,
// no resource attribute that changes with each start gives them new series.
func TestKeptCountsKeepTheirSeries(t *testing.T) {
	var scraped []string
	for _, pattern := range []string{"configs/*.yaml", "deploy/kubernetes/base/*/*.yaml"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		for _, path := range paths {
			var config struct {
				Connectors map[string]map[string]any
				Exporters  map[string]any
				Service    struct {
					Telemetry struct{ Resource map[string]any }
				}
			}
			text := e2etest.ReadFile(t, path)
			if !strings.Contains(text, "\nexporters:") {
				continue // no collector's
			}
			require.NoError(t, yaml.Unmarshal([]byte(text), &config), path)
			if _, has := config.Exporters["prometheus"]; !has || config.Connectors["event_metrics"]["storage"] == nil {
				continue
			}
			scraped = append(scraped, filepath.Base(path))
			for _, name := range []string{"service.name", "service.instance.id"} {
				value, has := config.Service.Telemetry.Resource[name]
				assert.True(t, has && value == nil, "%s: service::telemetry::resource does not take %s away", path, name)
			}
		}
	}
	slices.Sort(scraped)
	assert.Equal(t, []string{"loki.yaml", "otlp-gateway.yaml", "prometheus.yaml"}, scraped)
}

// TestScrapedFromElsewhere: one variable says where each config serves metrics,
// its counts and the collector's own, so that Prometheus may be on another host.
func TestScrapedFromElsewhere(t *testing.T) {
	configs, err := filepath.Glob(filepath.Join(root, "configs", "*.yaml"))
	require.NoError(t, err)
	served := 0
	for _, path := range configs {
		for line := range strings.Lines(e2etest.ReadFile(t, path)) {
			setting, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if setting != "host" && (setting != "endpoint" || !strings.Contains(value, "_PORT")) {
				continue
			}
			served++
			assert.True(t, strings.HasPrefix(value, "${env:PROMETHEUS_HOST:-127.0.0.1}"), "%s: %s", path, line)
		}
	}
	assert.GreaterOrEqual(t, served, len(configs), "each but stdin.yaml has the collector's own, and three have counts")
}

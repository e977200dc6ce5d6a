//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestUnscrubbedPathIsRefused: the binary starts no pipeline that leads events
// to an exporter past pii_scrub, and says what would help. The ways through
// connectors are tested in converter/piiguard.
func TestUnscrubbedPathIsRefused(t *testing.T) {
	const (
		quickstart = "configs/quickstart.yaml"
		kafka      = "configs/kafka.yaml"
		trust      = "yaml:trusted_destinations: [file/logs]"
		unscrubbed = "yaml:service::pipelines::logs/analytics::processors: []"
	)
	for _, c := range []struct {
		name    string
		configs []string
		want    []string // parts of the one message; none if it is accepted
	}{
		{"as shipped", []string{quickstart}, nil},
		{"trust that is not needed", []string{quickstart, trust}, nil},
		{"unscrubbed", []string{quickstart, unscrubbed}, []string{
			"service::pipelines::logs/analytics: events of receiver auth_events reach exporter file/logs without pii_scrub",
			"put pii_scrub into its processors", "list file/logs under trusted_destinations",
		}},
		{"unscrubbed and trusted", []string{quickstart, unscrubbed, trust}, nil},
		{"trust in nobody", []string{quickstart, "yaml:trusted_destinations: [file]"}, []string{`trusted_destinations[0]: "file" is not one of the exporters`}},
		{"a second exporter", []string{quickstart, unscrubbed, trust, "yaml:exporters::debug: {}", "yaml:service::pipelines::logs/analytics::exporters: [file/logs, debug, event_metrics]"}, []string{
			"reach exporter debug without pii_scrub",
		}},
		{"the encoding behind kafka", []string{kafka, unscrubbed}, []string{"events of receiver kafka reach exporter otlp_http without pii_scrub"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := []string{"validate"}
			for _, config := range c.configs {
				if !strings.HasPrefix(config, "yaml:") {
					config = filepath.Join(root, config)
				}
				args = append(args, "--config", config)
			}
			cmd := exec.CommandContext(t.Context(), e2etest.Binary(t), args...)
			cmd.Env = append(os.Environ(), "PIISCRUB_KEY="+secrets["PIISCRUB_KEY"], "OTLP_ENDPOINT=http://localhost:4318")
			out, err := cmd.CombinedOutput()
			if c.want == nil {
				assert.NoError(t, err, string(out))
				return
			}
			require.Error(t, err)
			for _, part := range c.want {
				assert.Contains(t, string(out), part)
			}
			assert.Equal(t, 1, strings.Count(string(out), "Error: "), string(out))
			assert.NotContains(t, string(out), "canary")
		})
	}
}

// TestShippedConfigsLogAtInfo: at debug, stock components log events.
func TestShippedConfigsLogAtInfo(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "configs", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		var config struct {
			Service struct {
				Telemetry struct {
					Logs struct {
						Level string `yaml:"level"`
					} `yaml:"logs"`
				} `yaml:"telemetry"`
			} `yaml:"service"`
		}
		require.NoError(t, yaml.Unmarshal([]byte(e2etest.ReadFile(t, file)), &config))
		assert.Equal(t, "info", config.Service.Telemetry.Logs.Level, file)
	}
}

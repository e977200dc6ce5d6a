package eventmetrics

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics/catalogue"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
)

func TestConfig(t *testing.T) {
	tests := map[string]struct {
		yaml map[string]any
		want Config
	}{
		"defaults": {nil, Config{Interval: 15 * time.Second, MaxSeries: 2000}},
		"all set":  {map[string]any{"interval": "1m", "max_series": 10}, Config{Interval: time.Minute, MaxSeries: 10}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := NewFactory().CreateDefaultConfig()
			require.NoError(t, confmap.NewFromStringMap(tt.yaml).Unmarshal(&cfg))
			require.NoError(t, xconfmap.Validate(cfg))
			assert.Equal(t, &tt.want, cfg)
		})
	}
}

func TestConfigRefuses(t *testing.T) {
	tests := map[string]struct {
		cfg  Config
		want string
	}{
		"interval zero":       {Config{0, 1}, "interval must be a positive duration, such as 15s (got 0s)"},
		"interval negative":   {Config{-5 * time.Second, 1}, "interval must be a positive duration, such as 15s (got -5s)"},
		"max_series zero":     {Config{time.Second, 0}, "max_series must be a positive number, such as 2000 (got 0)"},
		"max_series negative": {Config{time.Second, -1}, "max_series must be a positive number, such as 2000 (got -1)"},
		"both": {Config{0, 0}, "interval must be a positive duration, such as 15s (got 0s)\n" +
			"max_series must be a positive number, such as 2000 (got 0)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.EqualError(t, xconfmap.Validate(&tt.cfg), tt.want)
		})
	}
}

func TestConfigUnknownKey(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"intervall": "1s"}).Unmarshal(&cfg)
	assert.ErrorContains(t, err, "intervall")
}

func TestReadmeStatesTheDefaults(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	stated := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| `([^`]+)` \\|").FindAllStringSubmatch(string(readme), -1) {
		stated[row[1]] = row[2]
	}
	cfg := defaultConfig()
	assert.Equal(t, map[string]string{
		"interval":   cfg.Interval.String(),
		"max_series": fmt.Sprint(cfg.MaxSeries),
	}, stated)
}

func TestReadmeListsTheMetrics(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var want []string
	for _, m := range catalogue.Builtin().Metrics {
		var names []string
		for _, d := range m.Dimensions {
			names = append(names, d.Name)
		}
		want = append(want, fmt.Sprintf("| `%s` | `%s` | `%s` |", m.Name, m.Unit, strings.Join(names, "`, `")))
	}
	assert.Equal(t, want, regexp.MustCompile("(?m)^\\| `auth\\..*$").FindAllString(string(readme), -1))
	assert.Contains(t, string(readme), strings.Trim(strings.Join(strings.Fields(fmt.Sprint(definition.DefaultBounds()[:6])), ", "), "[]"))
}

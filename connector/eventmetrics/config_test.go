package eventmetrics

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/authevents/otelcol-auth/internal/counting"
)

func TestConfig(t *testing.T) {
	storage := component.MustNewIDWithName("file_storage", "counts")
	tests := map[string]struct {
		yaml map[string]any
		want Config
	}{
		"defaults": {nil, Config{Interval: 15 * time.Second, Temporality: "cumulative", Counting: counting.Default(2000)}},
		"all set": {
			map[string]any{"interval": "1m", "temporality": "delta", "storage": "file_storage/counts", "expire_after": "24h", "max_series": 10},
			Config{Interval: time.Minute, Temporality: "delta", Storage: &storage, ExpireAfter: 24 * time.Hour, Counting: counting.Default(10)},
		},
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
	interval := func(got string) string {
		return "interval must be 100ms or more, such as 15s (got " + got + "): write a unit, because a number without one is nanoseconds"
	}
	expire := func(got string) string {
		return "expire_after must be 0 for never, or as long as the interval of 15s or longer, such as 24h (got " + got +
			"): write a unit, because a number without one is nanoseconds"
	}
	tests := map[string]struct {
		yaml map[string]any
		want string
	}{
		"interval without a unit":     {map[string]any{"interval": 15}, interval("15ns")},
		"interval zero":               {map[string]any{"interval": "0s"}, interval("0s")},
		"interval negative":           {map[string]any{"interval": "-5s"}, interval("-5s")},
		"interval too short":          {map[string]any{"interval": "99ms"}, interval("99ms")},
		"temporality":                 {map[string]any{"temporality": "Delta"}, `temporality must be cumulative or delta (got "Delta")`},
		"temporality empty":           {map[string]any{"temporality": ""}, `temporality must be cumulative or delta (got "")`},
		"expire_after without a unit": {map[string]any{"expire_after": 3600}, expire("3.6µs")},
		"expire_after too short":      {map[string]any{"expire_after": "14s"}, expire("14s")},
		"expire_after negative":       {map[string]any{"expire_after": "-1h"}, expire("-1h0m0s")},
		"max_series zero":             {map[string]any{"max_series": 0}, "max_series: must be a positive number, such as 2000 (got 0)"},
		"max_series negative":         {map[string]any{"max_series": -1}, "max_series: must be a positive number, such as 2000 (got -1)"},
		"several": {map[string]any{"temporality": "both", "max_series": 0}, `temporality must be cumulative or delta (got "both")` + "\n" +
			"max_series: must be a positive number, such as 2000 (got 0)"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := NewFactory().CreateDefaultConfig()
			require.NoError(t, confmap.NewFromStringMap(tt.yaml).Unmarshal(&cfg))
			assert.EqualError(t, xconfmap.Validate(cfg), tt.want)
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
		"interval":     cfg.Interval.String(),
		"temporality":  cfg.Temporality,
		"storage":      "none",
		"expire_after": "0",
		"max_series":   fmt.Sprint(cfg.Counting.MaxSeries),
	}, stated)
}

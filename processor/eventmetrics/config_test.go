package eventmetrics

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/xconfmap"
)

func TestConfig(t *testing.T) {
	tests := map[string]struct {
		yaml map[string]any
		want Config
	}{
		"defaults": {nil, Config{MaxSeries: 1500}},
		"all set":  {map[string]any{"max_series": 10}, Config{MaxSeries: 10}},
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
	for _, n := range []int{-1, 0, 1501} {
		assert.EqualError(t, xconfmap.Validate(&Config{MaxSeries: n}), fmt.Sprintf(
			"max_series must be from 1 to 1500, because the collector's own metrics overflow at 2000 series "+
				"(got %d): lower it, or use the event_metrics connector", n))
	}
}

func TestConfigUnknownKey(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"interval": "1s"}).Unmarshal(&cfg)
	assert.ErrorContains(t, err, "interval")
}

func TestReadmeStatesTheDefaults(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	stated := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| `([^`]+)` \\|").FindAllStringSubmatch(string(readme), -1) {
		stated[row[1]] = row[2]
	}
	assert.Equal(t, map[string]string{"max_series": fmt.Sprint(defaultConfig().MaxSeries)}, stated)
}

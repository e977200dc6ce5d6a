package eventsampler

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/authevents/otelcol-auth/processor/eventsampler/internal/metadata"
)

func TestDefaultsAreValid(t *testing.T) {
	require.NoError(t, defaultConfig().Validate())
}

// TestInvalid: each key that is wrong is named, with what was found and the
// remedy, and a sampler is not made.
func TestInvalid(t *testing.T) {
	for want, change := range map[string]func(*Config){
		"per_second: must be positive (got 0)":                                             func(c *Config) { c.PerSecond = 0 },
		"per_second: must be positive (got NaN)":                                           func(c *Config) { c.PerSecond = math.NaN() },
		"per_second: keeps less than one record an interval (got 0.05 in 10s): raise it":   func(c *Config) { c.PerSecond = 0.05 },
		"per_second: keeps more than 1000000 records an interval (got +Inf in 10s): lower": func(c *Config) { c.PerSecond = math.Inf(1) },
		"interval: must be between 1s and 1h0m0s (got 2h0m0s)":                             func(c *Config) { c.Interval = 2 * time.Hour },
		"interval: must be between 1s and 1h0m0s (got -1s)":                                func(c *Config) { c.Interval = -time.Second },
		"max_kinds: must be between 1 and 100000 (got 0)":                                  func(c *Config) { c.MaxKinds = 0 },
		"by: takes 4 attributes at most (got 5): leave some out":                           func(c *Config) { c.By = strings.Split("a b c d e", " ") },
		`by[1]: "a" stands there twice: leave one out`:                                     func(c *Config) { c.By = []string{"a", "a"} },
		"by[0]: log.record.uid is another for each record":                                 func(c *Config) { c.By = []string{"log.record.uid"} },
		"always[1]: is empty: give a name, or leave it out":                                func(c *Config) { c.Always = []string{"x*", ""} },
		"always_categories[0]: is empty":                                                   func(c *Config) { c.AlwaysCategories = []string{""} },
		`neutral: must be keep or sample (got "drop")`:                                     func(c *Config) { c.Neutral = "drop" },
		`mark: must be all or thinned (got "")`:                                            func(c *Config) { c.Mark = "" },
		"seed: must have at least 32 bytes (got 5): make one with openssl rand":            func(c *Config) { c.Seed = "short" },
		"count_attribute: is empty: leave it out for auth.adjusted_count":                  func(c *Config) { c.CountAttribute = "" },
		"count_attribute: sampling.threshold has a meaning of its own":                     func(c *Config) { c.CountAttribute = "sampling.threshold" },
	} {
		cfg := defaultConfig()
		change(cfg)
		err := cfg.Validate()
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "short")
		_, err = NewFactory().CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
		require.ErrorContains(t, err, want)
	}

	cfg := defaultConfig()
	cfg.PerSecond, cfg.MaxKinds, cfg.Neutral = -1, -1, ""
	require.ErrorContains(t, cfg.Validate(), "neutral")
	assert.Len(t, strings.Split(cfg.Validate().Error(), "\n"), 3, "all at once")
}

func TestUnmarshal(t *testing.T) {
	cfg := defaultConfig()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"per_second": 0.5, "interval": "1m", "always_categories": []any{}, "seed": secret,
	}).Unmarshal(cfg))
	s, err := compile(cfg)
	require.NoError(t, err)
	assert.Equal(t, uint64(30), s.quota)
	assert.Equal(t, newKey(secret), s.key)
	assert.Empty(t, s.alwaysCategories)
	assert.NotContains(t, cfg.Seed.String(), secret)

	err = confmap.NewFromStringMap(map[string]any{"per_minute": 5}).Unmarshal(defaultConfig())
	require.ErrorContains(t, err, "per_minute")
	assert.ErrorContains(t, err, "the keys here are: always, always_categories, by,")
}

func TestPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"", "", true},
		{"a*", "a", true}, {"a*", "abc", true}, {"a*", "ba", false},
		{"*a", "a", true}, {"*a", "cba", true}, {"*a", "ab", false},
		{"*a*", "a", true}, {"*a*", "bab", true}, {"*a*", "bcb", false},
		{"*", "", true}, {"*", "x", true}, {"**", "x", true},
		{"a*b*c", "abc", true}, {"a*b*c", "a1b2c", true}, {"a*b*c", "acb", false}, {"a*b*c", "ab", false},
		{"ab*ba", "aba", false}, {"*a*a*", "a", false}, {"*ab*bc", "abc", false}, {"*ab*bc", "ababbc", true},
	} {
		p := newPattern(c.pattern)
		assert.Equal(t, c.want, p.matches(c.name), "%s %s", c.pattern, c.name)
	}
}

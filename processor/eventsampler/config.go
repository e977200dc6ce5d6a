package eventsampler

import (
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/knownkeys"
)

// Config of the processor.
type Config struct {
	// PerSecond is how many records of a kind are to be kept in a second of log
	// time. A kind that has fewer is kept whole.
	PerSecond float64 `mapstructure:"per_second"`
	// Interval is the log time over which a kind's rate is taken. PerSecond
	// times Interval is the kind's quota.
	Interval time.Duration `mapstructure:"interval"`
	// By lists attributes, of the record or else of the resource, whose values
	// make kinds of their own, beside source, event name and outcome.
	By []string `mapstructure:"by"`
	// Always lists event names that are never thinned; a * stands for any text.
	Always []string `mapstructure:"always"`
	// AlwaysCategories lists values of auth.category that are never thinned.
	AlwaysCategories []string `mapstructure:"always_categories"`
	// Neutral is what becomes of events without an outcome: keep or sample.
	Neutral string `mapstructure:"neutral"`
	// MaxKinds is how many kinds of one interval are told apart. The rest share
	// one quota.
	MaxKinds int `mapstructure:"max_kinds"`
	// Seed keys the hash that decides, at least 32 bytes. Samplers with one seed
	// agree; without it anyone can compute which uids are kept.
	Seed configopaque.String `mapstructure:"seed,omitempty"`
	// CountAttribute is the name of the attribute with the adjusted count.
	CountAttribute string `mapstructure:"count_attribute"`
	// Mark says which records get it: all, or thinned, those whose count is not 1.
	Mark string `mapstructure:"mark"`
}

const (
	neutralKeep   = "keep"
	neutralSample = "sample"

	markAll     = "all"
	markThinned = "thinned"
)

func defaultConfig() *Config {
	return &Config{
		PerSecond: 5,
		Interval:  10 * time.Second,
		// What is rare by nature, and what somebody looks for one by one.
		AlwaysCategories: []string{"admin", "lockout", "platform", "rate_limit", "threat"},
		Neutral:          neutralKeep,
		MaxKinds:         1000,
		CountAttribute:   attr.AdjustedCount,
		Mark:             markAll,
	}
}

// Unmarshal refuses unknown keys, and says which ones there are.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return knownkeys.Unmarshal(conf, c) }

// Validate reports all problems of the config at once.
func (c *Config) Validate() error {
	_, err := compile(c)
	return err
}

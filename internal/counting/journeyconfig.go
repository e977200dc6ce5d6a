package counting

import "time"

// FunnelConfigs are funnels by name. false stands for a built-in one that is
// switched off; of those, Window and MaxUsers can be changed.
type FunnelConfigs map[string]FunnelConfig

// FunnelConfig counts the users who reach each of several steps.
type FunnelConfig struct {
	// Enabled switches the funnel off if it is false.
	Enabled *bool        `mapstructure:"enabled"`
	Steps   []StepConfig `mapstructure:"steps"`
	// Ordered counts a step only for users who reached all steps before it.
	Ordered bool `mapstructure:"ordered"`
	// Window begins with a user's first step.
	Window time.Duration `mapstructure:"window"`
	// By names the attributes that may hold the user; the first present counts.
	By []string `mapstructure:"by"`
	// MaxUsers bounds the users held at a time.
	MaxUsers int `mapstructure:"max_users"`

	given []string // the keys that the user wrote
}

// StepConfig is one step of a funnel.
type StepConfig struct {
	Name    string        `mapstructure:"name"`
	Records RecordsConfig `mapstructure:",squash"`
}

// PairConfigs are pairs by name. false stands for a built-in one that is
// switched off; of those, Timeout and MaxPending can be changed.
type PairConfigs map[string]PairConfig

// PairConfig measures the time from an event to the one that answers it.
type PairConfig struct {
	// Enabled switches the pair off if it is false.
	Enabled *bool         `mapstructure:"enabled"`
	Begin   RecordsConfig `mapstructure:"begin"`
	End     RecordsConfig `mapstructure:"end"`
	// By names the attributes that may hold who it is; the first present counts.
	By []string `mapstructure:"by"`
	// Match names attributes in which both records must agree.
	Match []string `mapstructure:"match"`
	// Timeout is when a beginning counts as abandoned.
	Timeout time.Duration `mapstructure:"timeout"`
	// MaxPending bounds the beginnings held at a time.
	MaxPending int `mapstructure:"max_pending"`
	// Duration and Abandoned name the metrics: new ones, or those of Custom
	// that count no events themselves.
	Duration  string `mapstructure:"duration"`
	Abandoned string `mapstructure:"abandoned"`

	given []string // the keys that the user wrote
}

// Defaults of what is held for users on their way.
const (
	defaultWindow   = 24 * time.Hour
	defaultMaxUsers = 100_000

	defaultTimeout    = 10 * time.Minute
	defaultMaxPending = 100_000
)

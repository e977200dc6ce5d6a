package ingest

import (
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// RetryConfig says when to send again what the next component did not take. An
// Input never gives up, so there is no limit to set.
type RetryConfig struct {
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	MaxInterval     time.Duration `mapstructure:"max_interval"`
}

// DefaultRetryConfig returns the defaults.
func DefaultRetryConfig() RetryConfig {
	return RetryConfig{InitialInterval: 500 * time.Millisecond, MaxInterval: 30 * time.Second}
}

// Check returns all that is wrong, joined, by keys under retry.
func (c RetryConfig) Check() error {
	var errs []error
	if err := CheckInterval("retry.initial_interval", c.InitialInterval); err != nil {
		errs = append(errs, err)
	}
	if c.MaxInterval < c.InitialInterval {
		errs = append(errs, fmt.Errorf("retry.max_interval: must be at least retry.initial_interval, %s (got %s)", c.InitialInterval, c.MaxInterval))
	}
	return errors.Join(errs...)
}

func (c RetryConfig) newBackOff() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = c.InitialInterval
	b.MaxInterval = c.MaxInterval
	b.Reset()
	return b
}

package eventsampler

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/authevents/otelcol-auth/internal/attr"
)

const (
	// maxBy bounds what is read of a record for its kind.
	maxBy = 4
	// maxQuota leaves room to double it maxExponent times.
	maxQuota    = 1_000_000
	maxMaxKinds = 100_000
	// minInterval keeps the quota of a usual rate above the noise.
	minInterval = time.Second
	maxInterval = time.Hour
	// minSeed is that of the keys of pii_scrub.
	minSeed = 32
)

// settings are a Config made ready.
type settings struct {
	quota            uint64
	interval         uint64 // ns
	by               []string
	always           []pattern
	alwaysCategories []string
	sampleNeutral    bool
	maxKinds         int
	key              key
	countAttribute   string
	markAll          bool
}

// compile makes a config ready, or joins all that is wrong with it.
func compile(c *Config) (*settings, error) {
	s := &settings{
		quota:            uint64(math.Floor(c.PerSecond * c.Interval.Seconds())),
		interval:         uint64(c.Interval),
		by:               c.By,
		alwaysCategories: c.AlwaysCategories,
		sampleNeutral:    c.Neutral == neutralSample,
		maxKinds:         c.MaxKinds,
		key:              newKey(string(c.Seed)),
		countAttribute:   c.CountAttribute,
		markAll:          c.Mark == markAll,
	}
	for _, name := range c.Always {
		s.always = append(s.always, newPattern(name))
	}
	return s, errors.Join(c.checkRate(), c.checkLists(), c.checkChoices())
}

func (c *Config) checkRate() error {
	var errs []error
	if c.Interval < minInterval || c.Interval > maxInterval {
		errs = append(errs, fmt.Errorf("interval: must be between %s and %s (got %s)", minInterval, maxInterval, c.Interval))
	}
	switch quota := c.PerSecond * c.Interval.Seconds(); {
	case !(c.PerSecond > 0): // refuses NaN as well
		errs = append(errs, fmt.Errorf("per_second: must be positive (got %g)", c.PerSecond))
	case quota < 1:
		errs = append(errs, fmt.Errorf("per_second: keeps less than one record an interval (got %g in %s): raise it, or interval", c.PerSecond, c.Interval))
	case quota > maxQuota:
		errs = append(errs, fmt.Errorf("per_second: keeps more than %d records an interval (got %g in %s): lower it, or interval", maxQuota, c.PerSecond, c.Interval))
	}
	if c.MaxKinds < 1 || c.MaxKinds > maxMaxKinds {
		errs = append(errs, fmt.Errorf("max_kinds: must be between 1 and %d (got %d)", maxMaxKinds, c.MaxKinds))
	}
	return errors.Join(errs...)
}

func (c *Config) checkLists() error {
	var errs []error
	if len(c.By) > maxBy {
		errs = append(errs, fmt.Errorf("by: takes %d attributes at most (got %d): leave some out", maxBy, len(c.By)))
	}
	for _, list := range []struct {
		key    string
		values []string
	}{{"by", c.By}, {"always", c.Always}, {"always_categories", c.AlwaysCategories}} {
		for i, value := range list.values {
			switch {
			case value == "":
				errs = append(errs, fmt.Errorf("%s[%d]: is empty: give a name, or leave it out", list.key, i))
			case slices.Contains(list.values[:i], value):
				errs = append(errs, fmt.Errorf("%s[%d]: %q stands there twice: leave one out", list.key, i, value))
			}
		}
	}
	for i, name := range c.By {
		if name == attr.LogRecordUID {
			errs = append(errs, fmt.Errorf("by[%d]: %s is another for each record, so that every kind is rare: leave it out", i, name))
		}
	}
	return errors.Join(errs...)
}

func (c *Config) checkChoices() error {
	var errs []error
	if c.Neutral != neutralKeep && c.Neutral != neutralSample {
		errs = append(errs, fmt.Errorf("neutral: must be %s or %s (got %q)", neutralKeep, neutralSample, c.Neutral))
	}
	if c.Mark != markAll && c.Mark != markThinned {
		errs = append(errs, fmt.Errorf("mark: must be %s or %s (got %q)", markAll, markThinned, c.Mark))
	}
	if n := len(c.Seed); n > 0 && n < minSeed {
		errs = append(errs, fmt.Errorf("seed: must have at least %d bytes (got %d): make one with openssl rand -base64 32", minSeed, n))
	}
	switch c.CountAttribute {
	case "":
		errs = append(errs, fmt.Errorf("count_attribute: is empty: leave it out for %s", attr.AdjustedCount))
	case attr.SamplingThreshold, attr.SamplingRandomness:
		errs = append(errs, fmt.Errorf("count_attribute: %s has a meaning of its own: choose another name", c.CountAttribute))
	}
	return errors.Join(errs...)
}

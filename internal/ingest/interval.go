package ingest

import (
	"fmt"
	"time"
)

// minInterval is the least that any interval of a config may be. A number without
// a unit is in nanoseconds, as YAML's numbers are: `poll_interval: 60` would ask a
// bucket for its list as fast as it answers.
const minInterval = time.Millisecond

// CheckInterval refuses what cannot be meant: nothing, less than nothing, or a
// number whose unit is missing. key is where it stands.
func CheckInterval(key string, d time.Duration) error {
	switch {
	case d <= 0:
		return fmt.Errorf("%s: must be a positive duration (got %s)", key, d)
	case d < minInterval:
		return fmt.Errorf("%s: must be at least %s (got %s): write the unit, such as %ds", key, minInterval, d, int64(d))
	}
	return nil
}

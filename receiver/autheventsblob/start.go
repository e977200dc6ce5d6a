package autheventsblob

import (
	"fmt"
	"time"
)

const (
	startBeginning = "beginning"
	startNow       = "now"
)

// start says which objects count at the first start: those from a time on.
type start struct {
	now bool
	at  time.Time // the zero time for the beginning
}

func parseStart(text string) (start, error) {
	switch text {
	case startBeginning:
		return start{}, nil
	case startNow:
		return start{now: true}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return start{at: at}, nil
		}
	}
	return start{}, fmt.Errorf("start: unknown value %q: use %s, %s, or a time such as 2026-01-31T00:00:00Z",
		text, startBeginning, startNow)
}

// floor returns the time before which objects are left out, in Unix nanoseconds.
func (s start) floor(now time.Time) int64 {
	switch {
	case s.now:
		return now.UnixNano()
	case s.at.IsZero():
		return 0
	default:
		return s.at.UnixNano()
	}
}

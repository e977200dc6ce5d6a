package authevents

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// splitCost is what a line may cost until it is known how many there are: its
	// place in the body, and in what an envelope held.
	splitCost = 128
	// lineCost is what a line costs as a record beside its text. A record is several
	// times as large, and so is what becomes of a text: the limit weighs both alike.
	lineCost = 384
)

var (
	errNeverFits = errors.New("a request needs more than all requests may")
	errNoRoom    = errors.New("other requests hold what there is")
)

// inFlight bounds what all requests hold at once, in bytes of their bodies and
// lineCost for each line. What the process needs is up to ten times that.
type inFlight struct {
	limit int64
	free  *semaphore.Weighted
	wait  time.Duration // how long a request waits for others to be done
}

func newInFlight(limit int64, wait time.Duration) *inFlight {
	return &inFlight{limit: limit, free: semaphore.NewWeighted(limit), wait: wait}
}

// share is what one request holds. It must be released.
type share struct {
	of   *inFlight
	held int64
}

// grow takes what is missing to n. The error is errNeverFits, or errNoRoom where
// others did not let go of it in time. Two that wait for each other both give up.
func (s *share) grow(ctx context.Context, n int64) error {
	more := n - s.held
	switch {
	case more <= 0:
		return nil
	case n > s.of.limit:
		return errNeverFits
	case !s.of.free.TryAcquire(more):
		ctx, cancel := context.WithTimeout(ctx, s.of.wait)
		defer cancel()
		if s.of.free.Acquire(ctx, more) != nil {
			return errNoRoom
		}
	}
	s.held = n
	return nil
}

// shrink gives back what is held beyond n.
func (s *share) shrink(n int64) {
	if n < s.held {
		s.of.free.Release(s.held - n)
		s.held = n
	}
}

func (s *share) release() { s.shrink(0) }

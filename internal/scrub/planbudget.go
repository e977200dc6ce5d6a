package scrub

import (
	"sync"
	"time"
)

// planBudget bounds the work of compiling plans. Behind a gateway the lists of
// fields are the senders', and to compile one costs as much as to scrub some ten
// thousand records: a request with many different ones must not hold up the others.
type planBudget struct {
	mu   sync.Mutex
	left float64 // of maxPlanWork; below zero after a plan that cost more than was left
	last time.Time
	now  func() time.Time // nil is time.Now
}

// Work is counted in bytes of text, and placeWork for each place. maxPlanWork is
// what may be done at once: forty lists of Login.gov's size, or two that are as
// large as can be. planWorkPerSecond comes back.
const (
	placeWork         = 64
	maxPlanWork       = 4 << 20
	planWorkPerSecond = 64 << 10
)

// allows says whether another plan may be compiled.
func (b *planBudget) allows() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now
	if b.now != nil {
		now = b.now
	}
	at := now()
	if b.last.IsZero() {
		b.left = maxPlanWork
	} else {
		b.left = min(maxPlanWork, b.left+at.Sub(b.last).Seconds()*planWorkPerSecond)
	}
	b.last = at
	return b.left > 0
}

// spend takes what a plan has cost.
func (b *planBudget) spend(work int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left -= float64(work)
}

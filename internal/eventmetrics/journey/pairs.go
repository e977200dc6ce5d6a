package journey

import (
	"fmt"
	"time"
)

// Pairs holds beginnings until their end comes or the timeout has passed.
//
// How long something took is by the time of the events. When it was abandoned
// is by the clock of the caller, which tells it with each beginning and to
// Expire, and which only ever counts forwards: a clock that is set back
// makes nothing wait longer than from then on. What a process is down does not
// count as waiting, for the end may be among what it reads next.
//
// P is what the caller wants back of a beginning that was abandoned.
type Pairs[P any] struct {
	pending table[beginning[P]]
	timeout int64 // nanoseconds
	evicted int64

	last  int64 // the clock when it was told last
	told  bool  // that it was told at all
	clock int64 // nanoseconds that have passed by the caller's clock
}

// beginning is what is held of one; times in nanoseconds.
type beginning[P any] struct {
	at      int64 // of the event
	begun   int64 // by Pairs.clock
	payload P
}

// NewPairs returns one that holds nothing. It panics unless the timeout is
// positive and 1 to MaxHeld beginnings may be pending: settings are checked
// where they are read.
func NewPairs[P any](timeout time.Duration, maxPending int) *Pairs[P] {
	if timeout <= 0 || maxPending < 1 || maxPending > MaxHeld {
		panic(fmt.Sprintf("journey: pairs with timeout %s, %d pending", timeout, maxPending))
	}
	return &Pairs[P]{pending: newTable[beginning[P]](maxPending), timeout: held(int64(timeout))}
}

// Begin tells of a beginning at a time, known at a clock. Of several before an
// end the latest by event time counts, and the others count nowhere. If there
// is no room, the oldest goes and counts nowhere either.
//
// The beginning whose place this one takes is given back as abandoned if the
// timeout lies between them: nothing had ended it in time, and Expire may not
// have come to it, as when a day's events are read in a second.
func (p *Pairs[P]) Begin(key uint64, at, clock time.Time, payload P) (abandoned P, ok bool) {
	p.advance(clock)
	b := beginning[P]{at: nanoseconds(at), begun: p.clock, payload: payload}
	if found := p.pending.find(key); found != 0 {
		before := p.pending.value(found)
		if before.at > b.at {
			return abandoned, false
		}
		if b.at-before.at >= p.timeout {
			abandoned, ok = before.payload, true
		}
		*before = b
		p.pending.renew(found)
		return abandoned, ok
	}
	if p.pending.full() {
		p.evicted++
		p.pending.remove(p.pending.oldest())
	}
	p.pending.put(key, b)
	return abandoned, false
}

// End tells of an end at a time, and returns how long it was from the
// beginning, which is then done with. It is not ok if there is none that could
// have led to this end: none at all, one that is later than the end, or one
// that is longer ago than the timeout. The latter two stay pending.
func (p *Pairs[P]) End(key uint64, at time.Time) (d time.Duration, ok bool) {
	found := p.pending.find(key)
	if found == 0 {
		return 0, false
	}
	took := nanoseconds(at) - p.pending.value(found).at
	if took < 0 || took > p.timeout {
		return 0, false
	}
	p.pending.remove(found)
	return time.Duration(took), true
}

// Expire takes out the beginnings that have waited for the timeout, and calls
// abandoned for each, oldest first. Its cost is that of those it takes out.
// abandoned must not call p.
func (p *Pairs[P]) Expire(clock time.Time, abandoned func(P)) {
	p.advance(clock)
	// The clock never runs back, so beginnings wait in the order of their turn.
	for at := p.pending.oldest(); at != 0; at = p.pending.oldest() {
		b := p.pending.value(at)
		if p.clock-b.begun < p.timeout {
			return
		}
		payload := b.payload
		p.pending.remove(at)
		abandoned(payload)
	}
}

func (p *Pairs[P]) advance(clock time.Time) {
	now := nanoseconds(clock)
	if p.told && now > p.last {
		// Once the timeout has passed, all have waited long enough. So the sum
		// can't run out of numbers, however often the clock jumps.
		p.clock += min(now-p.last, p.timeout)
	}
	p.last, p.told = now, true
}

// Pending returns how many beginnings are held.
func (p *Pairs[P]) Pending() int { return p.pending.used }

// Evicted returns how many beginnings had to go before their end came or their
// time was up.
func (p *Pairs[P]) Evicted() int64 { return p.evicted }

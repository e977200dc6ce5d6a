package journey

import (
	"fmt"
	"time"
)

// MaxSteps of a funnel.
const MaxSteps = 64

// Funnel knows which steps of a funnel each user reached in the user's window.
//
// A window begins with the first step that a user reaches, of an ordered funnel
// with its first step, and is over once its length has passed by the time of
// the events. In it each step counts once. It does not move, and a user's
// windows do not overlap, whatever order events come in.
//
// Events may come late. One from before the window's begin counts in that
// window, as far back as a window's length, but not where the window before it
// was: that one is forgotten, and the step may have counted there. Steps of an
// ordered funnel are ordered as they come, not by their time.
//
// A time far ahead gives its user a window far ahead, and nothing before it
// counts for that user then. Who calls bounds times.
type Funnel struct {
	users   table[progress]
	steps   int
	ordered bool
	window  int64 // nanoseconds
	evicted int64
	late    int64
}

// progress is what is held of a user, 24 bytes; times in nanoseconds.
type progress struct {
	start int64  // of the window
	since int64  // the earliest time that counts in the window
	steps uint64 // one bit for each that was reached
}

// NewFunnel returns a funnel without users. It panics unless there are 1 to
// MaxSteps steps, a positive window and 1 to MaxHeld users: settings are
// checked where they are read.
func NewFunnel(steps int, ordered bool, window time.Duration, maxUsers int) *Funnel {
	if steps < 1 || steps > MaxSteps || window <= 0 || maxUsers < 1 || maxUsers > MaxHeld {
		panic(fmt.Sprintf("journey: funnel of %d steps, window %s, %d users", steps, window, maxUsers))
	}
	return &Funnel{users: newTable[progress](maxUsers), steps: steps, ordered: ordered, window: held(int64(window))}
}

// Reach tells that a user reached a step, counted from 0, at a time. It reports
// whether that is to be counted: whether the user had not reached it in the
// window, and for an ordered funnel had reached all steps before it.
func (f *Funnel) Reach(user uint64, step int, at time.Time) (first bool) {
	if step < 0 || step >= f.steps {
		return false
	}
	now, bit := nanoseconds(at), uint64(1)<<step
	found := f.users.find(user)
	if found == 0 {
		if f.ordered && step > 0 {
			return false
		}
		f.makeRoom(now)
		f.users.put(user, progress{start: now, since: held(now - f.window), steps: bit})
		return true
	}

	p := f.users.value(found)
	switch {
	case now-p.start >= f.window:
		if f.ordered && step > 0 {
			return false // the old window stays: this may be one event from far ahead
		}
		*p = progress{start: now, since: max(p.start+f.window, now-f.window), steps: bit}
		f.users.renew(found)
		return true
	case now < p.since:
		f.late++
		return false
	case p.steps&bit != 0:
		return false
	case f.ordered && p.steps != bit-1: // not all before it
		return false
	}
	p.steps |= bit
	return true
}

// makeRoom for a user. Of all users the one goes whose window began to be
// counted first; that counts as evicted if the window is not over yet.
func (f *Funnel) makeRoom(now int64) {
	if !f.users.full() {
		return
	}
	oldest := f.users.oldest()
	if now-f.users.value(oldest).start < f.window {
		f.evicted++
	}
	f.users.remove(oldest)
}

// Expire forgets windows that were over by a time, so that they neither take
// room nor are part of a snapshot. It changes no count of events at that time
// and after it: a caller that refuses events older than o calls Expire(o).
//
// It takes them in the order in which they began to be counted, and stops at
// the first that is not over; the cost is that of those it takes.
func (f *Funnel) Expire(oldestEvent time.Time) {
	over := nanoseconds(oldestEvent)
	for at := f.users.oldest(); at != 0; at = f.users.oldest() {
		if over-f.users.value(at).start < f.window {
			return
		}
		f.users.remove(at)
	}
}

// Users returns how many are held.
func (f *Funnel) Users() int { return f.users.used }

// Evicted returns how many users had to go before their window was over. They
// may count again for steps that they had reached.
func (f *Funnel) Evicted() int64 { return f.evicted }

// Late returns how many events counted nowhere because they were from before
// their user's window.
func (f *Funnel) Late() int64 { return f.late }

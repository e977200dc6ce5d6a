package journey

import (
	"slices"
	"time"
)

// naiveFunnel is what Funnel should do, as plainly as can be: it keeps every
// window that ever began and looks through all of them.
type naiveFunnel struct {
	ordered  bool
	window   time.Duration
	maxUsers int
	windows  []*naiveWindow // in the order in which they began
	evicted  int64
	late     int64
}

type naiveWindow struct {
	user    uint64
	start   time.Time
	before  *naiveWindow // of the same user, if that was still known
	reached map[int]bool
	gone    bool
}

func (w *naiveWindow) end(length time.Duration) time.Time { return w.start.Add(length) }

func (f *naiveFunnel) of(user uint64) *naiveWindow {
	for _, w := range slices.Backward(f.windows) {
		if w.user == user && !w.gone {
			return w
		}
	}
	return nil
}

func (f *naiveFunnel) reach(user uint64, step int, at time.Time) bool {
	w := f.of(user)
	if w == nil || !at.Before(w.end(f.window)) {
		if f.ordered && step > 0 {
			return false
		}
		f.begin(w, user, step, at)
		return true
	}
	if at.Before(w.start.Add(-f.window)) || w.before != nil && at.Before(w.before.end(f.window)) {
		f.late++
		return false
	}
	if f.ordered {
		for before := range step {
			if !w.reached[before] {
				return false
			}
		}
	}
	first := !w.reached[step]
	w.reached[step] = true
	return first
}

func (f *naiveFunnel) begin(before *naiveWindow, user uint64, step int, at time.Time) {
	if before != nil {
		before.gone = true
	} else if held := f.held(); len(held) == f.maxUsers {
		held[0].gone = true
		if at.Before(held[0].end(f.window)) {
			f.evicted++
		}
	}
	f.windows = append(f.windows, &naiveWindow{user: user, start: at, before: before, reached: map[int]bool{step: true}})
}

func (f *naiveFunnel) held() []*naiveWindow {
	var held []*naiveWindow
	for _, w := range f.windows {
		if !w.gone {
			held = append(held, w)
		}
	}
	return held
}

func (f *naiveFunnel) expire(oldestEvent time.Time) {
	for _, w := range f.held() {
		if w.end(f.window).After(oldestEvent) {
			return
		}
		w.gone = true
	}
}

// naivePairs is what Pairs should do: it keeps all beginnings and every clock
// that it was told.
type naivePairs struct {
	timeout    time.Duration
	maxPending int
	begun      []*naiveBegin // in the order in which they were told
	clocks     []time.Time
	evicted    int64
}

type naiveBegin struct {
	key     uint64
	at      time.Time
	clock   int // index into clocks
	payload int
	done    bool
}

func (p *naivePairs) pending() []*naiveBegin {
	var pending []*naiveBegin
	for _, b := range p.begun {
		if !b.done {
			pending = append(pending, b)
		}
	}
	return pending
}

func (p *naivePairs) of(key uint64) *naiveBegin {
	for _, b := range p.pending() {
		if b.key == key {
			return b
		}
	}
	return nil
}

func (p *naivePairs) begin(key uint64, at, clock time.Time, payload int) (abandoned int, ok bool) {
	p.clocks = append(p.clocks, clock)
	if b := p.of(key); b != nil {
		if at.Before(b.at) {
			return 0, false
		}
		b.done = true
		if !at.Before(b.at.Add(p.timeout)) {
			abandoned, ok = b.payload, true
		}
	} else if pending := p.pending(); len(pending) == p.maxPending {
		pending[0].done = true
		p.evicted++
	}
	p.begun = append(p.begun, &naiveBegin{key: key, at: at, clock: len(p.clocks) - 1, payload: payload})
	return abandoned, ok
}

func (p *naivePairs) end(key uint64, at time.Time) (time.Duration, bool) {
	b := p.of(key)
	if b == nil || at.Before(b.at) || at.Sub(b.at) > p.timeout {
		return 0, false
	}
	b.done = true
	return at.Sub(b.at), true
}

// waited adds up by how much the clock went forwards since a beginning.
func (p *naivePairs) waited(b *naiveBegin) time.Duration {
	var waited time.Duration
	for i := b.clock + 1; i < len(p.clocks); i++ {
		if !p.clocks[i-1].IsZero() {
			waited += max(0, p.clocks[i].Sub(p.clocks[i-1]))
		}
	}
	return waited
}

func (p *naivePairs) expire(clock time.Time) []int {
	p.clocks = append(p.clocks, clock)
	var abandoned []int
	for _, b := range p.pending() {
		if p.waited(b) >= p.timeout {
			b.done = true
			abandoned = append(abandoned, b.payload)
		}
	}
	return abandoned
}

// restart makes the next clock the first one again: the zero time stands for
// the time that the process was down.
func (p *naivePairs) restart() { p.clocks = append(p.clocks, time.Time{}) }

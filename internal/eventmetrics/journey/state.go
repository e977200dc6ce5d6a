package journey

import "time"

// FunnelEntry is what a Funnel holds of a user, for a snapshot. Start and Since
// are in nanoseconds since 1970, Steps has bit i set if step i was reached.
type FunnelEntry struct {
	User         uint64
	Start, Since int64
	Steps        uint64
}

// Entries returns what is held, oldest first, in a slice of the caller's own.
func (f *Funnel) Entries() []FunnelEntry {
	entries := make([]FunnelEntry, 0, f.users.used)
	for at := f.users.oldest(); at != 0; at = f.users.next(at) {
		p := f.users.value(at)
		entries = append(entries, FunnelEntry{f.users.entries[at].key, p.start, p.since, p.steps})
	}
	return entries
}

// Restore replaces what is held by what Entries returned, perhaps of a funnel
// with another window, bound or number of steps: steps that are no longer there
// are forgotten, and so are users without any. Where steps have moved, the
// caller moves their bits. If there are too many, the oldest are evicted. Any
// entries at all give a funnel that works.
func (f *Funnel) Restore(entries []FunnelEntry) {
	f.users = newTable[progress](f.users.max)
	for _, e := range entries {
		steps := f.reachable(e.Steps)
		if steps == 0 || f.users.find(e.User) != 0 {
			continue
		}
		if f.users.full() {
			f.evicted++
			f.users.remove(f.users.oldest())
		}
		start := held(e.Start)
		since := min(max(held(e.Since), start-f.window), start)
		f.users.put(e.User, progress{start, since, steps})
	}
}

// reachable returns those of steps that this funnel could have come to: of an
// ordered one the first and what follows it without a gap.
func (f *Funnel) reachable(steps uint64) uint64 {
	steps &= ^uint64(0) >> (MaxSteps - f.steps)
	if f.ordered {
		// Adding 1 carries through the ones at the low end and no further.
		steps &= ^(steps + 1)
	}
	return steps
}

// PairEntry is a beginning that Pairs holds, for a snapshot. At is in
// nanoseconds since 1970.
type PairEntry[P any] struct {
	Key     uint64
	At      int64
	Waited  time.Duration
	Payload P
}

// Entries returns what is pending, oldest first, in a slice of the caller's own.
func (p *Pairs[P]) Entries() []PairEntry[P] {
	entries := make([]PairEntry[P], 0, p.pending.used)
	for at := p.pending.oldest(); at != 0; at = p.pending.next(at) {
		b := p.pending.value(at)
		entries = append(entries, PairEntry[P]{p.pending.entries[at].key, b.at, time.Duration(p.clock - b.begun), b.payload})
	}
	return entries
}

// Restore replaces what is pending by what Entries returned. Waiting goes on
// where it was, from the next clock that is told. If there are too many, the
// oldest are evicted. Any entries at all give pairs that work.
func (p *Pairs[P]) Restore(entries []PairEntry[P]) {
	p.pending = newTable[beginning[P]](p.pending.max)
	p.last, p.told, p.clock = 0, false, 0
	begun := int64(-farTime)
	for _, e := range entries {
		if p.pending.find(e.Key) != 0 {
			continue
		}
		if p.pending.full() {
			p.evicted++
			p.pending.remove(p.pending.oldest())
		}
		begun = max(begun, min(-held(int64(e.Waited)), 0)) // in the order of their turn, as Expire needs them
		p.pending.put(e.Key, beginning[P]{held(e.At), begun, e.Payload})
	}
}

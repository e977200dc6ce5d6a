package eventmetrics

import (
	"cmp"
	"time"
)

// Reset puts the engine back to where New left it, with series that start at
// start. It is for those who ask what records count by themselves, many times
// over: a New checks the whole set each time, which takes some thirty times as
// long.
//
// What stays is what depends on no record before: hashes of users met lately, and
// values that were refused for what they look like.
//
// No transaction and no collection may be under way. Cursors that were made
// before are of no use any more.
func (e *Engine) Reset(start time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.Start = start
	for _, m := range e.metrics {
		m.reset()
	}
	for i := range e.fields.specs { // behind their dictionaries, which need them
		e.fields.specs[i].table.reset()
	}
	e.seen.reset()
	e.touched, e.evictions = 0, 0
	e.met.now = 0
	e.met.forget()
	e.numPlans, e.lastPlan = 0, 0
	clear(e.shapes[:]) // they lead to series
	e.begin()
}

// begin is where an engine begins: in New, and once more in Reset.
func (e *Engine) begin() {
	e.startJourneys()
	e.combinations = map[combination]struct{}{}
	e.plans = map[string][]*plan{}
	for i := range e.recent {
		e.recent[i] = e.nameless
	}
	e.declare()
}

// reset forgets the values that came with records.
func (t *internTable) reset() {
	for _, value := range t.values[t.listed:] {
		delete(t.ids, value)
	}
	clear(t.values[t.listed:])
	t.values = t.values[:t.listed]
	clear(t.recent[:])
}

// reset forgets all series, and the values that came with records.
func (m *metric) reset() {
	for i := range m.dimensions {
		d := &m.dimensions[i]
		d.folded = false
		d.reset(d.Cap)
		d.views = nil
	}
	m.fractional, m.sorted, m.overflow, m.folds = false, false, nil, nil
	if len(m.series) == 0 {
		return
	}
	clear(m.series)
	m.ordered = nil
	clear(m.recent[:])
}

// reset leaves the values that were listed, with none of them in a series.
func (d *dictionary) reset(limit int) {
	d.room, d.admitted = cmp.Or(limit, defaultCap), 0
	for _, value := range d.values[d.listed:] {
		d.local[d.table.ids[value]] = absentID
	}
	for d.local[len(d.local)-1] == absentID { // that of Other is never
		d.local = d.local[:len(d.local)-1]
	}
	clear(d.values[d.listed:])
	d.values, d.placed = d.values[:d.listed], d.placed[:d.listed]
	for id := range d.placed {
		d.placed[id] = id <= int(otherID)
	}
}

// reset forgets all uids. The slots stay.
func (s *seen) reset() {
	if s.used > 0 {
		clear(s.current)
	}
	if s.turned {
		clear(s.previous)
	}
	s.used, s.turned = 0, false
}

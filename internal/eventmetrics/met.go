package eventmetrics

import (
	"github.com/authevents/otelcol-auth/internal/eventmetrics/definition"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// numMet is how many users are remembered in 16 bytes each; a power of two.
const numMet = 8192

// met remembers whom unique counts have met lately. The events of a user come
// close together, and a second one in the same slots of the same windows adds
// nothing: what would be a search in each of them (six, for a total and two
// breakdowns over an hour and a day) is one comparison.
//
// It is right only for a window that nothing but insert has moved on, so
// whatever else gives a window the clock must call forget.
type met struct {
	// period divides the slots of all windows, in nanoseconds; 0 where there is
	// no window.
	period int64
	now    int64 // period of the clock
	users  []metUser
}

type metUser struct {
	tag    uint64 // user and series; 0 for none
	period int64  // of the event
}

func newMet(metrics []*metric, key unique.Key) met {
	var m met
	for _, metric := range metrics {
		if metric.Kind != definition.Unique {
			continue
		}
		for _, length := range metric.Unique.Windows {
			m.period = gcd(int64(unique.NewWindow(length, key).SlotLength()), m.period)
		}
	}
	if m.period != 0 {
		m.users = make([]metUser, numMet)
	}
	return m
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// turn tells the clock in nanoseconds. As it enters another slot, users leave.
func (m *met) turn(now int64) {
	if m.period == 0 {
		return
	}
	if period := now / m.period; period != m.now {
		m.now = period
		m.forget()
	}
}

func (m *met) forget() { clear(m.users) }

// place returns where a user of the given series is remembered. The hash of a
// user is keyed, so all of its bits are as good as random, and nobody can
// craft two that share a tag.
func (m *met) place(user, people uint64) (place *metUser, tag uint64) {
	tag = user ^ people
	return &m.users[(tag*0x9e3779b97f4a7c15)>>32%numMet], tag
}

// peopleOf is a number for a list of series, 0 where there is none: not all of
// them are known, or it is not the same user in all.
func peopleOf(tallies []tally) uint64 {
	h := uint64(0)
	for i := range tallies {
		t := &tallies[i]
		if t.series == nil || t.user != tallies[0].user {
			return 0
		}
		h = (h ^ t.series.number) * 0xd6e8feb86659fd93
		h ^= h >> 32
	}
	return h
}

// insert adds the user of a record to the windows of a settled shape.
func (c *committer) insert(s *shape, users []uint64) {
	place, tag := c.engine.met.place(users[s.user], s.people)
	period := c.period()
	if place.tag == tag && place.period == period {
		return
	}
	if c.insertEach(s.unique, users) {
		*place = metUser{tag, period}
	}
}

// insertEach is false if the event is too old for a window.
func (c *committer) insertEach(tallies []tally, users []uint64) bool {
	all := true
	for i := range tallies {
		t := &tallies[i]
		s := c.seriesOf(t)
		for _, w := range s.windows {
			if !w.Insert(users[t.user], c.at, c.now) {
				c.late = true
				all = false
			}
		}
		s.changed = c.changed
	}
	return all
}

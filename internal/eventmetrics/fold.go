package eventmetrics

import (
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// A metric that nears its bound gives up one attribute after the other, the
// one with most values first, so that totals and all other attributes stay
// exact: of 10,000 random clients the failures are still counted right.
//
// Once an attribute is folded, values that no series has count as Other.
// Those that one has go on as they are, with new combinations as well, until
// the room that is kept back is reached; then new series have Other for all
// attributes that are folded. What still finds no room overflows.

// reserve is the room below the bound at which the first attribute is folded.
// Each further one is folded once half of the room that was left is used up.
func (m *metric) reserve() int { return min(max(1, m.maxSeries/4), m.maxSeries-1) }

// at returns the series of a key, a new one if need be and while there is
// room, and else the overflow series. It adds to the result what it folds.
func (e *Engine) at(m *metric, k key, result *Result) *series { return e.find(m, &k, result) }

// find is at without a copy of the key.
func (e *Engine) find(m *metric, wanted *key, result *Result) *series {
	recent := &m.recent[wanted.slot()]
	if s := *recent; s != nil && s.key == *wanted {
		return s
	}
	if s, ok := m.series[*wanted]; ok {
		*recent = s
		return s
	}
	return e.newAt(m, *wanted, result)
}

// newAt is at for a key that has no series.
func (e *Engine) newAt(m *metric, k key, result *Result) *series {
	room := m.maxSeries - len(m.series)
	for room <= m.reserve()>>len(m.folds) && m.fold() {
	}
	k, folded := m.folded(k, room <= m.reserve()/4)
	s, ok := m.series[k]
	switch {
	case ok:
	case room > 0:
		s = m.create(k, e.settings.UniqueKey)
		e.meet(m, k, result)
	default:
		if m.overflow == nil {
			m.overflow = m.newSeries([]Attribute{{Name: overflowAttribute, Bool: true, IsBool: true}}, e.settings.UniqueKey)
		}
		result.Overflowed++
		return m.overflow
	}
	result.Folded += folded
	return s
}

// create adds a series. There is room, and the key is new.
func (m *metric) create(k key, users unique.Key) *series {
	s := m.newSeries(m.attributes(k), users)
	s.key = k
	s.number = uint64(m.index+1)<<32 | uint64(len(m.series))
	for i := range m.dimensions {
		m.dimensions[i].placed[k[i]] = true
	}
	m.series[k] = s
	m.ordered = append(m.ordered, s)
	m.sorted = false
	return s
}

// fold gives up the attribute with the most values that were not listed
// beforehand, a common one only where no other is left. It is false if there
// is none.
func (m *metric) fold() bool {
	worst := -1
	for i := range m.dimensions {
		d := &m.dimensions[i]
		if d.folded || d.admitted < 2 {
			continue // a single value takes no room
		}
		if worst < 0 || m.worse(d, &m.dimensions[worst]) {
			worst = i
		}
	}
	if worst < 0 {
		return false
	}
	m.dimensions[worst].folded = true
	m.dimensions[worst].room = 0
	m.folds = append(m.folds, worst)
	return true
}

func (m *metric) worse(a, b *dimension) bool {
	if a.common != b.common {
		return b.common
	}
	return a.admitted > b.admitted
}

// folded replaces what a folded attribute no longer tells apart: the values
// that no series has, or all that came with records. It tells how many.
func (m *metric) folded(k key, all bool) (folded key, values int) {
	for _, i := range m.folds {
		d := &m.dimensions[i]
		if id := k[i]; !d.placed[id] || all && int(id) >= d.listed {
			k[i] = otherID
			values++
		}
	}
	return k, values
}

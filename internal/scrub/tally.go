package scrub

import "github.com/authevents/otelcol-auth/internal/pii"

// tally is one value that was found.
type tally struct {
	kind    pii.Kind
	action  Action
	by      FoundBy
	place   Place
	changed bool
}

// tallies are what was found in the record at hand. They are added to the
// batch's counts once the record is through: what turns out to be no JSON half
// way, or panics, has to count nothing, and a copy of all counts for each
// attempt would cost more than the walk.
type tallies struct {
	found    []tally
	unlisted [NumUnlisted]int
}

// mark is a state of tallies to go back to.
type mark struct {
	found    int
	unlisted [NumUnlisted]int
}

func (t *tallies) mark() mark { return mark{len(t.found), t.unlisted} }

func (t *tallies) back(m mark) { t.found, t.unlisted = t.found[:m.found], m.unlisted }

// changedSince is how many values became others since the mark.
func (t *tallies) changedSince(m mark) int {
	n := t.unlisted[DropUnlisted] - m.unlisted[DropUnlisted]
	for _, one := range t.found[m.found:] {
		if one.changed {
			n++
		}
	}
	return n
}

// settle adds the tallies to stats and empties them.
func (t *tallies) settle(stats *Stats, changes bool) {
	for _, one := range t.found {
		stats.Values[one.kind][one.action][one.by][one.place]++
		if one.changed && changes {
			stats.Changed[one.kind][one.action][one.by][one.place]++
		}
	}
	for i, n := range t.unlisted {
		stats.Unlisted[i] += n
	}
	t.back(mark{})
}

// count tallies a value that becomes another one.
func (w *walker) count(kind pii.Kind, by FoundBy) {
	w.tallies.found = append(w.tallies.found, tally{kind, w.t.actions[kind], by, w.place, true})
}

// countAs is count where the policy's action has no way with the value.
func (w *walker) countAs(kind pii.Kind, action Action, by FoundBy) {
	w.tallies.found = append(w.tallies.found, tally{kind, action, by, w.place, true})
}

// countKept tallies a value that stays as it is.
func (w *walker) countKept(kind pii.Kind, by FoundBy) {
	w.tallies.found = append(w.tallies.found, tally{kind, w.t.actions[kind], by, w.place, false})
}

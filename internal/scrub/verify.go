package scrub

// turn picks the records that are walked twice: those at which the count of
// all records, times the share, passes a whole number.
type turn struct {
	at    uint64
	share float64
}

// next says whether the next record is one.
func (t *turn) next() bool {
	if t.share == 0 {
		return false
	}
	before := uint64(float64(t.at) * t.share)
	t.at++
	return uint64(float64(t.at)*t.share) > before
}

// residue walks what was scrubbed once more, and returns how many of
// its values would change yet. What is at rest under all actions but one can't
// be told there: an address that was mapped prefix by prefix stays as it is.
func (w *walker) residue(walk func()) int {
	mark := w.tallies.mark()
	bodies := w.stats.Bodies
	w.rewalk = true
	walk()
	w.rewalk = false
	n := w.tallies.changedSince(mark)
	for reason := range bodies {
		n += w.stats.Bodies[reason] - bodies[reason]
	}
	w.tallies.back(mark)
	w.stats.Bodies = bodies
	return n
}

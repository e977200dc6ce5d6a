package scrub

import "go.opentelemetry.io/collector/pdata/pcommon"

// scrubbed scrubs a span or a data point, which rules see under that name and
// with those attributes: ids collects its user's own ids, walk changes it. It
// says whether that may pass on. What can't be scrubbed is counted, and redact
// is to take out of it what is searched.
func (w *walker) scrubbed(name string, attrs pcommon.Map, ids, walk, redact func()) (keep bool) {
	reason := Panicked
	if w.walked(name, attrs, ids, walk, &reason) {
		return true
	}
	if !w.failed(reason) {
		return false
	}
	redact()
	return true
}

// walked says whether the span or data point may pass as it is, or sets the
// reason why not.
func (w *walker) walked(name string, attrs pcommon.Map, ids, walk func(), reason *DropReason) (ok bool) {
	defer w.recovered(&ok)
	w.choose(name, attrs)
	ids()
	w.left = maxMembers
	walk()
	if w.learned > 0 { // an id may stand before the attribute that it was learned from
		w.twice(walk)
	}
	w.share()
	if w.turn.next() {
		w.left = maxMembers
		if n := w.residue(walk); n > 0 {
			w.stats.Residual += n
			*reason = HadResidue
			w.tallies.back(mark{})
			return false
		}
	}
	w.tallies.settle(&w.stats, !w.s.policy.Audit)
	return true
}

// scrubText scrubs a text that is no attribute: a name, a description, a status
// message. It says whether it became another.
func (w *walker) scrubText(text string) (string, bool) {
	out, became := w.search(text, 0)
	return out, became != same
}

// removeAll empties a map.
func removeAll(m pcommon.Map) { pcommon.NewMap().MoveTo(m) }

package scrub

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// maxQuiet bounds the attributes that are looked at for quiet ones: one bit each.
// No profile makes as many.
const maxQuiet = 64

// quietAttributes says which attributes stay as they are, the i-th by the bit 1<<i:
// they are known by name, are only searched, and hold a truth value, a number, or a
// text that is known to hold nothing. Nearly all do, and the loop over these is much
// shorter than what members has to ask of the others. What it has looked up it
// leaves in w.row, until the next call.
//
// It holds until an id is learned.
func (w *walker) quietAttributes(attrs pcommon.Map) (quiet uint64) {
	table := w.plan.attributes
	last := &table.begin[w.place]
	at := 0
	for name, v := range attrs.All() {
		if at == maxQuiet {
			break
		}
		known := table.behind(last, name)
		w.row[at] = known
		if known != nil {
			last = known
			if known.searched && w.isQuietValue(v, known.number) || known.path && w.passesAsPath(v.Str(), known.number) {
				quiet |= 1 << at
			}
		}
		at++
	}
	if w.thorough {
		return 0
	}
	return quiet
}

// isQuietValue says whether a value of an attribute that is only searched stays as
// it is.
func (w *walker) isQuietValue(v pcommon.Value, number int) bool {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return w.isQuietText(v.Str(), number)
	case pcommon.ValueTypeBool:
		return true
	case pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return !w.numericIDs
	}
	return false
}

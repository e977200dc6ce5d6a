package unique

import (
	"errors"
	"time"
)

// slotsPerLength divides a window's length into slots that are dropped one by
// one. One more is kept: the one that is being filled.
const (
	slotsPerLength = 12
	numSlots       = slotsPerLength + 1
)

// MinLength is the shortest window there is; NewWindow makes shorter ones
// this long.
const MinLength = slotsPerLength * time.Second

// Window estimates how many distinct users there were in the last hour, day,
// or whatever its length is. It looks back at least its length and less than
// one slot, a twelfth of the length, more: users leave it a slot at a time.
// Slots begin at multiples of their length since 1970, in all collectors
// alike.
//
// An empty window takes less than 300 bytes. A slot of up to 12,288 users takes
// 5 to 11 bytes for each, another one 136 KiB, and the union of all slots is
// kept as one more. All together take no more than MaxBytes.
type Window struct {
	slotLength int64 // in ns
	check      uint64

	// slots are a ring: slot number n, which begins at n slotLengths after
	// 1970, is at n modulo numSlots. Those from newest-slotsPerLength to newest
	// are there, nil where nothing came. newest is the clock's.
	slots  [numSlots]*slot
	newest int64
	head   int   // its place in the ring
	begin  int64 // of it, in ns after 1970
	ticked bool  // the three are set

	// union of all slots, so that an estimate need not unite them. It is out
	// of date where stale is set: a slot left, which can't be taken out.
	union sketch
	stale bool

	revision uint64
}

// slot is a sketch that knows the revision of its last change.
type slot struct {
	sketch
	revision uint64
}

// MaxBytes is what a window takes at most, whatever it counts: registers with
// their counts, which Go's allocator rounds up to pages of 8 KiB.
const MaxBytes = (numSlots+1)*(numRegisters+8<<10) + 2<<10

// NewWindow returns an empty window over the given length, for hashes of the
// key.
func NewWindow(length time.Duration, key Key) *Window {
	length = max(length, MinLength)
	// Rounded up, so that the slots cover no less than the length.
	slotLength := (length + slotsPerLength - 1) / slotsPerLength
	return &Window{slotLength: int64(slotLength), check: key.check()}
}

// SlotLength is how much longer than its length the window may look back, and
// how often users leave it.
func (w *Window) SlotLength() time.Duration { return time.Duration(w.slotLength) }

// Advance drops what is older than the window that ends now, as Insert, Merge
// and Estimate do. A window that none of them is called for keeps its memory.
func (w *Window) Advance(now time.Time) { w.advance(now.UnixNano()) }

// Empty tells that the window holds nothing, as of the last time it was told.
func (w *Window) Empty() bool { return w.slots == [numSlots]*slot{} }

// Insert adds a user, by a hash of the window's key, who was seen at the time
// at; now is the clock's. An event ahead of the clock counts at the clock's
// time. It is false if the event is older than the window looks back, and then
// it counts nowhere.
func (w *Window) Insert(hash uint64, at, now time.Time) bool {
	w.advance(now.UnixNano())
	i := w.head
	if ns := at.UnixNano(); ns < w.begin {
		number := floorDiv(ns, w.slotLength)
		if number < w.newest-slotsPerLength {
			return false
		}
		i = ring(number)
	}
	s := w.slotAt(i)
	// What the slot knew, the union knows too.
	if s.add(hash) {
		w.changed(s)
		if !w.stale {
			w.union.add(hash)
		}
	}
	return true
}

// Estimate returns the number of distinct users in the window that ends now:
// exactly below 12,288, but for one in 10,000, and else with a standard error
// of 0.29%, so that 99.9% of the estimates are within ±1%. It takes less than
// a microsecond, and a millisecond once after a slot has left the window.
func (w *Window) Estimate(now time.Time) int64 {
	w.advance(now.UnixNano())
	if w.stale {
		w.unite()
	}
	return w.union.estimate()
}

// Revision grows with each change of what the window holds. Users who leave it
// are none.
func (w *Window) Revision() uint64 { return w.revision }

// ErrForeign is the error of two windows that can't be merged.
var ErrForeign = errors.New("the sketches count with different keys or windows; give all collectors the same unique.secret and unique.windows")

// Merge adds what the other window holds, slot by slot, as if its events had
// come here; now is the clock's. It may be called with the same or an older
// state of the other again and again: that adds nothing, so windows of several
// collectors may be merged in any order and as often as they come. It keeps
// nothing of other.
func (w *Window) Merge(other *Window, now time.Time) error {
	if w.check != other.check || w.slotLength != other.slotLength {
		return ErrForeign
	}
	w.advance(now.UnixNano())
	for back := range int64(numSlots) {
		number := other.newest - back
		theirs := other.slots[ring(number)]
		if theirs == nil {
			continue
		}
		number = min(number, w.newest) // ahead of the clock counts at the clock
		if number < w.newest-slotsPerLength {
			break
		}
		if s := w.slotAt(ring(number)); s.merge(&theirs.sketch) {
			w.changed(s)
			if !w.stale {
				w.union.merge(&theirs.sketch)
			}
		}
	}
	return nil
}

// MergeBinary merges what MarshalBinary or AppendSince returned; its errors are
// those of UnmarshalBinary and Merge, and leave the window as it was.
func (w *Window) MergeBinary(data []byte, now time.Time) error {
	other := &Window{slotLength: w.slotLength, check: w.check}
	if err := other.UnmarshalBinary(data); err != nil {
		return err
	}
	return w.Merge(other, now)
}

func (w *Window) changed(s *slot) {
	w.revision++
	s.revision = w.revision
}

func (w *Window) slotAt(i int) *slot {
	if w.slots[i] == nil {
		w.slots[i] = &slot{}
	}
	return w.slots[i]
}

// unite builds the union of the slots anew, in the memory of the last one.
func (w *Window) unite() {
	old := w.union.dense
	w.union, w.stale = sketch{}, false
	// Dense slots first: keys of small ones go into registers directly then.
	for _, s := range w.slots {
		switch {
		case s == nil || s.dense == nil:
		case w.union.dense == nil:
			if old == nil {
				old = &registers{}
			}
			*old = *s.dense
			w.union.dense = old
		default:
			w.union.dense.raiseAll(s.dense)
		}
	}
	if w.union.dense != nil {
		w.union.dense.recount()
	}
	for _, s := range w.slots {
		if s != nil && s.dense == nil {
			w.union.merge(&s.sketch)
		}
	}
}

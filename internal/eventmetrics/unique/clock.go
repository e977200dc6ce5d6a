package unique

// advance sets the clock.
func (w *Window) advance(now int64) {
	// The hot path: the clock is still in the newest slot, or went back by less
	// than a slot, as among readers of the same clock that wait for a lock.
	if d := now - w.begin; w.ticked && d < w.slotLength && d >= -w.slotLength {
		return
	}
	number := floorDiv(now, w.slotLength)
	switch {
	case !w.ticked:
	case number > w.newest:
		w.expire(number)
	default:
		w.setBack(number)
	}
	w.newest, w.head, w.begin, w.ticked = number, ring(number), number*w.slotLength, true
}

// expire drops the slots that a window up to the given slot doesn't see.
func (w *Window) expire(newest int64) {
	for number := w.newest + 1; number <= min(newest, w.newest+numSlots); number++ {
		if w.slots[ring(number)] != nil {
			w.slots[ring(number)] = nil
			w.stale = true
		}
	}
	if w.Empty() {
		w.union, w.stale = sketch{}, false
	}
}

// setBack moves slots ahead of a clock that was set back to the clock's slot,
// as events ahead of it are: left where they are they would count for as long
// as the clock was wrong by.
func (w *Window) setBack(newest int64) {
	ahead := &slot{}
	for number := w.newest; number > max(newest, w.newest-numSlots); number-- {
		if s := w.slots[ring(number)]; s != nil {
			ahead.merge(&s.sketch)
			w.slots[ring(number)] = nil
		}
	}
	if ahead.empty() {
		return
	}
	s := w.slotAt(ring(newest))
	s.merge(&ahead.sketch)
	w.changed(s)
}

// ring returns the place of a slot in a ring of numSlots.
func ring(number int64) int {
	i := int(number % numSlots)
	if i < 0 {
		i += numSlots
	}
	return i
}

// floorDiv rounds down, before 1970 as well.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

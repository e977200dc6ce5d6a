package autheventsblob

import (
	"slices"
	"sync"
	"time"
)

const (
	// maxDone bounds the objects that are remembered as done: about 10 MB.
	maxDone = 200_000
	// maxFailing bounds the objects that could not be read, and are tried again.
	maxFailing = 10_000
)

// state is what is known of the objects of a bucket.
//
// A listing gives keys in their order, whatever their age. One pass over all
// of it reads what is not done yet, page by page. At its end, all that is older
// than floor is done for good, and forgotten; what is younger is remembered one
// by one. floor stands lookback before the newest object, so that one that
// appears late, beside others that are newer, is still read.
//
// In the middle of a pass, cursor says which of its pages are done with, so that
// a restart need not remember all that it read of a bucket with millions of them.
type state struct {
	lookback time.Duration
	maxDone  int

	mu sync.Mutex
	// All times are in Unix nanoseconds.
	floor   int64  // older objects are done, or not wanted
	newest  int64  // of all objects seen
	started int64  // when the pass began
	cursor  string // the last key of the pages that are done with; "" for none
	pass    uint32 // number of the pass since the start of the process, from 1
	evicted int64  // what floor is at least, once the pass has ended

	done map[uint64]doneObject // by object.id
	open map[uint64]*progress  // by object.id: wanted, and not done

	// What changed since it was saved.
	changed [shards]bool
	dirty   bool
	lines   int
}

// doneObject is the version of an object that was read to its end.
type doneObject struct {
	version uint64
	modTime int64
	pass    uint32 // the last one that came by it, on a page that is done with
}

// progress of an object that is not read to its end.
type progress struct {
	version uint64
	modTime int64
	offset  int64 // behind the last line that was taken, decompressed
	plain   bool  // the object is not compressed, as far as it was found out
	failed  bool  // it was tried, and is tried again with the next pass
	pass    uint32
}

func newState(lookback time.Duration) *state {
	return &state{lookback: lookback, maxDone: maxDone, done: map[uint64]doneObject{}, open: map[uint64]*progress{}}
}

// beginPass goes on with the pass that a restart interrupted, or begins a new
// one. It returns the key up to which pages are done with.
func (s *state) beginPass(now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pass++
	if s.cursor == "" {
		s.started, s.evicted = now.UnixNano(), 0
	}
	return s.cursor
}

// wants says whether to read o, which stands on a page that is done with or
// not. Where it does, it is open from now on.
func (s *state) wants(o *object, pageDone bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest = max(s.newest, o.modTime)
	p, isOpen := s.open[o.id]
	if isOpen {
		if p.pass == s.pass {
			return false // listed twice, and being read
		}
		p.pass = s.pass
		if p.version == o.version {
			return true
		}
		// Overwritten before it was read to its end: another object.
		delete(s.open, o.id)
	}
	if d, isDone := s.done[o.id]; isDone && d.version == o.version {
		return false
	}
	if !isOpen && (pageDone || o.modTime < s.floor) {
		return false
	}
	s.open[o.id] = &progress{version: o.version, modTime: o.modTime, pass: s.pass}
	s.dirty = true
	return true
}

// position returns where to begin with o, which wants said to read.
func (s *state) position(o *object) (offset int64, plain bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.open[o.id]
	return p.offset, p.plain
}

// taken notes that all up to offset was taken, in so many lines more, and
// returns how many there are since the last save.
func (s *state) taken(o *object, offset int64, plain bool, lines int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.open[o.id]
	p.offset, p.plain = offset, plain
	s.dirty = true
	s.lines += lines
	return s.lines
}

// finish notes that o is done with.
func (s *state) finish(o *object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, o.id)
	s.done[o.id] = doneObject{version: o.version, modTime: o.modTime}
	s.change(o.id)
}

// fail notes that o could not be read, and is to be tried again.
func (s *state) fail(o *object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[o.id].failed = true
	s.dirty = true
}

// replaced notes that another version has taken the place of o.
func (s *state) replaced(o *object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, o.id)
	s.dirty = true
}

// full says that too many objects fail to try more of them.
func (s *state) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open) >= maxFailing
}

// endPage notes that all objects of a page are done with, or have failed. It
// returns how many had to be forgotten before their time.
func (s *state) endPage(page []object, cursor string) (forgotten int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range page {
		if d, ok := s.done[page[i].id]; ok {
			d.pass = s.pass
			s.done[page[i].id] = d
		}
	}
	s.cursor, s.dirty = cursor, true
	if len(s.done) <= s.maxDone {
		return 0
	}
	s.forget(s.safe() - int64(s.lookback))
	return s.evict()
}

// dropGone lets go of objects that a listing to its end did not show, and
// returns how many.
func (s *state) dropGone() (gone int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, p := range s.open {
		if p.pass != s.pass {
			delete(s.open, id)
			s.dirty = true
			gone++
		}
	}
	return gone
}

// endPass notes that all pages are done with, and moves the floor.
func (s *state) endPass() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.floor = max(s.floor, s.safe()-int64(s.lookback), s.evicted)
	s.cursor, s.dirty = "", true
	s.forget(s.floor)
}

// safe returns the time before which this pass sees all objects, unless they
// appear late: that of its beginning, as behind it new ones may appear all the
// time; or that of the newest object, should the clocks differ.
func (s *state) safe() int64 { return min(s.newest, s.started) }

// forget drops what is older than before. Until the pass ends, only what stands
// on pages that are done with can go: cursor stands for it.
func (s *state) forget(before int64) {
	for id, d := range s.done {
		if d.modTime < before && (d.pass == s.pass || s.cursor == "") {
			delete(s.done, id)
			s.change(id)
		}
	}
}

// evict drops the oldest objects where there are too many in lookback. It
// goes as far as the beginning of the pass: what is younger is needed.
func (s *state) evict() (forgotten int) {
	if len(s.done) <= s.maxDone {
		return 0
	}
	var times []int64
	for _, d := range s.done {
		if d.pass == s.pass && d.modTime < s.safe() {
			times = append(times, d.modTime)
		}
	}
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	// A quarter at a time, so that not each page has to do it.
	excess := min(len(s.done)-s.maxDone*3/4, len(times))
	s.evicted = max(s.evicted, times[excess-1]+1)
	before := len(s.done)
	s.forget(s.evicted)
	return before - len(s.done)
}

func (s *state) change(id uint64) {
	s.changed[id%shards] = true
	s.dirty = true
}

// oldest returns the time of the oldest object that is open; false for none.
func (s *state) oldest() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest int64
	found := false
	for _, p := range s.open {
		if !found || p.modTime < oldest {
			oldest, found = p.modTime, true
		}
	}
	return time.Unix(0, oldest), found
}

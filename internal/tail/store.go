package tail

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

const (
	// maxGone is how many entries of files that are gone are kept; those that
	// were last seen longest ago go first.
	maxGone = 10_000
	// goneFor is how long such an entry is kept at most.
	goneFor = 24 * time.Hour
)

// record is an entry, and where it stands in storage.
type record struct {
	entry
	slot int
	// live: the file is followed. What is not live may be taken over by a copy.
	live bool
	// missing: it is followed, and read to its end, but was not found any more.
	missing bool
	// reading is when the turn that goes on began, by Files.now; 0 for none. Of
	// what is not live it has no meaning.
	reading time.Duration
	dirty   bool // changed since it was last written
	stored  bool // some state of it stands in storage
}

// store holds the positions of all files that are known, and saves them. Each
// file has a value of its own in storage, so that one that is damaged costs one
// file's position. Entries of files that are there are as many as the files;
// those of files that are gone are bounded.
//
// All of a record but its slot is guarded by the store's mutex; see publish.
type store struct {
	logger *zap.Logger
	digest *digester
	limit  int // lines taken and not saved
	wall   func() time.Time

	client storage.Client // nil: positions are in memory only
	kick   chan struct{}  // asks for a save before its time

	saving sync.Mutex // saves follow each other, so that none overwrites a newer one

	mu      sync.Mutex
	slots   []*record // nil where a slot is free
	free    []int
	freed   []int // free slots that storage still has a value of
	byKey   map[fileKey]*record
	started bool // the first poll of this state is over
	swept   bool // so is the first of this run
	// changed: what does not stand in a slot has to be saved.
	changed   bool
	savedUsed int // table.used as it was saved last; -1 where it was not
	// generations that a file begins with that is not known: of the state of the
	// previous release.
	generations map[uint64]uint64

	unsaved  int           // lines that were taken
	underWay int           // lines that handlers have
	waiting  int           // for room
	moved    chan struct{} // see wake
	failing  bool
	closed   bool
}

func newStore(limit int, logger *zap.Logger) *store {
	return &store{
		logger: logger, limit: limit, wall: time.Now,
		digest: newDigester(newSalt()),
		kick:   make(chan struct{}, 1),
		moved:  make(chan struct{}),
		byKey:  map[fileKey]*record{},
	}
}

// isNew says whether this state has never seen a poll.
func (s *store) isNew() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.started
}

// lookup returns the record of the file under key, which is live from now on;
// nil where there is none.
func (s *store) lookup(key fileKey) (*record, entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.byKey[key]
	if r == nil {
		return nil, entry{}
	}
	r.live = true
	if r.gone != 0 {
		r.gone, r.dirty = 0, true
	}
	return r, r.entry
}

// setMissing says whether the file of r, which is followed, can be found.
func (s *store) setMissing(r *record, missing bool) {
	if r != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		r.missing = missing
	}
}

// setReading says since when a turn reads the file of r; 0 for none.
func (s *store) setReading(r *record, since time.Duration) {
	if r != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		r.reading = since
	}
}

// create makes a record for a file that is read from the beginning.
func (s *store) create(key fileKey, path string) *record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(entry{key: key, generation: s.generations[key.hash()], path: path})
}

// restart makes a record for a file that was truncated; the one that it had is
// kept for a copy that was made before.
func (s *store) restart(r *record) *record {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.live, r.superseded, r.gone, r.dirty = false, true, s.wall().Unix(), true
	return s.add(entry{key: r.key, generation: r.generation + 1, path: r.path})
}

// add gives e an ID and a slot. s.mu is held.
func (s *store) add(e entry) *record {
	e.id = hash64(e.key.hash(), e.generation)
	r := &record{entry: e, live: true, dirty: true}
	s.place(r)
	s.byKey[e.key] = r
	return r
}

// place gives r a slot. s.mu is held.
func (s *store) place(r *record) {
	if n := len(s.free); n > 0 {
		r.slot = s.free[n-1]
		s.free = s.free[:n-1]
		s.slots[r.slot] = r
		return
	}
	r.slot = len(s.slots)
	s.slots = append(s.slots, r)
	s.changed = true
}

// publish changes the entry of r; what it then says is saved in time. It does
// nothing once the store is closed.
func (s *store) publish(r *record, change func(*entry)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	before := r.entry
	change(&r.entry)
	r.dirty = r.dirty || r.entry != before
	return true
}

// release says that the file of r is not followed any more, because it is gone.
func (s *store) release(r *record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.live, r.missing, r.gone, r.dirty = false, false, s.wall().Unix(), true
	if r.offset == 0 && r.generation == 0 {
		s.forget(r) // nothing of it was taken, ever
	}
}

// forget removes r. s.mu is held.
func (s *store) forget(r *record) {
	if s.byKey[r.key] == r {
		delete(s.byKey, r.key)
	}
	s.slots[r.slot] = nil
	s.free = append(s.free, r.slot)
	s.freed = append(s.freed, r.slot)
}

// polled is called after each poll. After the first, files that the storage
// knows and nobody follows are gone.
func (s *store) polled() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.swept {
		return
	}
	s.changed = s.changed || !s.started
	s.started, s.swept = true, true
	now := s.wall().Unix()
	for _, r := range s.slots {
		if r != nil && !r.live && r.gone == 0 {
			r.gone, r.dirty = now, true
		}
	}
}

// prune forgets files that are gone for long, or too many.
func (s *store) prune() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var gone []*record
	oldest := s.wall().Add(-goneFor).Unix()
	for _, r := range s.slots {
		switch {
		case r == nil || r.live || r.gone == 0:
		case r.gone < oldest:
			s.forget(r)
		default:
			gone = append(gone, r)
		}
	}
	if len(gone) <= maxGone {
		return
	}
	slices.SortFunc(gone, func(a, b *record) int { return cmp.Compare(a.gone, b.gone) })
	for _, r := range gone[:len(gone)-maxGone] {
		s.forget(r)
	}
}

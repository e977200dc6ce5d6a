package tail

import (
	"cmp"
	"slices"
	"time"
)

// candidate is a known file that a new one may be a copy of.
type candidate struct {
	record        *record
	entry         entry // as it was when it was found
	live, missing bool
	reading       time.Duration
}

// candidates returns the known files that begin as head does, those that are not
// live first, and of these the ones read farthest, at most max of each.
func (s *store) candidates(head []byte, maxEach int) []candidate {
	digests := map[int]digest{} // by size; at most maxDigested
	s.mu.Lock()
	defer s.mu.Unlock()
	var gone, live []candidate
	for _, r := range s.slots {
		if r == nil || r.head.size == 0 || r.head.size > len(head) {
			continue
		}
		// Of a file of which nothing is known to be taken, only a whole head tells:
		// a few bytes may be those of any file.
		if r.offset == 0 && r.head.size < maxDigested {
			continue
		}
		d, known := digests[r.head.size]
		if !known {
			d = s.digest.of(head[:r.head.size])
			digests[r.head.size] = d
		}
		switch {
		case d != r.head:
		case r.live:
			live = append(live, candidate{r, r.entry, true, r.missing, r.reading})
		default:
			gone = append(gone, candidate{record: r, entry: r.entry})
		}
	}
	farthestFirst := func(a, b candidate) int { return cmp.Compare(b.entry.offset, a.entry.offset) }
	slices.SortStableFunc(gone, farthestFirst)
	slices.SortStableFunc(live, farthestFirst)
	return append(gone[:min(len(gone), maxEach)], live[:min(len(live), maxEach)]...)
}

// takeOver gives the record of a file that is gone to the file under key, with
// its position and ID; false where it is not to be had any more.
func (s *store) takeOver(c candidate, key fileKey, path string) (entry, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := c.record
	if r.live || s.slots[r.slot] != r || r.entry != c.entry {
		return entry{}, false
	}
	if s.byKey[r.key] == r {
		delete(s.byKey, r.key)
	}
	r.key, r.path, r.generation = key, path, s.generations[key.hash()]
	r.live, r.superseded, r.gone, r.dirty = true, false, 0, true
	r.ended, r.size, r.mtime = false, 0, 0
	if r.id == 0 { // the previous release had taken nothing of it
		r.id = hash64(key.hash(), r.generation)
	}
	s.byKey[key] = r
	return r.entry, true
}

// Package ledger keeps account of what arrived: which sequence numbers, how
// often, and with which log.record.uid.
package ledger

import (
	"slices"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Ledger is safe for use by several goroutines. It takes 8 bytes for each
// sequence number, so a million lines cost 8 MB: of a uid it keeps a hash, by
// which two different uids among a million look the same once in 10^7 runs.
type Ledger struct {
	mu sync.Mutex
	// uids holds the hash of the uid that each sequence number came with
	// first, 0 for one that has not come.
	uids  []uint64
	tally Tally
	last  time.Time // of the last new sequence number
}

// Tally is what the ledger has counted.
type Tally struct {
	// Distinct sequence numbers, and the arrivals beyond the first of each.
	Distinct, Duplicates int
	// ChangedUIDs counts duplicates whose uid is not that of the first arrival.
	ChangedUIDs int
	// NoUID counts records without a uid.
	NoUID int
	// Fillers and Strangers count records without a sequence number: those
	// that were written as fillers, and those that nobody wrote like that,
	// such as half a line.
	Fillers, Strangers int
}

// New returns an empty ledger.
func New() *Ledger { return &Ledger{last: time.Now()} }

// Arrived notes a record with a sequence number, 0 or above.
func (l *Ledger) Arrived(sequence int, uid string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if sequence >= len(l.uids) {
		l.uids = append(l.uids, make([]uint64, max(sequence+1, 2*len(l.uids))-len(l.uids))...)
	}
	if uid == "" {
		l.tally.NoUID++
	}
	hash := xxhash.Sum64String(uid) | 1 // never 0
	switch first := l.uids[sequence]; first {
	case 0:
		l.uids[sequence] = hash
		l.tally.Distinct++
		l.last = time.Now()
	case hash:
		l.tally.Duplicates++
	default:
		l.tally.Duplicates++
		l.tally.ChangedUIDs++
	}
}

// Filler notes a filler line.
func (l *Ledger) Filler() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.Fillers++
}

// Stranger notes a record that nobody wrote like that.
func (l *Ledger) Stranger() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.Strangers++
}

// Tally returns the counts so far.
func (l *Ledger) Tally() Tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally
}

// Idle is the time since a sequence number came for the first time.
func (l *Ledger) Idle() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.last)
}

// Seen says whether a sequence number has come.
func (l *Ledger) Seen(sequence int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen(sequence)
}

func (l *Ledger) seen(sequence int) bool {
	return sequence < len(l.uids) && l.uids[sequence] != 0
}

// Missing counts the sequence numbers of a range, to excluded, that have not come.
func (l *Ledger) Missing(from, to int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	missing := 0
	for sequence := from; sequence < to; sequence++ {
		if !l.seen(sequence) {
			missing++
		}
	}
	return missing
}

// Beyond counts the sequence numbers that came from `end` on: nobody wrote them.
func (l *Ledger) Beyond(end int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	beyond := 0
	for sequence := end; sequence < len(l.uids); sequence++ {
		if l.seen(sequence) {
			beyond++
		}
	}
	return beyond
}

// SharedUIDs counts the sequence numbers whose uid another one has too. Who
// takes the duplicates out by uid would lose them.
func (l *Ledger) SharedUIDs() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	sorted := slices.Clone(l.uids)
	slices.Sort(sorted)
	shared := 0
	for i := 1; i < len(sorted); i++ {
		if sorted[i] != 0 && sorted[i] == sorted[i-1] {
			shared++
		}
	}
	return shared
}

package tail

import (
	"container/list"
	"os"
	"sync/atomic"
	"time"
)

// follower is a file that is there, or that is still open and was. One that is
// at its end is this struct only: no buffer, and an open file only if it was
// among the last that were read.
type follower struct {
	key fileKey

	// The poll loop's.
	path       string
	stat       fileStat // at the last poll
	stable     bool     // nothing was written between the last two polls
	poll       int64    // number of the last poll that found it
	looked     fileStat // when reading last came to the end
	outcome    outcome  // of the last turn
	turnEnded  time.Duration
	state      followerState
	idle       *list.Element // among the idle open files
	missing    time.Duration // when it was first not found, or had something new; 0 while it is found
	missedBy   int           // polls
	missed     *record       // as it was then: rec is the turn's
	queuedLong bool

	// A turn's, while state is reading; the poll loop's otherwise.
	rec      *record // nil until the beginning of the file was looked at
	file     *os.File
	handler  Handler // nil until the first lines, and after the end
	head     digest
	at       position // where reading stands
	saved    position // what is saved of it: less than at while the handler holds lines
	holding  bool
	detected bool // gzip is right
	gzip     bool
	startAt  int64 // leave out what stood before it; 0 for nothing
	// Waiting for whether it is a copy: turns, and since when it has not changed.
	waited      int
	waitedFrom  time.Duration
	waitedAt    fileStat
	waitedShort bool          // it was shorter than its original
	waitedFirst time.Duration // when it was first looked for an original

	// For Progress.
	done, total, behind atomic.Int64
}

type followerState uint8

const (
	stateIdle followerState = iota
	stateQueued
	stateReading
)

// outcome is how a turn ended.
type outcome uint8

const (
	// notRead: no turn yet.
	notRead outcome = iota
	// caughtUp: all that was there is taken, save for a line without its end.
	caughtUp
	// unfinished: there is more, and others have to have a turn.
	unfinished
	// later: refused, or not readable; the next poll tries again.
	later
	// incomplete: a compressed file that ends in the middle.
	incomplete
	// setAside: not to be read, unless it is truncated.
	setAside
	// over: the file is gone, and its end was handed on.
	over
)

// looksNew says whether a turn could find something to read.
func (f *follower) looksNew(now time.Duration) bool {
	changed := !f.stat.sameContent(f.looked)
	switch f.outcome {
	case caughtUp:
		return changed
	case incomplete:
		// Each look decompresses all of it: not while it grows, save now and then.
		return changed && (f.stable || now-f.turnEnded > incompleteInterval)
	case setAside:
		return f.stat.size < f.looked.size
	case notRead:
		return f.rec == nil || changed
	default:
		return true
	}
}

// isRead says whether the last turn came to the end of what the last poll saw.
func (f *follower) isRead() bool {
	return f.outcome == setAside || (f.outcome == caughtUp || f.outcome == incomplete) && f.stat.sameContent(f.looked)
}

// unread is how much of the file is left, at most.
func (f *follower) unread() int64 { return f.total.Load() - f.done.Load() }

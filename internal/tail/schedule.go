package tail

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"time"
)

const (
	// maxReading is how many files are read at once: enough that some whose
	// handlers wait hold up no others, and few enough for a buffer and a batch of
	// records each, which are most of a collector's memory where many files wait.
	maxReading = 8
	// longRead is when a file has much to read. Of such files few are read at once,
	// in their order, so that others always have a place.
	longRead = 1 << 20
	// quantum is how much a file that had little to read may read in one turn.
	quantum = 16 << 20
	// incompleteInterval is how long a compressed file that grows is left alone.
	incompleteInterval = 10 * time.Second
	pruneInterval      = time.Minute
)

// maxLong is how many files with much to read are read at once. It is no use to
// have more than can be parsed at once; the second is for one core, while the
// first waits.
func maxLong() int { return min(4, max(2, runtime.GOMAXPROCS(0))) }

// result is the end of a turn.
type result struct {
	f       *follower
	long    bool
	outcome outcome
	looked  fileStat // before the file was read to its end
}

// run polls until ctx is done, and then waits for the turns that go on. It alone
// decides which file is read when; each turn is a goroutine of its own.
func (f *Files) run(ctx context.Context) {
	next := time.NewTimer(0)
	defer next.Stop()
	for {
		f.dispatch(ctx)
		select {
		case <-ctx.Done():
			f.finish()
			return
		case <-next.C:
			began := f.now()
			f.poll()
			// With very many files to look at there has to be time for reading them.
			next.Reset(max(f.cfg.PollInterval, 4*(f.now()-began)))
		case r := <-f.results:
			f.end(r)
		}
	}
}

// finish waits for the turns, and closes all files.
func (f *Files) finish() {
	for ; f.reading > 0; f.reading-- {
		<-f.results
	}
	for _, x := range f.followers {
		f.closeFile(x)
	}
}

// enqueue puts files in the order in which they are to be read.
func (f *Files) enqueue(woken []*follower) {
	slices.SortStableFunc(woken, func(a, b *follower) int {
		byTime := cmp.Compare(a.stat.mtime, b.stat.mtime)
		if f.cfg.OrderBy == OrderByName {
			byTime = 0
		}
		return cmp.Or(byTime, cmp.Compare(a.path, b.path))
	})
	for _, x := range woken {
		x.state = stateQueued
		if x.queuedLong = x.unread() > longRead; x.queuedLong {
			f.long.push(x)
		} else {
			f.queue.push(x)
		}
	}
}

// dispatch begins turns, as long as there is room.
func (f *Files) dispatch(ctx context.Context) {
	for f.reading < f.places() {
		x := f.next()
		if x == nil {
			return
		}
		f.begin(ctx, x)
	}
}

// places is how many files are read at once.
func (f *Files) places() int { return min(maxReading, f.cfg.MaxConcurrentFiles) }

// next takes the file from the queues whose turn it is; nil where none can have one.
func (f *Files) next() *follower {
	queues := []*fifo{&f.long, &f.queue}
	switch places := f.places(); {
	case places == 1: // then turns of long ones end early, and the others come first
		queues = []*fifo{&f.queue, &f.long}
	case f.busy >= min(maxLong(), places-1):
		queues = queues[1:]
	}
	for _, q := range queues {
		if !q.empty() && (q.list[0].file != nil || f.opened < f.cfg.MaxConcurrentFiles || f.closeIdle()) {
			return q.pop()
		}
	}
	// What is open can't be closed: it is read, or gone and not at its end.
	for _, q := range queues {
		if q.firstOpen() {
			return q.pop()
		}
	}
	return nil
}

// begin begins a turn of x.
func (f *Files) begin(ctx context.Context, x *follower) {
	x.state = stateReading
	r := result{f: x, long: x.queuedLong}
	f.reading++
	if r.long {
		f.busy++
	}
	if x.file != nil {
		f.notIdle(x)
	} else {
		f.opened++ // is going to be
	}
	t := &turn{files: f, f: x, path: x.path, final: f.isGone(x), began: f.now(), long: r.long && f.places() > 1}
	go func() {
		r.outcome = t.run(ctx)
		r.looked = t.stat
		f.results <- r
	}()
}

// end takes note of how a turn ended.
func (f *Files) end(r result) {
	x := r.f
	f.reading--
	if r.long {
		f.busy--
	}
	x.state, x.outcome, x.turnEnded = stateIdle, r.outcome, f.now()
	if r.outcome == caughtUp || r.outcome == incomplete || r.outcome == setAside {
		x.looked = r.looked
		x.behind.Store(0)
	}
	if x.file == nil {
		f.opened--
	} else {
		x.idle = f.idle.PushBack(x)
	}
	switch r.outcome {
	case over:
		f.forget(x)
	case unfinished:
		x.state = stateQueued
		if x.queuedLong = x.unread() > longRead; x.queuedLong {
			f.long.pushFront(x) // it goes on before others begin
		} else {
			f.queue.push(x)
		}
	}
}

// notIdle takes x from the list of idle open files.
func (f *Files) notIdle(x *follower) {
	if x.idle != nil {
		f.idle.Remove(x.idle)
		x.idle = nil
	}
}

// closeIdle closes the file that was read least recently and can be found again;
// false where there is none.
func (f *Files) closeIdle() bool {
	for e := f.idle.Front(); e != nil; e = e.Next() {
		if x := e.Value.(*follower); x.missing == 0 {
			f.closeFile(x)
			return true
		}
	}
	return false
}

func (f *Files) closeFile(x *follower) {
	f.notIdle(x)
	if x.file != nil {
		_ = x.file.Close() // it was only read
		x.file = nil
		f.opened--
	}
}

// forget lets go of a file that is gone.
func (f *Files) forget(x *follower) {
	f.closeFile(x)
	if x.rec != nil {
		f.store.release(x.rec)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.followers, x.key)
}

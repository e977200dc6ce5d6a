package tail

import "time"

// Progress says how far reading is.
type Progress struct {
	// Files is how many files are followed.
	Files int
	// Done and Total are bytes on disk, compressed as they are.
	Done, Total int64
	// Behind is the longest time since a file's position was last at its end; 0
	// when all are caught up.
	Behind time.Duration
}

// Progress is a snapshot for telemetry. It is cheap, and safe to call at any time.
func (f *Files) Progress() Progress {
	now := f.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	p := Progress{Files: len(f.followers)}
	for _, x := range f.followers {
		total := x.total.Load()
		p.Done += min(x.done.Load(), total)
		p.Total += total
		if since := x.behind.Load(); since > 0 {
			p.Behind = max(p.Behind, now-time.Duration(since))
		}
	}
	return p
}

// fallBehind notes since when the file has something that is not read.
func (f *follower) fallBehind(now time.Duration) { f.behind.CompareAndSwap(0, max(1, int64(now))) }

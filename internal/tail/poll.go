package tail

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"go.uber.org/multierr"
	"go.uber.org/zap/zapcore"
)

// poll looks at all files, and queues those that have something new: a glob, and
// one look at each file.
func (f *Files) poll() {
	number := f.polls.Add(1)
	paths, err := f.matcher.MatchFiles()
	now := f.now()
	complete := f.noteMatching(paths, err)
	var woken []*follower
	for _, path := range paths {
		stat, ok := f.look(path)
		if !ok {
			continue
		}
		x := f.followers[stat.key]
		if x == nil {
			x = f.follow(stat)
		} else if x.poll == number {
			continue // another path of the same file
		}
		x.path, x.poll = path, number
		f.found(x)
		if f.update(x, stat, now) {
			woken = append(woken, x)
		}
	}
	for _, x := range f.followers {
		if x.poll != number && f.miss(x, now, complete) {
			woken = append(woken, x)
		}
	}
	f.enqueue(woken)
	f.complaints.keep(func(path string) bool {
		_, ok := slices.BinarySearch(paths, path) // they are sorted
		return ok || path == ""
	})
	f.store.polled()
	if now-f.pruned > pruneInterval {
		f.pruned = now
		f.store.prune()
	}
}

// noteMatching logs what is wrong with the patterns. It returns whether paths
// are all that match: a folder that can't be read hides files.
func (f *Files) noteMatching(paths []string, err error) (complete bool) {
	errs := multierr.Errors(err)
	if len(paths) == 0 && len(errs) > 0 {
		errs = errs[1:] // says just that
	}
	errs = slices.DeleteFunc(errs, func(err error) bool {
		// look says it of a path that was found. The error has the path from the
		// folder on in which the pattern begins.
		var about *fs.PathError
		return errors.As(err, &about) && slices.ContainsFunc(paths, func(path string) bool {
			return strings.HasSuffix(path, string(os.PathSeparator)+about.Path)
		})
	})
	switch {
	case len(errs) > 0:
		f.complaints.say(zapcore.WarnLevel, "", multierr.Combine(errs...).Error(), "Not all files can be found. It is tried again at each poll.")
	case len(paths) == 0:
		f.complaints.say(zapcore.WarnLevel, "", "no file matches", "There are no files to read yet. They are looked for at each poll.")
	default:
		f.complaints.settle("")
	}
	return len(errs) == 0
}

// look returns what stands under path, if that can be read as a file.
func (f *Files) look(path string) (fileStat, bool) {
	stat, err := statPath(path)
	switch {
	case err == nil && stat.regular:
		return stat, true
	case err == nil:
		f.complaints.say(zapcore.WarnLevel, path, "not a regular file", "This is not a file; it is left out.")
	case errors.Is(err, fs.ErrNotExist):
		if _, linkErr := os.Lstat(path); linkErr == nil {
			f.complaints.say(zapcore.WarnLevel, path, "dangling link", "The link points to nothing. It is tried again at each poll.")
		}
		// Otherwise it was deleted or renamed since it was found, as rotation does.
	default:
		f.complaints.say(zapcore.WarnLevel, path, cause(err), "The file can't be looked at. It is tried again at each poll.")
	}
	return fileStat{}, false
}

// follow begins to follow a file. What the storage knows of it is not read again.
func (f *Files) follow(stat fileStat) *follower {
	x := &follower{key: stat.key}
	if rec, e := f.store.lookup(stat.key); rec != nil {
		x.rec = rec
		x.head, x.at, x.saved = e.head, e.position, e.position
		x.looked = fileStat{size: e.size, mtime: e.mtime}
		x.done.Store(min(e.offset, stat.size))
		if x.looked.sameContent(stat) {
			x.outcome = caughtUp
			x.done.Store(stat.size)
		}
	} else if f.cfg.StartAtEnd && f.store.isNew() {
		x.startAt = stat.size
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.followers[stat.key] = x
	return x
}

// update takes note of what a poll saw of x. It returns whether to read it.
func (f *Files) update(x *follower, stat fileStat, now time.Duration) bool {
	x.stable = stat.sameContent(x.stat)
	x.stat = stat
	x.total.Store(stat.size)
	if stat.size > 0 && !x.isRead() {
		x.fallBehind(now)
	}
	return x.state == stateIdle && x.looksNew(now)
}

// found takes note that x is there.
func (f *Files) found(x *follower) {
	if x.missing != 0 {
		x.missing, x.missedBy = 0, 0
		f.store.setMissing(x.missed, false)
	}
}

// miss takes note that no pattern leads to x. It returns whether to read it:
// because it is open and has something new, or for the last time.
func (f *Files) miss(x *follower, now time.Duration, complete bool) bool {
	if x.state != stateIdle {
		return false
	}
	if !complete { // it may only be hidden
		if stat, err := statPath(x.path); err == nil && stat.key == x.key {
			f.found(x)
			return f.update(x, stat, now)
		}
	}
	x.missedBy++
	if x.missing == 0 {
		x.missing = now
		x.missed = x.rec
		f.store.setMissing(x.missed, true)
	}
	if x.file != nil {
		if stat, err := statFile(x.file); err == nil && f.update(x, stat, now) {
			if x.outcome != later {
				x.missing = now
			}
			return true
		}
	}
	if x.file == nil && x.handler == nil {
		f.forget(x) // nothing is left to be said
		return false
	}
	return f.isGone(x)
}

// isGone says whether x is read for the last time.
func (f *Files) isGone(x *follower) bool {
	return x.missing > 0 && x.missedBy >= 2 && f.now()-x.missing >= f.cfg.GoneAfter
}

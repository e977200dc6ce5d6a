package scrub

import (
	"hash/maphash"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/authevents/otelcol-auth/internal/pii"
	"github.com/authevents/otelcol-auth/internal/scrub/detect"
)

// unlistedNames tells which members and attributes nobody lists, each once, so
// that an operator can list them. A name may be a person's: {"alice":{…}}. So only
// names of a plain shape are told that stood in records of several users.
type unlistedNames struct {
	seed maphash.Seed
	// settled are the names of which nothing is to be done any more. It is replaced
	// whole, so that a walk looks into it without a lock; nil before the first.
	settled atomic.Pointer[map[string]struct{}]
	closed  atomic.Bool // no room for further names: nothing is looked at
	mu      sync.Mutex
	pending map[string]*unlistedName
	told    int
}

// unlistedName is a name that was met, and is not settled.
type unlistedName struct {
	users [minUsers - 1]uint64 // keyed hashes of those met first
	met   int                  // how many users has
	looks int
}

const (
	// maxTold bounds the names that are told, and maxUnlistedNames those looked at.
	maxTold          = 64
	maxUnlistedNames = 512
	// minUsers is of how many users the records are at least in which a name stands.
	minUsers = 3
	// maxLooks is after how many records a name is given up that is not of so many.
	maxLooks = 1000
)

// meet takes a name that nobody lists, of a record of the user, and says whether
// it is to be told now. It keeps neither of the two strings.
func (u *unlistedNames) meet(name, user string, plain func(string) bool) (tell bool) {
	if user == "" || u.closed.Load() {
		return false
	}
	if settled := u.settled.Load(); settled != nil {
		if _, ok := (*settled)[name]; ok {
			return false
		}
	}
	if !plain(name) { // not kept: there may be any number of them
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	one := u.pending[name]
	if one == nil {
		if u.pending == nil {
			u.pending, u.seed = make(map[string]*unlistedName), maphash.MakeSeed()
		}
		if len(u.pending) == maxUnlistedNames {
			u.closed.Store(true)
			return false
		}
		one = &unlistedName{}
		u.pending[strings.Clone(name)] = one
	}
	if one.looks == maxLooks { // settled by another walk meanwhile
		return false
	}
	one.looks++
	hash := maphash.String(u.seed, user)
	for _, other := range one.users[:one.met] {
		if other == hash {
			if one.looks == maxLooks {
				u.settle(name, one)
			}
			return false
		}
	}
	if one.met < len(one.users) {
		one.users[one.met] = hash
		one.met++
		return false
	}
	u.settle(name, one)
	if u.told++; u.told == maxTold {
		u.closed.Store(true)
	}
	return true
}

// settle ends the looks at a name.
func (u *unlistedNames) settle(name string, one *unlistedName) {
	one.looks = maxLooks
	next := map[string]struct{}{strings.Clone(name): {}}
	if settled := u.settled.Load(); settled != nil {
		maps.Copy(next, *settled)
	}
	u.settled.Store(&next)
}

// tellUnlisted notes the name of the member at hand, which nobody lists, for the
// stats where it is to be told.
func (w *walker) tellUnlisted() {
	if w.rewalk || !w.s.unlisted.meet(w.member, w.user, w.isPlainName) {
		return
	}
	w.stats.UnlistedNames = append(w.stats.UnlistedNames, strings.Clone(w.member))
}

// isPlainName says whether a name is one as programs have them: a small letter,
// and up to 40 small letters, digits and underscores behind it, that look neither
// like an id nor like anything to be found.
func (w *walker) isPlainName(name string) bool {
	const shortest, longest, mostDigits = 2, 41, 2
	if len(name) < shortest || len(name) > longest || !isLower(name[0]) {
		return false
	}
	digits := 0
	for i := range len(name) {
		switch c := name[i]; {
		case '0' <= c && c <= '9':
			if digits++; digits > mostDigits {
				return false
			}
		case !isLower(c) && c != '_':
			return false
		}
	}
	return !looksLike(pii.Identity, name) && !w.isID(name) && !w.names.Verify(name) && len(detect.Find(nil, name)) == 0
}

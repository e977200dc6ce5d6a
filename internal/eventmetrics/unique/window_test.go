package unique

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	testKey = NewKey([]byte("a secret that is thirty-two bytes"))
	epoch   = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
)

const hour = time.Hour

// slotLength of a window of one hour.
const slotLength = 5 * time.Minute

func insert(w *Window, rng *rand.Rand, n int, at, now time.Time) {
	for range n {
		w.Insert(rng.Uint64(), at, now)
	}
}

func user(n int) uint64 { return testKey.Hash(strconv.Itoa(n)) }

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

func TestSlidesAtSlotEdges(t *testing.T) {
	w := NewWindow(hour, testKey)
	seen := epoch.Add(slotLength - 1) // the last nanosecond of a slot
	require.True(t, w.Insert(user(1), epoch, epoch))
	require.True(t, w.Insert(user(2), seen, seen))
	require.EqualValues(t, 2, w.Estimate(epoch.Add(hour)), "both are within the hour")
	require.EqualValues(t, 2, w.Estimate(epoch.Add(hour+slotLength-1)), "the slot leaves as a whole, when its end is an hour ago")
	require.Zero(t, w.Estimate(epoch.Add(hour+slotLength)))
	require.EqualValues(t, 0, w.Estimate(epoch.Add(2*hour)))
}

func TestUserSeenAgainStays(t *testing.T) {
	w := NewWindow(hour, testKey)
	for i := range 40 {
		now := epoch.Add(time.Duration(i) * 10 * time.Minute)
		w.Insert(user(1), now, now)
		require.EqualValues(t, 1, w.Estimate(now))
	}
}

func TestLateEvents(t *testing.T) {
	w := NewWindow(hour, testKey)
	now := epoch.Add(10*hour + 2*time.Minute)
	require.True(t, w.Insert(user(1), now, now))
	late := now.Add(-30 * time.Minute)
	require.True(t, w.Insert(user(2), late, now), "counts in its own slot")
	require.EqualValues(t, 2, w.Estimate(now))
	require.EqualValues(t, 1, w.Estimate(late.Add(hour+slotLength)), "and leaves when that leaves")

	edge := epoch.Add(10 * hour)
	w = NewWindow(hour, testKey)
	require.True(t, w.Insert(user(3), edge.Add(-hour), edge), "the oldest slot")
	require.False(t, w.Insert(user(4), edge.Add(-hour-1), edge), "older than the window")
	require.False(t, w.Insert(user(5), edge.Add(-1000*hour), edge))
	require.EqualValues(t, 1, w.Estimate(edge))
}

func TestLateEventInAStaleUnion(t *testing.T) {
	w := NewWindow(hour, testKey)
	w.Insert(user(1), epoch, epoch)
	now := epoch.Add(2 * hour) // the first slot left, and no estimate was asked since
	w.Insert(user(2), now, now)
	w.Insert(user(3), now.Add(-20*time.Minute), now)
	require.EqualValues(t, 2, w.Estimate(now))
}

func TestYearAheadCountsNow(t *testing.T) {
	w := NewWindow(hour, testKey)
	w.Insert(user(1), epoch, epoch)
	require.True(t, w.Insert(user(2), epoch.AddDate(1, 0, 0), epoch))
	require.EqualValues(t, 2, w.Estimate(epoch), "the users of this hour are still there")
	require.Zero(t, w.Estimate(epoch.Add(hour+slotLength)), "and the one ahead left with them")
}

func TestClockSetBack(t *testing.T) {
	for name, back := range map[string]time.Duration{
		"by less than a slot": slotLength / 2, "within the window": 20 * time.Minute, "by a year": 365 * 24 * hour,
	} {
		t.Run(name, func(t *testing.T) {
			w := NewWindow(hour, testKey)
			w.Insert(user(1), epoch.Add(-30*time.Minute), epoch)
			w.Insert(user(2), epoch, epoch)
			now := epoch.Add(-back)
			require.EqualValues(t, 2, w.Estimate(now), "nothing is lost")
			require.True(t, w.Insert(user(3), now, now))
			require.EqualValues(t, 3, w.Estimate(now))
			require.Zero(t, w.Estimate(epoch.Add(hour+slotLength-back+slotLength)), "and nothing stays")
			require.Zero(t, NewWindow(hour, testKey).Estimate(now))
		})
	}
}

func TestClockAYearAheadForAMoment(t *testing.T) {
	w := NewWindow(hour, testKey)
	w.Insert(user(1), epoch, epoch)
	ahead := epoch.AddDate(1, 0, 0)
	w.Insert(user(2), ahead, ahead)
	require.EqualValues(t, 1, w.Estimate(ahead), "what was then older than the window is gone")
	w.Insert(user(3), epoch, epoch)
	require.EqualValues(t, 2, w.Estimate(epoch))
	require.Zero(t, w.Estimate(epoch.Add(hour+slotLength)))
}

func TestEmptyWindow(t *testing.T) {
	w := NewWindow(24*hour, testKey)
	require.Zero(t, w.Estimate(epoch))
	require.Zero(t, w.Estimate(epoch.Add(-100*hour)))
	require.Zero(t, w.Estimate(time.Time{}))
	require.Zero(t, w.Estimate(epoch.AddDate(100, 0, 0)))
	require.Zero(t, w.Revision())
}

// TestDenseSlotsLeave: what is left when slots of all forms leave is what a
// window would hold that never saw them.
func TestDenseSlotsLeave(t *testing.T) {
	w := NewWindow(hour, testKey)
	const dense, small = 20_000, 100
	for slot := range numSlots {
		at := epoch.Add(time.Duration(slot) * slotLength)
		insert(w, newRand(uint64(slot)), []int{dense, small, dense}[slot%3], at, at)
	}
	for gone := range numSlots {
		now := epoch.Add(hour + time.Duration(gone)*slotLength)
		var left sketch
		for slot := gone; slot < numSlots; slot++ {
			rng := newRand(uint64(slot))
			for range []int{dense, small, dense}[slot%3] {
				left.add(rng.Uint64())
			}
		}
		require.Equal(t, left.estimate(), w.Estimate(now), "after %d slots left", gone)
	}
}

func TestAdvanceLetsGoOfMemory(t *testing.T) {
	w := NewWindow(hour, testKey)
	w.Insert(user(1), epoch, epoch)
	w.Advance(epoch.Add(hour + w.SlotLength() - 1))
	require.NotEmpty(t, contents(w.slots[ring(w.newest-12)]))
	w.Advance(epoch.Add(hour + w.SlotLength()))
	require.Equal(t, [numSlots]*slot{}, w.slots)
	require.True(t, w.union.empty())
}

func TestTimesBefore1970(t *testing.T) {
	w := NewWindow(hour, testKey)
	now := time.Unix(0, 0)
	require.True(t, w.Insert(user(1), now.Add(-hour), now))
	require.False(t, w.Insert(user(2), now.Add(-hour-1), now))
	require.EqualValues(t, 1, w.Estimate(now))
	require.Zero(t, w.Estimate(now.Add(slotLength)))
}

// TestAgainstASet compares with a plain map of last times, at random times.
func TestAgainstASet(t *testing.T) {
	for seed := range uint64(20) {
		rng := newRand(seed)
		w := NewWindow(hour, testKey)
		type sighting struct {
			user uint64
			slot int64
		}
		var seen []sighting
		now := epoch
		for range 3000 {
			now = now.Add(time.Duration(rng.Int64N(int64(2 * time.Minute))))
			at := now.Add(time.Duration(rng.Int64N(int64(80*time.Minute))) - 70*time.Minute)
			u := user(rng.IntN(200))
			slot := min(at.UnixNano(), now.UnixNano()) / int64(slotLength)
			oldest := now.UnixNano()/int64(slotLength) - 12
			require.Equal(t, slot >= oldest, w.Insert(u, at, now))
			seen = append(seen, sighting{u, slot})
			if rng.IntN(10) > 0 {
				continue
			}
			distinct := map[uint64]bool{}
			for _, s := range seen {
				if s.slot >= oldest {
					distinct[s.user] = true
				}
			}
			require.EqualValues(t, len(distinct), w.Estimate(now))
		}
	}
}

func TestInsertAllocatesNothing(t *testing.T) {
	for name, users := range map[string]int{"small": 5000, "dense": 200_000} {
		t.Run(name, func(t *testing.T) {
			w := NewWindow(hour, testKey)
			hashes := make([]uint64, users)
			rng := newRand(1)
			for i := range hashes {
				hashes[i] = rng.Uint64()
				w.Insert(hashes[i], epoch, epoch)
			}
			i := 0
			require.Zero(t, testing.AllocsPerRun(users, func() {
				w.Insert(hashes[i%users], epoch, epoch)
				i += 7919
			}))
			require.Zero(t, testing.AllocsPerRun(100, func() { w.Estimate(epoch) }))
		})
	}
}

package journey

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// operations reads what to do from a fuzzer's bytes, four at a time.
type operations []byte

// next returns what kind of thing to do, to whom, and a time that lies up to
// ten minutes on either side of the one before, or now and then a year away.
func (o *operations) next(now time.Time) (kind, who byte, then time.Time, ok bool) {
	b := *o
	if len(b) < 4 {
		return 0, 0, now, false
	}
	*o = b[4:]
	then = now.Add(time.Duration(int8(b[2]))*5*time.Second + time.Duration(b[3]))
	switch b[3] {
	case 255:
		then = then.AddDate(1, 0, 0)
	case 254:
		then = then.AddDate(-1, 0, 0)
	}
	return b[0], b[1], then, true
}

// seeds are random, and the same each time.
func seeds(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, operations := range []int{1, 10, 60} {
		seed := make([]byte, 4*operations)
		for i := range seed {
			seed[i] = byte(random.Uint32())
			if i%4 == 3 && seed[i] < 250 {
				seed[i] = 0 // mostly times that meet exactly
			}
		}
		f.Add(seed, byte(operations))
	}
}

// FuzzFunnel compares with the naive model, over snapshots and expiry too.
func FuzzFunnel(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte, shape byte) {
		const window = 10 * time.Minute
		steps, ordered, maxUsers := 1+int(shape>>1)%5, shape&1 == 1, 1+int(shape>>4)
		funnel := NewFunnel(steps, ordered, window, maxUsers)
		naive := &naiveFunnel{ordered: ordered, window: window, maxUsers: maxUsers}
		ops, now := operations(data), noon
		for {
			kind, who, then, ok := ops.next(now)
			if !ok {
				break
			}
			now = then
			switch kind {
			case 255:
				entries := funnel.Entries()
				funnel.Restore(entries)
				require.Equal(t, entries, funnel.Entries())
			case 254:
				funnel.Expire(now)
				naive.expire(now)
			default:
				user, step := uint64(who%32), int(kind)%steps
				if want, got := naive.reach(user, step, now), funnel.Reach(user, step, now); want != got {
					t.Fatalf("user %d, step %d: %t in place of %t", user, step, got, want)
				}
			}
			if want, got := len(naive.held()), funnel.Users(); want != got {
				t.Fatalf("%d users in place of %d", got, want)
			}
		}
		require.Equal(t, naive.evicted, funnel.Evicted())
		require.Equal(t, naive.late, funnel.Late())
		checkTable(t, &funnel.users)
	})
}

// FuzzPairs does the same for pairs.
func FuzzPairs(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte, shape byte) {
		const timeout = 10 * time.Minute
		maxPending := 1 + int(shape>>2)
		pairs := NewPairs[int](timeout, maxPending)
		naive := &naivePairs{timeout: timeout, maxPending: maxPending}
		ops, now, clock := operations(data), noon, noon
		for i := 0; ; i++ {
			kind, who, then, ok := ops.next(now)
			if !ok {
				break
			}
			clock = clock.Add(then.Sub(now) / 2) // of its own pace, backwards too
			now = then
			key := uint64(who % 32)
			switch {
			case kind == 255:
				entries := pairs.Entries()
				pairs.Restore(entries)
				require.Equal(t, entries, pairs.Entries())
				naive.restart()
			case kind%16 == 0:
				var abandoned []int
				pairs.Expire(clock, func(payload int) { abandoned = append(abandoned, payload) })
				require.Equal(t, naive.expire(clock), abandoned)
			case kind%2 == 0:
				d, ok := pairs.End(key, now)
				wantD, wantOK := naive.end(key, now)
				if ok != wantOK || d != wantD || d < 0 {
					t.Fatalf("%s, %t in place of %s, %t", d, ok, wantD, wantOK)
				}
			default:
				payload, ok := pairs.Begin(key, now, clock, i)
				wantPayload, wantOK := naive.begin(key, now, clock, i)
				if ok != wantOK || payload != wantPayload {
					t.Fatalf("%d, %t in place of %d, %t", payload, ok, wantPayload, wantOK)
				}
			}
			if want, got := len(naive.pending()), pairs.Pending(); want != got {
				t.Fatalf("%d pending in place of %d", got, want)
			}
		}
		require.Equal(t, naive.evicted, pairs.Evicted())
		checkTable(t, &pairs.pending)
	})
}

// FuzzRestore takes any entries, and goes on as if they had been true.
func FuzzRestore(f *testing.F) {
	f.Add(uint64(1), int64(0), int64(0), uint64(1), uint64(2), int64(5), int64(-5), uint64(7), true)
	f.Add(uint64(1), int64(-1<<63), int64(1<<63-1), uint64(1<<63), uint64(1), int64(1<<63-1), int64(-1<<63), ^uint64(0), false)
	f.Fuzz(func(t *testing.T, user1 uint64, start1, since1 int64, steps1, user2 uint64, start2, since2 int64, steps2 uint64, ordered bool) {
		funnel := NewFunnel(3, ordered, time.Hour, 2)
		funnel.Restore([]FunnelEntry{{user1, start1, since1, steps1}, {user2, start2, since2, steps2}, {user1 + 1, start1, start1, 1}})
		checkTable(t, &funnel.users)
		require.LessOrEqual(t, funnel.Users(), 2)
		for _, e := range funnel.Entries() {
			require.LessOrEqual(t, e.Since, e.Start)
			require.NotZero(t, e.Steps)
			require.Zero(t, e.Steps>>3)
			if ordered {
				require.Contains(t, []uint64{1, 3, 7}, e.Steps)
			}
			start := time.Unix(0, e.Start)
			for step := range 3 {
				require.Equal(t, e.Steps>>step&1 == 0 && (!ordered || e.Steps == 1<<step-1), funnel.Reach(e.User, step, start))
				if e.Steps>>step&1 == 0 {
					break
				}
			}
		}

		pairs := NewPairs[uint64](time.Hour, 2)
		pairs.Restore([]PairEntry[uint64]{{user1, start1, time.Duration(since1), 1}, {user2, start2, time.Duration(since2), 2}, {user1 + 1, start2, 0, 3}})
		checkTable(t, &pairs.pending)
		held := pairs.Pending()
		require.LessOrEqual(t, held, 2)
		abandoned := 0
		pairs.Expire(noon, func(uint64) { abandoned++ })
		pairs.Expire(noon.Add(time.Hour), func(uint64) { abandoned++ })
		require.Equal(t, held, abandoned, "after the timeout at the latest")
	})
}

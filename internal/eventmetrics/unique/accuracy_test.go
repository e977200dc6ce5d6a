package unique

import (
	"math"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/axiomhq/hyperloglog"
	"github.com/stretchr/testify/require"
)

// users of the accuracy table: small sketches, the step to dense ones, and
// what a large provider has in a day.
var users = []int{100, 1000, 5000, 12_288, 12_289, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000}

const seeds = 5

// TestAccuracy holds every estimate against ±1%, and their spread against the
// standard error that is stated.
func TestAccuracy(t *testing.T) {
	for name, slots := range map[string]int{"one slot": 1, "union of all slots": numSlots} {
		t.Run(name, func(t *testing.T) {
			var sum, squares float64
			dense := 0
			for seed := range uint64(seeds) {
				rng := newRand(seed + uint64(slots)*seeds)
				w := NewWindow(hour, testKey)
				n := 0
				for _, want := range users {
					if want > 1_000_000 && seed > 1 {
						break // the largest take longest
					}
					for ; n < want; n++ {
						at := epoch.Add(time.Duration(n%slots) * slotLength)
						w.Insert(rng.Uint64(), at, epoch.Add(hour))
					}
					off := float64(w.Estimate(epoch.Add(hour)))/float64(n) - 1
					t.Logf("seed %d, %7d users: %+.3f%%", seed, n, 100*off)
					require.LessOrEqual(t, math.Abs(off), 0.01, "%d users, seed %d", n, seed)
					if n <= maxSmallLen {
						require.LessOrEqual(t, math.Abs(off), 0.0002, "%d users, seed %d", n, seed)
						continue
					}
					sum += off
					squares += off * off
					dense++
				}
			}
			mean, rms := sum/float64(dense), math.Sqrt(squares/float64(dense))
			t.Logf("mean %+.3f%%, root mean square %.3f%%", 100*mean, 100*rms)
			require.LessOrEqual(t, rms, 1.2*1.04/math.Sqrt(numRegisters), "spread")
			require.LessOrEqual(t, math.Abs(mean), 0.002, "bias")
		})
	}
}

// TestAccuracyOfKeyedHashes: names that differ by a digit spread as random
// numbers do.
func TestAccuracyOfKeyedHashes(t *testing.T) {
	const n = 300_000
	for seed := range seeds {
		w := NewWindow(hour, testKey)
		key := NewKey([]byte{byte(seed)})
		for i := range n {
			w.Insert(key.Hash("user-"+strconv.Itoa(i)), epoch, epoch)
		}
		require.InEpsilon(t, n, w.Estimate(epoch), 0.01)
	}
}

// TestSameAsLibrary holds registers and estimate against those of another
// implementation, given the same hashes.
func TestSameAsLibrary(t *testing.T) {
	for _, n := range []int{1000, 13_000, 100_000, 1_000_000} {
		theirs, err := hyperloglog.NewSketch(precision, false)
		require.NoError(t, err)
		var ours sketch
		rng := newRand(uint64(n))
		for range n {
			hash := rng.Uint64()
			ours.add(hash)
			theirs.InsertHash(hash)
		}
		require.InEpsilon(t, theirs.Estimate(), ours.estimate(), 0.005)
		// Hashes with long runs of zeros, which chance does not bring.
		for zeros := range 64 {
			ours.add(1<<63>>zeros | 1<<63)
			theirs.InsertHash(1<<63>>zeros | 1<<63)
		}
		if ours.dense == nil {
			ours.toDense()
		}
		b, err := theirs.MarshalBinary()
		require.NoError(t, err)
		require.Equal(t, b[8:], ours.dense.rank[:], "registers of %d", n)
	}
}

func TestMemory(t *testing.T) {
	size := func(windows, perSlot int) int {
		all := make([]*Window, windows)
		before := heap()
		for i := range all {
			all[i] = NewWindow(hour, testKey)
			for slot := range numSlots {
				at := epoch.Add(time.Duration(slot) * slotLength)
				insert(all[i], newRand(uint64(slot)), perSlot, at, at)
			}
			all[i].Estimate(epoch.Add(hour))
		}
		used := (heap() - before) / windows
		runtime.KeepAlive(all)
		return used
	}
	empty, small, dense := size(10_000, 0), size(100, 300), size(4, 30_000)
	t.Logf("bytes: empty %d, 13 slots of 300 users %d, of 30,000 users %d, at most %d", empty, small, dense, MaxBytes)
	require.LessOrEqual(t, empty, 300)
	require.LessOrEqual(t, small, 13*300*11*2+4096) // the union holds each once more
	require.LessOrEqual(t, dense, MaxBytes)
	require.Greater(t, dense, MaxBytes*9/10, "the bound is not made up")
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

package journey

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestFunnelInAnyOrder gives the same events in order and shuffled: however
// late they come, no more is counted for a user than windows fit.
func TestFunnelInAnyOrder(t *testing.T) {
	const window, events = time.Hour, 400
	type event struct {
		user    uint64
		step    int
		minutes float64
	}
	random := rand.New(rand.NewPCG(5, 6))
	late := int64(0)
	for range 50 {
		list := make([]event, events)
		for i := range list {
			list[i] = event{random.Uint64N(5), random.IntN(4), float64(random.IntN(600))}
		}
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		f := NewFunnel(4, false, window, 10)
		counted := map[[2]uint64][]time.Time{} // by user and step
		for _, e := range list {
			if f.Reach(e.user, e.step, at(e.minutes)) {
				key := [2]uint64{e.user, uint64(e.step)}
				counted[key] = append(counted[key], at(e.minutes))
			}
		}
		require.NotEmpty(t, counted)
		for _, times := range counted {
			// 600 minutes hold ten windows, and the first one reaches an hour back.
			require.LessOrEqual(t, len(times), 11)
			for i := 2; i < len(times); i++ {
				require.Greater(t, times[i].Sub(times[i-2]), window, "three counts of a step are of three windows")
			}
		}
		late += f.Late()
	}
	assert.Positive(t, late, "or nothing was tested")
}

// TestFunnelExpiryChangesNoCount has one funnel forget as its contract allows,
// and another keep all.
func TestFunnelExpiryChangesNoCount(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, ordered := range []bool{false, true} {
		forgets, keeps := NewFunnel(3, ordered, time.Hour, 1000), NewFunnel(3, ordered, time.Hour, 1000)
		fewest := 1000
		for minute := range 5000 {
			user, step := random.Uint64N(500), random.IntN(3)
			when := at(float64(minute) - float64(random.IntN(60)))
			require.Equal(t, keeps.Reach(user, step, when), forgets.Reach(user, step, when))
			if minute%10 == 0 {
				forgets.Expire(at(float64(minute - 60)))
			}
			if minute > 2000 {
				fewest = min(fewest, forgets.Users())
			}
		}
		assert.Less(t, fewest, keeps.Users()/2, "it does forget")
	}
}

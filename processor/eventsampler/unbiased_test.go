package eventsampler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestUnbiased: whatever the events do over time, the adjusted counts of what
// is kept add up to how many came, within five standard errors. The variance of
// such a sum is estimated by what was kept: n*(n-1) for a record that stands
// for n (Horvitz and Thompson).
func TestUnbiased(t *testing.T) {
	const quota = 20
	hour := time.Hour
	for name, events := range map[string][]event{
		"steady":     many("x", 20_000, 0, hour),
		"one burst":  many("x", 20_000, 0, 10*time.Second),
		"rising":     rates(func(i int) int { return i * i / 20 }),
		"falling":    rates(func(i int) int { return (100 - i) * (100 - i) / 20 }),
		"waves":      rates(func(i int) int { return int(200 * (1 + math.Sin(float64(i)/3))) }),
		"on and off": rates(func(i int) int { return i % 2 * 400 }),
		"at the rim": rates(func(i int) int { return quota - 1 + i%3 }),
		"powers":     rates(func(i int) int { return quota << (i % 6) }),
		"heavy tail": heavyTail(),
		"shuffled":   shuffled(many("x", 20_000, 0, hour)),
	} {
		t.Run(name, func(t *testing.T) {
			var sink consumertest.LogsSink
			s := newTest(t, config(quota), &sink)
			came := float64(len(events))
			for len(events) > 0 {
				n := min(1000, len(events))
				require.NoError(t, s.ConsumeLogs(t.Context(), logs(events[:n]...)))
				events = events[n:]
			}
			adjusted, standardError := totals(sink.AllLogs())
			assert.InDelta(t, came, adjusted, 5*standardError)
			assert.Less(t, standardError, 0.15*came, "or the line before says little")
		})
	}
}

// rates are events of a hundred intervals, as many in each as perInterval says.
func rates(perInterval func(i int) int) []event {
	var events []event
	for i := range 100 {
		events = append(events, many("x", perInterval(i), time.Duration(i)*10*time.Second, 10*time.Second)...)
	}
	return events
}

// heavyTail are intervals of which most are quiet and a few are not.
func heavyTail() []event {
	rng := rand.New(rand.NewPCG(1, 2))
	return rates(func(int) int { return int(min(5000, 10/math.Pow(rng.Float64(), 1.2))) })
}

// shuffled arrives in no order at all.
func shuffled(events []event) []event {
	rng := rand.New(rand.NewPCG(3, 4))
	rng.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	return events
}

// TestUnbiasedOverSeeds: the mean over many seeds comes closer still, which a
// small bias would not let it.
func TestUnbiasedOverSeeds(t *testing.T) {
	const n, seeds = 1000, 150
	sums, squares := 0.0, 0.0
	for seed := range seeds {
		s := newTest(t, config(20), consumertest.NewNop())
		s.settings.key = newKey(fmt.Sprint(seed))
		ld := logs(many("x", n, 0, 20*time.Second)...)
		require.NoError(t, s.ConsumeLogs(t.Context(), ld))
		adjusted := sum(ld).adjusted["x"]
		sums += adjusted
		squares += adjusted * adjusted
	}
	mean := sums / seeds
	standardError := math.Sqrt((squares/seeds - mean*mean) / seeds)
	assert.InDelta(t, n, mean, 4*standardError)
	assert.Less(t, standardError, 0.02*n, "or the line before says little")
}

// TestBound: of a kind that comes out of nothing, the quota is kept whole, and
// half of it each time that the number doubles. At a steady rate no more than
// the quota is kept, and more than half of it.
func TestBound(t *testing.T) {
	const quota = 100
	for _, doublings := range []int{0, 1, 4, 8} {
		got := thinned(t, config(quota), many("x", quota<<doublings, 0, 10*time.Second)...)
		want := quota * (1 + float64(doublings)/2)
		assert.InDelta(t, want, got.records["x"], 5*math.Sqrt(want), "%d doublings", doublings)
	}

	s := newTest(t, config(quota), consumertest.NewNop())
	for i := range 20 {
		ld := logs(many("x", 7*quota, time.Duration(i)*10*time.Second, 10*time.Second)...)
		require.NoError(t, s.ConsumeLogs(t.Context(), ld))
		if i > 0 {
			assert.InDelta(t, quota*7.0/8, sum(ld).records["x"], 5*math.Sqrt(quota))
		}
	}
}

// TestConsistent: a record gets the same answer again, samplers that agree on
// the seed agree on it, and of two that thin differently the one keeps a part
// of what the other keeps.
func TestConsistent(t *testing.T) {
	events := many("x", 10_000, 0, 10*time.Second)
	once := func(quota float64) kept {
		ld := logs(events...)
		require.NoError(t, newTest(t, config(quota), consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
		return sum(ld)
	}
	all := once(100)
	assert.Equal(t, all, once(100))
	few := once(10)
	assert.Less(t, len(few.uids), len(all.uids)/2)
	for uid := range few.uids {
		assert.True(t, all.uids[uid], uid)
	}

	other := config(100)
	other.Seed = "fedcba9876543210fedcba9876543210"
	ld := logs(events...)
	require.NoError(t, newTest(t, other, consumertest.NewNop()).ConsumeLogs(t.Context(), ld))
	same := 0
	for uid := range sum(ld).uids {
		if all.uids[uid] {
			same++
		}
	}
	assert.Less(t, same, len(all.uids)*9/10, "another seed decides otherwise")
}

// totals of kept records, and the standard error of their adjusted count.
func totals(lds []plog.Logs) (adjusted, standardError float64) {
	variance := 0.0
	each(func(lr plog.LogRecord) {
		n := countOf(lr)
		adjusted += n
		variance += n * (n - 1)
	}, lds...)
	return adjusted, math.Sqrt(variance)
}

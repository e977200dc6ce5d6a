package journey

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// noon is the time that tests count from.
var noon = time.Date(2026, 8, 21, 12, 0, 0, 0, time.UTC)

func at(minutes float64) time.Time { return noon.Add(time.Duration(minutes * float64(time.Minute))) }

// reached is one call of Reach and what it is to return.
type reached struct {
	user    uint64
	step    int
	minutes float64
	first   bool
}

func TestFunnel(t *testing.T) {
	const a, b = 7, 8
	for _, tt := range []struct {
		name    string
		ordered bool
		events  []reached
		late    int64
	}{{
		name:   "each step once, each user",
		events: []reached{{a, 0, 0, true}, {a, 0, 1, false}, {a, 1, 2, true}, {b, 0, 3, true}, {a, 1, 4, false}, {b, 1, 5, true}},
	}, {
		name:   "any order",
		events: []reached{{a, 2, 0, true}, {a, 0, 1, true}, {a, 1, 2, true}},
	}, {
		name:    "in order",
		ordered: true,
		events:  []reached{{a, 1, 0, false}, {a, 0, 1, true}, {a, 2, 2, false}, {a, 1, 3, true}, {a, 2, 4, true}, {a, 1, 5, false}},
	}, {
		name:   "the window ends an hour after its first step, whatever comes between",
		events: []reached{{a, 0, 0, true}, {a, 1, 59, true}, {a, 0, 59.99, false}, {a, 0, 60, true}, {a, 1, 61, true}, {a, 1, 119, false}, {a, 1, 120, true}},
	}, {
		name:    "only a first step begins a window in order",
		ordered: true,
		events:  []reached{{a, 0, 0, true}, {a, 1, 60, false}, {a, 0, 61, true}, {a, 1, 62, true}},
	}, {
		name:   "late, in the window",
		events: []reached{{a, 0, 0, true}, {a, 2, 30, true}, {a, 1, 15, true}, {a, 2, 16, false}},
	}, {
		name:   "late, before the window, which does not move",
		events: []reached{{a, 1, 0, true}, {a, 0, -5, true}, {a, 0, -60, false}, {a, 2, -60, true}, {a, 1, 59, false}, {a, 1, 60, true}},
	}, {
		name:   "too late for any window",
		events: []reached{{a, 1, 0, true}, {a, 0, -60.01, false}, {a, 0, 0, true}},
		late:   1,
	}, {
		name:   "late, for the window before",
		events: []reached{{a, 0, 0, true}, {a, 1, 70, true}, {a, 0, 59, false}, {a, 0, 60, true}},
		late:   1,
	}, {
		name:   "time runs backwards",
		events: []reached{{a, 0, 0, true}, {a, 1, -1, true}, {a, 2, -2, true}, {a, 0, -3, false}, {a, 1, -61, false}},
		late:   1,
	}, {
		name:    "a year ahead, alone: the window stays",
		ordered: true,
		events:  []reached{{a, 0, 0, true}, {a, 1, 365 * 24 * 60, false}, {a, 1, 1, true}},
	}, {
		name:   "a year ahead: nobody else is touched",
		events: []reached{{a, 0, 0, true}, {a, 0, 365 * 24 * 60, true}, {a, 1, 1, false}, {b, 0, 1, true}, {b, 1, 2, true}},
		late:   1,
	}, {
		name:   "steps that there are not",
		events: []reached{{a, 3, 0, false}, {a, -1, 0, false}, {a, math.MaxInt, 0, false}, {a, 2, 0, true}},
	}, {
		name:   "hash 0 is a user as well",
		events: []reached{{0, 0, 0, true}, {0, 0, 0, false}, {math.MaxUint64, 0, 0, true}, {0, 1, 0, true}},
	}} {
		t.Run(tt.name, func(t *testing.T) {
			f := NewFunnel(3, tt.ordered, time.Hour, 10)
			for i, e := range tt.events {
				require.Equal(t, e.first, f.Reach(e.user, e.step, at(e.minutes)), "event %d", i)
			}
			assert.Equal(t, tt.late, f.Late())
			assert.Zero(t, f.Evicted())
		})
	}
}

func TestFunnelOfAllSteps(t *testing.T) {
	for _, ordered := range []bool{false, true} {
		f := NewFunnel(MaxSteps, ordered, time.Hour, 10)
		for step := range MaxSteps {
			require.True(t, f.Reach(1, step, noon))
			require.False(t, f.Reach(1, step, noon))
		}
	}
}

func TestFunnelEvictsTheOldest(t *testing.T) {
	f := NewFunnel(2, false, time.Hour, 3)
	for user := range uint64(3) {
		require.True(t, f.Reach(user, 0, at(float64(user))))
	}
	require.True(t, f.Reach(0, 0, at(60)), "a new window makes its user the newest")
	require.True(t, f.Reach(0, 1, at(60)))
	require.True(t, f.Reach(3, 0, at(60.5)))
	assert.EqualValues(t, 1, f.Evicted(), "of user 1")
	assert.Equal(t, 3, f.Users())
	assert.False(t, f.Reach(2, 0, at(60.5)), "known still")
	assert.False(t, f.Reach(0, 0, at(60.5)))
	assert.True(t, f.Reach(1, 0, at(60.6)), "forgotten, in place of user 2")
	assert.EqualValues(t, 2, f.Evicted())
	assert.True(t, f.Reach(4, 0, at(500)))
	assert.EqualValues(t, 2, f.Evicted(), "a window that is over is no loss")
	assert.Equal(t, 3, f.Users())
}

func TestFunnelExpires(t *testing.T) {
	f := NewFunnel(1, false, time.Hour, 10)
	for user, minutes := range []float64{0, 10, 5, 20} {
		require.True(t, f.Reach(uint64(user), 0, at(minutes)))
	}
	f.Expire(at(59))
	assert.Equal(t, 4, f.Users())
	f.Expire(at(65))
	assert.Equal(t, 3, f.Users(), "the third began before the second, and waits for it")
	f.Expire(at(70))
	assert.Equal(t, 1, f.Users())
	f.Expire(at(-1e6))
	assert.Equal(t, 1, f.Users())
	assert.False(t, f.Reach(3, 0, at(70)))
	f.Expire(at(80))
	assert.Zero(t, f.Users())
	f.Expire(at(80))
	assert.True(t, f.Reach(3, 0, at(80)))
	assert.Zero(t, f.Evicted())
}

// TestFunnelAtTheEndsOfTime is about sums and differences that do not fit.
func TestFunnelAtTheEndsOfTime(t *testing.T) {
	first, last := time.Time{}, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, window := range []time.Duration{1, time.Hour, math.MaxInt64} {
		f := NewFunnel(2, false, window, 10)
		assert.True(t, f.Reach(1, 0, first))
		assert.False(t, f.Reach(1, 0, first))
		assert.True(t, f.Reach(1, 0, last), "all windows are shorter than all of time")
		assert.False(t, f.Reach(1, 0, last))
		assert.False(t, f.Reach(1, 1, first))
		assert.True(t, f.Reach(2, 0, last))
		assert.Equal(t, window == math.MaxInt64, f.Reach(2, 1, noon), "%s", window)
		f.Expire(first)
		assert.Equal(t, 2, f.Users())
	}
}

func TestNewFunnelPanics(t *testing.T) {
	for _, f := range []func(){
		func() { NewFunnel(0, false, time.Hour, 1) },
		func() { NewFunnel(MaxSteps+1, false, time.Hour, 1) },
		func() { NewFunnel(1, false, 0, 1) },
		func() { NewFunnel(1, false, time.Hour, 0) },
		func() { NewFunnel(1, false, time.Hour, MaxHeld+1) },
	} {
		assert.Panics(t, f)
	}
}

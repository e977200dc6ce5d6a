package soak

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// series has a value every 5 s for 10 minutes, which grows by so much an hour.
// Noise of up to 20 comes on top of most of them, as batches under way do.
func series(perHour float64) (points []point) {
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 120 {
		at := time.Duration(i) * 5 * time.Second
		noise := 20 * max(0, rng.Float64()-0.2)
		points = append(points, point{at, 30 + perHour*at.Hours() + noise})
	}
	return points
}

// TestLeakIsSeen: what grows is told from what only moves up and down.
func TestLeakIsSeen(t *testing.T) {
	for _, c := range []struct {
		perHour float64
		within  bool
	}{{0, true}, {-50, true}, {3, true}, {60, false}, {300, false}} {
		tr := fit(minima(series(c.perHour)))
		assert.InDelta(t, c.perHour, tr.perHour, 10, "slope")
		assert.Equal(t, c.within, tr.within(5), "%g an hour: %+v", c.perHour, tr)
	}
}

func TestFit(t *testing.T) {
	tr := fit([]point{{0, 1}, {time.Hour, 3}, {2 * time.Hour, 5}})
	assert.InDelta(t, 2, tr.perHour, 1e-9)
	assert.InDelta(t, 0, tr.deviation, 1e-9)
	// Residuals 1, -2, 1 over one degree of freedom; sum of squares 2.
	tr = fit([]point{{0, 1}, {time.Hour, -2}, {2 * time.Hour, 1}})
	assert.InDelta(t, 0, tr.perHour, 1e-9)
	assert.InDelta(t, 1.7320508, tr.deviation, 1e-6)
}

// TestTooFewPoints: what nobody measured is not flat.
func TestTooFewPoints(t *testing.T) {
	for _, points := range [][]point{nil, {{0, 1}}, {{0, 1}, {time.Minute, 1}}, {{0, 1}, {0, 1}, {0, 1}}} {
		assert.False(t, fit(points).within(1e9), "%v", points)
	}
}

func TestMinima(t *testing.T) {
	require.Equal(t, []point{{0, 2}, {time.Minute, 5}, {3 * time.Minute, 1}}, minima([]point{
		{time.Second, 3}, {59 * time.Second, 2}, {time.Minute, 5}, {61 * time.Second, 6}, {200 * time.Second, 1},
	}))
	require.Empty(t, minima(nil))
}

// TestWithin: a slope above the limit holds as long as chance may explain it.
func TestWithin(t *testing.T) {
	assert.True(t, trend{perHour: 9, deviation: 3}.within(5))
	assert.False(t, trend{perHour: 9, deviation: 1}.within(5))
}

package eventmetrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
)

// Few users come again and again, early, late and with the clock set back, and
// an engine that remembers none of them estimates the same.
func TestUsersMetLately(t *testing.T) {
	random := seeded()
	c := &clock{start}
	var engines [2]*Engine
	for i := range engines {
		var err error
		engines[i], err = New(peopleSet(), Settings{Start: start, Now: c.read, UniqueKey: unique.Key{1}})
		require.NoError(t, err)
	}
	remembering, plain := engines[0], engines[1]
	for i := range 20_000 {
		switch n := random.IntN(400); {
		case n < 8:
			c.now = c.now.Add(time.Duration(n) * 4 * time.Minute)
		case n == 8:
			c.now = c.now.Add(-time.Duration(random.IntN(60)) * time.Minute)
		case n == 9:
			c.now = c.now.Add(25 * time.Hour)
		}
		after := c.now.Sub(start)
		switch random.IntN(20) {
		case 0:
			after -= time.Duration(random.IntN(100)) * time.Minute
		case 1:
			after += time.Duration(random.IntN(5)) * time.Minute
		}
		users := []string{"a", "b", "c", "d", "e", "f"}
		ld := at(after, "x", users[random.IntN(6)], attr.ClientID, []string{"app", "web", ""}[random.IntN(3)])
		plain.met.forget()
		require.Equal(t, count(plain, ld), count(remembering, ld), "record %d", i)
		if random.IntN(10) == 0 {
			// Not all of them: what asks for estimates makes the engine forget.
			require.Equal(t, estimates(plain), estimates(remembering), "record %d", i)
		}
	}
}

// estimates of all windows, without a word to the engine.
func estimates(e *Engine) []int64 {
	var list []int64
	for _, m := range e.metrics {
		for _, s := range m.all() {
			for _, w := range s.windows {
				list = append(list, w.Estimate(e.settings.Now()))
			}
		}
	}
	return list
}

// Who is met again after an output had another clock is looked for again.
func TestUsersMetBeforeAnOutput(t *testing.T) {
	e, c := peopleEngine(t)
	for range 3 { // the second is remembered
		count(e, at(0, "x", "a"))
	}
	c.now = start.Add(30 * time.Hour)
	assert.Equal(t, []string{"1h 0", "24h 0"}, gauges(e))
	c.now = start
	count(e, at(0, "x", "a"))
	assert.Equal(t, []string{"1h 1", "24h 1"}, gauges(e))
}

// Nor is anybody met in slots that have left the window since.
func TestUsersMetLongAgo(t *testing.T) {
	e, c := peopleEngine(t)
	for range 3 {
		assert.Equal(t, Result{Counted: 1}, count(e, at(0, "x", "a")))
	}
	c.now = start.Add(2 * time.Hour)
	assert.Equal(t, Result{Counted: 1, Late: 1}, count(e, at(0, "x", "a")))
}

// A series whose user is remembered is no series that nothing touches.
func TestUsersMetKeepSeries(t *testing.T) {
	e, c := peopleEngine(t)
	for i := range 4 {
		c.now = start.Add(time.Duration(i) * time.Second)
		count(e, at(0, "x", "a"))
	}
	for _, s := range metricNamed(e, "auth.users.unique").all() {
		assert.Equal(t, c.now.UnixNano(), s.changed)
	}
}

func metricNamed(e *Engine, name string) *metric {
	for _, m := range e.metrics {
		if m.Name == name {
			return m
		}
	}
	return nil
}

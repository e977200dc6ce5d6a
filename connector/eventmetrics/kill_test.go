package eventmetrics

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// crash is what a SIGKILL leaves behind.
type crash struct {
	moment  string
	disk    *memory
	backend *backend
	log     int // events in the log so far
}

// TestKill takes copies of disk and backend at each moment of several flushes,
// starts anew from each of them, and lets the rest of the log come. The log is
// read again from where the receiver had got to at the last snapshot, or not.
func TestKill(t *testing.T) {
	const perFlush, flushes = 10, 5
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		synctest.Test(t, func(t *testing.T) {
			var crashes []crash
			log := 0
			disk, b := &memory{}, &backend{}
			at := func(moment string) {
				crashes = append(crashes, crash{fmt.Sprint(moment, " of flush ", len(crashes)/4), disk.copied(), b.copied(), log})
			}
			disk.onSet = func(stored bool) { at(map[bool]string{false: "before snapshot", true: "after snapshot"}[stored]) }
			var c *eventMetrics
			b.onFlush = func(taken bool) {
				at(map[bool]string{false: "before flush", true: "after flush"}[taken])
				if !taken && log < perFlush*flushes { // an event between snapshot and flush is in neither
					log++
					consume(t, c, fmt.Sprint(log))
				}
			}
			c = startedWith(t, cfg, disk, routed(b))
			for range flushes {
				for range perFlush - 1 {
					log++
					consume(t, c, fmt.Sprint(log))
				}
				pass()
			}
			require.NoError(t, c.Shutdown(t.Context()))
			require.EqualValues(t, perFlush*flushes, b.total(t))
			require.GreaterOrEqual(t, len(crashes), 4*flushes)

			for _, crash := range crashes {
				for _, again := range []int{0, 1, perFlush, log} {
					disk, b := crash.disk.copied(), crash.backend.copied()
					c := startedWith(t, cfg, disk, routed(b))
					for i := max(0, crash.log-again); i < perFlush*flushes; i++ {
						consume(t, c, fmt.Sprint(i+1))
					}
					require.NoError(t, c.Shutdown(t.Context()))
					got := b.total(t)
					assert.LessOrEqual(t, got, int64(perFlush*flushes), "%s, %d again: never over", crash.moment, again)
					assert.GreaterOrEqual(t, got, int64(perFlush*(flushes-1)), "%s, %d again: short by one snapshot at most", crash.moment, again)
					if again >= perFlush && cfg.Temporality == temporalityCumulative {
						assert.EqualValues(t, perFlush*flushes, got, "%s, %d again: exact once the log is read again", crash.moment, again)
					}
				}
			}
		})
	})
}

// What a pipeline refused is stored as such: a kill after that loses nothing.
func TestKillAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := defaultConfig()
		cfg.Temporality = temporalityDelta
		disk, b := &memory{}, &backend{away: true}
		c := startedWith(t, cfg, disk, routed(b))
		for range 20 {
			consume(t, c, "")
			pass()
		}
		left := disk.copied()
		require.ErrorIs(t, c.Shutdown(t.Context()), errFlush)
		b.goAway(false)
		c = startedWith(t, cfg, left, routed(b))
		require.NoError(t, c.Shutdown(t.Context()))
		assert.EqualValues(t, 20, b.total(t))
	})
}

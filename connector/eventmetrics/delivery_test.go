package eventmetrics

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// pass lets one interval go by, and its flush be done.
func pass() {
	time.Sleep(defaultInterval)
	synctest.Wait()
}

func TestBatchesAddUp(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		synctest.Test(t, func(t *testing.T) {
			b := &backend{}
			c := startedWith(t, cfg, nil, routed(b))
			for want := int64(3); want <= 6; want += 3 {
				consume(t, c, "", "", "")
				pass()
				assert.Equal(t, want, b.total(t))
			}
			require.NoError(t, c.Shutdown(t.Context()))
			value, flushes := b.state(t)
			assert.EqualValues(t, 6, value)
			assert.Equal(t, 3, flushes, "one for each interval and one at the end")
		})
	})
}

// An event at 0, 7 and 14 minutes: between them the series is sent on all the
// same, in deltas of zero, or what reads deltas forgets it.
func TestRareEventsAddUp(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		synctest.Test(t, func(t *testing.T) {
			b := &backend{}
			c := startedWith(t, cfg, nil, routed(b))
			for want := int64(1); want <= 3; want++ {
				consume(t, c, "")
				time.Sleep(7*time.Minute + time.Second)
				synctest.Wait()
				value, flushes := b.state(t)
				assert.Equal(t, want, value)
				assert.EqualValues(t, 28*want, flushes, "every interval")
			}
			require.NoError(t, c.Shutdown(t.Context()))
		})
	})
}

func TestExpireAfter(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		cfg.ExpireAfter = time.Minute
		synctest.Test(t, func(t *testing.T) {
			b := &backend{}
			c := startedWith(t, cfg, nil, routed(b))
			consume(t, c, "")
			time.Sleep(time.Hour)
			synctest.Wait()
			value, flushes := b.state(t)
			assert.EqualValues(t, 1, value)
			assert.Equal(t, 4, flushes, "no longer than a minute")
			consume(t, c, "")
			pass()
			value, flushes = b.state(t)
			assert.EqualValues(t, 2, value, "it goes on where it was")
			assert.Equal(t, 5, flushes)
			require.NoError(t, c.Shutdown(t.Context()))
		})
	})
}

// A series that a pipeline has yet to take does not expire under it.
func TestWhatIsOwedDoesNotExpire(t *testing.T) {
	cfg := defaultConfig()
	cfg.Temporality, cfg.ExpireAfter = temporalityDelta, time.Minute
	synctest.Test(t, func(t *testing.T) {
		b := &backend{away: true}
		c := startedWith(t, cfg, nil, routed(b))
		consume(t, c, "")
		time.Sleep(time.Hour)
		b.goAway(false)
		pass()
		assert.EqualValues(t, 1, b.total(t))
		require.NoError(t, c.Shutdown(t.Context()))
	})
}

// refusing is an exporter beside the connector in its logs pipeline.
type refusing struct {
	consumertest.LogsSink
	times int
}

func (r *refusing) ConsumeLogs(context.Context, plog.Logs) error {
	if r.times--; r.times >= 0 {
		return errors.New("busy")
	}
	return nil
}

// The receiver sends the batch again to all, because one of two refused it.
func TestASiblingThatRefusesTwice(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		synctest.Test(t, func(t *testing.T) {
			b, sibling := &backend{}, &refusing{times: 2}
			c := startedWith(t, cfg, nil, routed(b))
			sent := 0
			for {
				sent++
				batch := logs("1")
				if errors.Join(c.ConsumeLogs(t.Context(), batch), sibling.ConsumeLogs(t.Context(), batch)) == nil {
					break
				}
				pass()
			}
			require.Equal(t, 3, sent)
			require.NoError(t, c.Shutdown(t.Context()))
			assert.EqualValues(t, 1, b.total(t))
		})
	})
}

func TestOneOfTwoPipelinesRefuses(t *testing.T) {
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		for _, disk := range []*memory{nil, {}} {
			synctest.Test(t, func(t *testing.T) {
				good, bad := &backend{mutates: true}, &backend{}
				c := startedWith(t, cfg, disk, routed(good, bad))
				begin := time.Now()
				consume(t, c, "", "")
				pass()
				bad.goAway(true)
				for range 2 {
					consume(t, c, "", "", "")
					pass()
				}
				assert.EqualValues(t, 8, good.total(t))
				assert.EqualValues(t, 2, bad.total(t))
				bad.goAway(false)
				consume(t, c, "")
				pass()
				assert.EqualValues(t, 9, good.total(t), "nothing doubled where nothing was refused")
				assert.EqualValues(t, 9, bad.total(t), "nothing lost where it was")
				if cfg.Temporality == temporalityDelta {
					assert.True(t, begin.Add(defaultInterval).Equal(bad.start), "from where the last taken one ended")
					assert.True(t, begin.Add(3*defaultInterval).Equal(good.start))
				} else {
					assert.True(t, begin.Equal(bad.start))
				}
				require.NoError(t, c.Shutdown(t.Context()))
				assert.EqualValues(t, 9, good.total(t))
				assert.EqualValues(t, 9, bad.total(t))
			})
		}
	})
}

// A pipeline that hangs keeps no other from its last flush.
func TestAHangingPipelineAtShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		good, hangs := &backend{}, &backend{}
		disk := &memory{}
		c := startedWith(t, defaultConfig(), disk, routed(good, hangs))
		free := make(chan struct{})
		hangs.onFlush = func(bool) { <-free }
		consume(t, c, "", "")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		context.AfterFunc(ctx, func() { close(free) })
		require.NoError(t, c.Shutdown(ctx))
		assert.EqualValues(t, 2, good.total(t))
	})
}

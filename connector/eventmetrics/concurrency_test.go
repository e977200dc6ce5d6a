package eventmetrics

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Batches come from many sides while one pipeline takes every flush, another
// every second one, and each is stored: in the end both have all of it once.
func TestCountingWhileFlushing(t *testing.T) {
	const workers, batches = 4, 100
	eachTemporality(t, func(t *testing.T, cfg *Config) {
		cfg.Interval = time.Hour // flushes are the test's
		good, moody := &backend{mutates: true}, &backend{}
		c := startedWith(t, cfg, &memory{}, routed(good, moody))
		consume(t, c, "")
		done := make(chan struct{})
		var counting, flushing sync.WaitGroup
		flushing.Go(func() {
			for n := 0; ; n++ {
				moody.goAway(n%2 == 0)
				_ = c.flusher.flush(t.Context())
				select {
				case <-done:
					return
				default:
				}
			}
		})
		for w := range workers {
			counting.Go(func() {
				for b := range batches {
					assert.NoError(t, c.ConsumeLogs(t.Context(), logs(fmt.Sprint(w, " ", b), fmt.Sprint("of all ", b), "")))
				}
			})
		}
		counting.Wait()
		close(done)
		flushing.Wait()
		moody.goAway(false)
		require.NoError(t, c.Shutdown(t.Context()))
		const want = 1 + 2*workers*batches + batches
		assert.EqualValues(t, want, good.total(t))
		assert.EqualValues(t, want, moody.total(t))
	})
}

package eventsampler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// TestConcurrently: pipelines that send side by side, and whose batches are
// refused now and then, lose nothing that is rare and leave no rate behind.
func TestConcurrently(t *testing.T) {
	var calls, records atomic.Int64
	refused := errors.New("busy")
	next, err := consumer.NewLogs(func(_ context.Context, ld plog.Logs) error {
		if calls.Add(1)%3 == 0 {
			return refused
		}
		records.Add(int64(ld.LogRecordCount()))
		return nil
	})
	assert.NoError(t, err)
	s := newTest(t, config(1000), next)
	const senders, batches = 4, 25
	var group sync.WaitGroup
	for sender := range senders {
		group.Go(func() {
			for i := range batches {
				at := time.Duration(sender*batches+i) * 10 * time.Second
				for s.ConsumeLogs(t.Context(), logs(many(fmt.Sprint("event", sender), 50, at, time.Second)...)) != nil {
					continue // and again, as a receiver does
				}
			}
		})
	}
	group.Wait()
	assert.Equal(t, int64(senders*batches*50), records.Load())
	for sender := range senders {
		k := s.table.kindOf("hera", fmt.Sprint("event", sender), attr.OutcomeSuccess)
		interval := uint64(start.Add(time.Duration(sender*batches)*10*time.Second).UnixNano()) / s.settings.interval
		assert.Equal(t, uint64(50), s.table.find(k.at(interval)).seen)
	}
}

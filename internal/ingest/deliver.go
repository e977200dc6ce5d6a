package ingest

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

// shutdownGrace is how long a call of the next component may go on once
// shutdown has begun. What it takes by then is acknowledged, rather than read
// again after a restart.
const shutdownGrace = 2 * time.Second

// format is what the collector's own telemetry calls what is received.
const format = "auth_events"

// errNotTaken says nothing of what the next component said: that may quote a record.
var errNotTaken = errors.New("shut down before the next component took the records")

// deliver reports the sending as one operation, whatever number of attempts it takes.
func (in *Input) deliver(ctx context.Context, b *batch) error {
	records := b.records.Len()
	opCtx, cancel := withGrace(in.obs.StartLogsOp(ctx))
	defer cancel()
	err := in.sendUntilTaken(ctx, opCtx, b)
	in.report(ctx, opCtx, records, err)
	if errors.Is(err, ErrRefused) {
		return nil
	}
	return err
}

// offer sends once.
func (in *Input) offer(ctx context.Context, b *batch) error {
	records := b.records.Len()
	opCtx := in.obs.StartLogsOp(ctx)
	err := in.send(opCtx, b)
	in.report(ctx, opCtx, records, err)
	return err
}

func (in *Input) report(ctx, opCtx context.Context, records int, err error) {
	if errors.Is(err, ErrRefused) {
		in.source.telemetry.refused(ctx, records)
	}
	if err != nil {
		err = consumererror.NewDownstream(err)
	}
	in.obs.EndLogsOp(opCtx, format, records, err)
}

// sendUntilTaken hands the records on, built anew each time, until they are
// taken or refused for good, or ctx is done. The calls have callCtx.
func (in *Input) sendUntilTaken(ctx, callCtx context.Context, b *batch) error {
	var wait *backoff.ExponentialBackOff
	for {
		err := in.send(callCtx, b)
		if err == nil || errors.Is(err, ErrRefused) {
			return err
		}
		if wait == nil {
			wait = in.retry.newBackOff()
		}
		timer := time.NewTimer(wait.NextBackOff())
		select {
		case <-ctx.Done():
			timer.Stop()
			return errNotTaken
		case <-timer.C:
		}
		in.source.telemetry.retried(ctx)
		b.rebuild()
	}
}

// send is one attempt: nil, ErrUnavailable or ErrRefused.
func (in *Input) send(ctx context.Context, b *batch) error {
	err := in.next.ConsumeLogs(ctx, b.records.Take())
	switch {
	case err == nil:
		in.outage.over()
		return nil
	case isPermanent(err):
		in.outage.refused()
		return ErrRefused
	default:
		// Who was to be answered has gone, or shutdown ended the call: that says
		// nothing of the next component.
		if !errors.Is(ctx.Err(), context.Canceled) {
			in.outage.failed()
		}
		return ErrUnavailable
	}
}

// withGrace returns a context that is done shutdownGrace after ctx.
func withGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	graced, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(shutdownGrace):
			cancel()
		case <-graced.Done():
		}
	})
	return graced, func() {
		stop()
		cancel()
	}
}

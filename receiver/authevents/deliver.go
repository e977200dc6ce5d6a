package authevents

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// shutdownGrace is how long a call of the next component may go on once
// shutdown has begun. What it takes by then is acknowledged, rather than read
// again after a restart.
const shutdownGrace = 2 * time.Second

// shutdownTimeout is how long shutdown waits for an input. It comes to that only
// where a call does not heed its context, such as a write to a pipe that nobody
// reads.
const shutdownTimeout = 5 * time.Second

// format is what the collector's own telemetry calls what is received.
const format = "auth_events"

// The errors say nothing of what the next component said: that may quote a record.
var (
	errRefused  = errors.New("the next component refused the records for good")
	errNotTaken = errors.New("shut down before the next component took the records")
)

// deliverer parses the lines of one input, and hands their records on until
// they are taken. It is the input's tail.Handler.
type deliverer struct {
	next      consumer.Logs
	obs       *receiverhelper.ObsReport
	telemetry *telemetry
	retry     RetryConfig
	logger    *zap.Logger
	batches   sync.Pool // of *batch

	// An outage is logged when it begins and when it ends, once for all files.
	failing, refusing atomic.Bool
}

func newDeliverer(p *authevent.Parser, next consumer.Logs, obs *receiverhelper.ObsReport, t *telemetry, retry RetryConfig, logger *zap.Logger) *deliverer {
	return &deliverer{
		next: next, obs: obs, telemetry: t, retry: retry, logger: logger,
		batches: sync.Pool{New: func() any { return &batch{records: p.NewBatch()} }},
	}
}

// handle returns nil when the lines are done with: taken, or refused for good.
func (d *deliverer) handle(ctx context.Context, l *tail.Lines) error {
	b := d.batches.Get().(*batch)
	defer func() {
		b.end()
		d.batches.Put(b)
	}()
	b.begin(l, time.Now())
	if b.records.Len() > 0 {
		if err := d.deliver(ctx, b); err != nil {
			return err
		}
	}
	d.telemetry.acknowledged(ctx, b)
	return nil
}

// deliver reports the sending as one operation, whatever number of attempts it takes.
func (d *deliverer) deliver(ctx context.Context, b *batch) error {
	records := b.records.Len()
	opCtx, cancel := withGrace(d.obs.StartLogsOp(ctx))
	defer cancel()
	err := d.send(ctx, opCtx, b)
	if errors.Is(err, errRefused) {
		d.telemetry.refused(ctx, records)
		d.obs.EndLogsOp(opCtx, format, records, consumererror.NewDownstream(err))
		return nil
	}
	if err != nil {
		err = consumererror.NewDownstream(err)
	}
	d.obs.EndLogsOp(opCtx, format, records, err)
	return err
}

// send hands the records on, built anew each time, until they are taken or
// refused for good, or ctx is done. The calls have callCtx.
func (d *deliverer) send(ctx, callCtx context.Context, b *batch) error {
	var wait *backoff.ExponentialBackOff
	for {
		err := d.next.ConsumeLogs(callCtx, b.records.Take())
		switch {
		case err == nil:
			d.logRecovery()
			return nil
		case isPermanent(err):
			d.logRefusal()
			return errRefused
		}
		d.logFailure()
		if wait == nil {
			wait = d.newBackOff()
		}
		timer := time.NewTimer(wait.NextBackOff())
		select {
		case <-ctx.Done():
			timer.Stop()
			return errNotTaken
		case <-timer.C:
		}
		d.telemetry.retried(ctx)
		b.rebuild()
	}
}

func (d *deliverer) newBackOff() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval = d.retry.InitialInterval
	b.MaxInterval = d.retry.MaxInterval
	b.Reset()
	return b
}

func (d *deliverer) logFailure() {
	if d.failing.CompareAndSwap(false, true) {
		d.logger.Warn("The next component does not take records; they are sent again until it does. Its own log says why.")
	}
}

func (d *deliverer) logRefusal() {
	if d.refusing.CompareAndSwap(false, true) {
		d.logger.Error("The next component refuses records for good: they are lost, and counted as otelcol_auth_events_refused. Its own log says why.")
	}
}

func (d *deliverer) logRecovery() {
	failed, refused := d.failing.Swap(false), d.refusing.Swap(false)
	if failed || refused {
		d.logger.Info("The next component takes records again.")
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

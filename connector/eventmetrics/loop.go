package eventmetrics

import (
	"context"
	"sync"
	"time"
)

const (
	// patienceOfShutdown is how long a shutdown waits for the destination of the
	// counts. The collector sets no bound, and an exporter tries again for
	// minutes: whoever stops the collector would kill it first.
	patienceOfShutdown = 5 * time.Second
	// graceOfFlush is how long a flush that was cancelled has to return.
	graceOfFlush = time.Second
)

// loop flushes on an interval, from Start to Shutdown. Both may be called twice,
// and in any order.
type loop struct {
	interval time.Duration
	flush    func(context.Context) error

	mu      sync.Mutex // guards started and stopped
	started bool
	stopped bool
	stop    chan struct{}      // closed by shutdown: flush no more
	cancel  context.CancelFunc // of a flush under way
	done    chan struct{}      // closed by the goroutine as it ends
}

func newLoop(interval time.Duration, flush func(context.Context) error) *loop {
	return &loop{interval: interval, flush: flush, stop: make(chan struct{}), done: make(chan struct{})}
}

// start begins to flush once begin has succeeded. The context of a component's
// start ends with the start, so flushes have one of their own.
func (l *loop) start(begin func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started || l.stopped {
		return nil
	}
	if err := begin(); err != nil {
		return err
	}
	l.started = true
	ctx, cancel := context.WithCancel(context.Background())
	l.cancel = cancel
	go l.run(ctx)
	return nil
}

func (l *loop) run(ctx context.Context) {
	defer close(l.done)
	ticker := time.NewTicker(l.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = l.flush(ctx) // it says itself what fails, and the next flush makes it good
		case <-l.stop:
			return
		}
	}
}

// shutdown waits for a flush under way and flushes a last time, both no longer
// than ctx lasts, and patienceOfShutdown. After that it calls end, unless a flush goes on although it
// was cancelled: nobody else may touch what it uses.
func (l *loop) shutdown(ctx context.Context, end func(error) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return nil
	}
	l.stopped = true
	if !l.started {
		return end(nil)
	}
	defer l.cancel()
	ctx, cancel := context.WithTimeout(ctx, patienceOfShutdown)
	defer cancel()
	close(l.stop)
	select {
	case <-l.done:
		return end(l.flush(ctx))
	case <-ctx.Done():
	}
	l.cancel()
	select {
	case <-l.done:
		return end(ctx.Err())
	case <-time.After(graceOfFlush):
		return ctx.Err()
	}
}

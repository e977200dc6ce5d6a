package eventmetrics

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/connector/eventmetrics/internal/metadata"
	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique/exchange"
)

// errSend stands for the next consumer's error, whose text may quote
// records.
var errSend = errors.New("the next consumer refused sketches of unique users; its own log says why")

// sketchEngine is an engine that counts unique users.
type sketchEngine interface {
	windowMerger
	// EachWindow calls visit for each window of each series, under the lock
	// that guards them.
	EachWindow(visit func(metric string, attributes []eventmetrics.Attribute, length time.Duration, w *unique.Window))
	Compute(ld plog.Logs) *eventmetrics.Tx
}

// sketchSender is the connector from logs to logs: it counts unique users alone,
// and sends what it counted on as records for the event_metrics of another
// collector. It needs no storage, as that collector keeps what it was sent.
type sketchSender struct {
	engine   sketchEngine
	receiver *sketchReceiver
	sender   *exchange.Sender
	next     consumer.Logs
	interval time.Duration
	logger   *zap.Logger
	now      func() time.Time
	failing  bool // of the goroutine that flushes

	mu      sync.Mutex // guards the lifecycle below
	started bool
	stopped bool
	stop    chan struct{}      // closed by Shutdown: flush no more
	cancel  context.CancelFunc // of a flush under way
	done    chan struct{}      // closed by the goroutine as it ends
}

func newSketchSender(set component.TelemetrySettings, engine sketchEngine, interval time.Duration, next consumer.Logs) *sketchSender {
	return &sketchSender{
		engine:   engine,
		receiver: newSketchReceiver(engine, set.Logger),
		sender:   exchange.NewSender(identity(set.Resource), metadata.ScopeName),
		next:     next,
		interval: interval,
		logger:   set.Logger,
		now:      time.Now,
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
	}
}

func (s *sketchSender) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start begins to flush. Its context ends with the start, so flushes have one
// of their own.
func (s *sketchSender) Start(context.Context, component.Host) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started || s.stopped {
		return nil
	}
	s.started = true
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go s.run(ctx)
	return nil
}

func (s *sketchSender) run(ctx context.Context) {
	defer close(s.done)
	ticker := time.NewTicker(s.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = s.flush(ctx) // it logs the refusal, and the next flush makes it good
		case <-s.stop:
			return
		}
	}
}

// ConsumeLogs counts the batch and merges the sketches in it. It never fails:
// nothing downstream is asked.
func (s *sketchSender) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	if s.receiver.receive(ctx, ld) {
		s.engine.Compute(ld).Commit()
	}
	return nil
}

// flush sends what is new. A refused batch is in the next flush again.
func (s *sketchSender) flush(ctx context.Context) error {
	round := s.sender.Begin(s.now())
	s.engine.EachWindow(func(metric string, attributes []eventmetrics.Attribute, length time.Duration, w *unique.Window) {
		round.Add(metric, length, w, func(m pcommon.Map) { putAttributes(m, attributes) })
	})
	var refused error
	for _, batch := range round.Batches() {
		if err := s.next.ConsumeLogs(ctx, batch.Logs); err != nil {
			refused = err
			continue
		}
		batch.Taken()
	}
	s.report(refused)
	if refused != nil {
		return errSend
	}
	return nil
}

// report says a refusal once, until a flush succeeds.
func (s *sketchSender) report(refused error) {
	switch {
	case refused == nil && s.failing:
		s.logger.Info("Sketches of unique users are taken again")
	case refused != nil && !s.failing:
		s.logger.Warn("The next consumer refused sketches of unique users. They are kept and sent with the next flush",
			zap.Bool("permanent", consumererror.IsPermanent(refused)))
	}
	s.failing = refused != nil
}

func putAttributes(m pcommon.Map, attributes []eventmetrics.Attribute) {
	m.EnsureCapacity(len(attributes) + 2)
	for _, a := range attributes {
		if a.IsBool {
			m.PutBool(a.Name, a.Bool)
		} else {
			m.PutStr(a.Name, a.Value)
		}
	}
}

// Shutdown waits for a flush under way and flushes a last time, both no
// longer than ctx lasts.
func (s *sketchSender) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil
	}
	s.stopped = true
	if !s.started {
		return nil
	}
	defer s.cancel()
	close(s.stop)
	select {
	case <-s.done:
		return s.flush(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

package eventmetrics

import (
	"context"
	"errors"
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
	loop     *loop
	logger   *zap.Logger
	now      func() time.Time
	failing  bool // of the goroutine that flushes
}

func newSketchSender(set component.TelemetrySettings, engine sketchEngine, interval time.Duration, next consumer.Logs) *sketchSender {
	s := &sketchSender{
		engine:   engine,
		receiver: newSketchReceiver(engine, set.Logger),
		sender:   exchange.NewSender(identity(set.Resource), metadata.ScopeName),
		next:     next,
		logger:   set.Logger,
		now:      time.Now,
	}
	s.loop = newLoop(interval, s.flush)
	return s
}

func (s *sketchSender) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start begins to flush.
func (s *sketchSender) Start(context.Context, component.Host) error {
	return s.loop.start(func() error { return nil })
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

// Shutdown flushes a last time.
func (s *sketchSender) Shutdown(ctx context.Context) error {
	return s.loop.shutdown(ctx, func(err error) error { return err })
}

package eventmetrics

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/eventmetrics"
	"github.com/authevents/otelcol-auth/internal/eventmetrics/unique/exchange"
)

// quiet is how long nothing more is said of refused sketches: a sender with
// another secret sends them at every interval.
const quiet = 10 * time.Minute

// windowMerger takes the sketch of another collector into the series that has
// its attributes, a new one if need be, under the same bounds as records. The
// attributes may hold others, which are not the metric's.
type windowMerger interface {
	MergeWindow(metric string, attributes pcommon.Map, length time.Duration, data []byte) (eventmetrics.Result, error)
}

// sketchReceiver merges the sketches among the records that a connector
// consumes. It is safe for concurrent use.
type sketchReceiver struct {
	merger windowMerger
	// counted is told what the bounds of labels and series made of a sketch; nil
	// for nobody.
	counted func(context.Context, eventmetrics.Result)
	logger  *zap.Logger
	now     func() time.Time

	mu      sync.Mutex // guards what follows
	refused int        // since it was last said
	said    time.Time
}

func newSketchReceiver(merger windowMerger, logger *zap.Logger) *sketchReceiver {
	return &sketchReceiver{merger: merger, logger: logger, now: time.Now}
}

// receive merges the batch's sketches, and tells whether it has other records.
func (r *sketchReceiver) receive(ctx context.Context, ld plog.Logs) (others bool) {
	result, err := exchange.Receive(ld, func(s exchange.Sketch) error {
		bounded, err := r.merger.MergeWindow(s.Metric, s.Attributes, s.Length, s.Data)
		if r.counted != nil && (bounded.Folded > 0 || bounded.Overflowed > 0) {
			r.counted(ctx, bounded)
		}
		return err
	})
	if err != nil {
		r.report(result.Refused, err)
	}
	return result.Others > 0
}

func (r *sketchReceiver) report(refused int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused += refused
	if now := r.now(); now.Sub(r.said) >= quiet {
		r.logger.Warn("Sketches of unique users from other collectors were refused. Their users do not count here",
			zap.Int("refused", r.refused), zap.Error(err))
		r.refused, r.said = 0, now
	}
}

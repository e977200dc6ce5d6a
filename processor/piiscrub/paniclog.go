package piiscrub

import (
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/scrub"
)

// panicLog logs defects of the scrubber, once per outage.
type panicLog struct {
	logger  *zap.Logger
	failing atomic.Bool // the last batch had a panic
}

// report logs the panics of a batch, if the one before was free of them.
func (l *panicLog) report(stats *scrub.Stats) {
	if stats.Panics == 0 {
		if l.failing.Load() { // all but always it is not, and a load leaves the cache line shared
			l.failing.Store(false)
		}
		return
	}
	if l.failing.Swap(true) {
		return
	}
	fields := []zap.Field{zap.Int("panics", stats.Panics), zap.Int("dropped", stats.Dropped), zap.Int("redacted", stats.Redacted)}
	if where := stats.FirstPanic; where != nil {
		fields = append(fields, zap.String("panic_type", where.Type), zap.Strings("panic_stack", where.Stack))
	}
	l.logger.Error("The scrubber failed, which is a defect: please report it with this line. "+
		"on_error says what becomes of what it could not scrub; otelcol_pii_scrub_records counts it as dropped or redacted", fields...)
}

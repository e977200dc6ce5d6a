package piiscrub

import (
	"context"
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/internal/scrub"
)

type scrubProcessor struct {
	// scrub is (*scrub.Scrubber).Logs. Tests have it report panics.
	scrub     func(plog.Logs) scrub.Stats
	telemetry *telemetry
	logger    *zap.Logger
	failing   atomic.Bool // the last batch had a panic
}

// processLogs scrubs ld in place. A batch of which nothing is left goes no further.
func (p *scrubProcessor) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	stats := p.scrub(ld)
	p.telemetry.record(ctx, stats)
	p.report(stats)
	return ld, verdict(stats)
}

// report logs a bug of the scrubber once, until a batch is free of it.
func (p *scrubProcessor) report(stats scrub.Stats) {
	if stats.Panics == 0 {
		if p.failing.Load() { // all but always it is not, and a load leaves the cache line shared
			p.failing.Store(false)
		}
		return
	}
	if p.failing.Swap(true) {
		return
	}
	fields := []zap.Field{zap.Int("panics", stats.Panics), zap.Int("dropped", stats.Dropped)}
	if where := stats.FirstPanic; where != nil {
		fields = append(fields, zap.String("panic_type", where.Type), zap.Strings("panic_stack", where.Stack))
	}
	p.logger.Error("The scrubber failed, which is a defect: please report it with this line. "+
		"What it could not scrub is dropped; otelcol_pii_scrub_records counts it as result=dropped", fields...)
}

func verdict(stats scrub.Stats) error {
	if stats.Records > 0 && stats.Dropped == stats.Records {
		return processorhelper.ErrSkipProcessingData
	}
	return nil
}

func (p *scrubProcessor) shutdown(context.Context) error {
	p.telemetry.builder.Shutdown()
	return nil
}

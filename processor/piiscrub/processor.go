package piiscrub

import (
	"context"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/authevents/otelcol-auth/internal/scrub"
)

type scrubProcessor struct {
	scrubber  *scrub.Scrubber
	telemetry *telemetry
}

// processLogs scrubs ld in place. A batch of which nothing is left goes no further.
func (p *scrubProcessor) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	stats := p.scrubber.Logs(ld)
	p.telemetry.record(ctx, stats)
	return ld, verdict(stats)
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

package eventsampler

import (
	"context"

	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// refusing is a sink that refuses while it has an error.
type refusing struct {
	consumertest.LogsSink
	err error
}

func (r *refusing) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	if r.err != nil {
		return r.err
	}
	return r.LogsSink.ConsumeLogs(ctx, ld)
}

package ingest

import (
	"sync/atomic"

	"go.uber.org/zap"
)

// outage logs when the next component ceases to take records and when it takes
// them again, once for all files of an input.
type outage struct {
	logger            *zap.Logger
	failing, refusing atomic.Bool
}

func (o *outage) failed() {
	if o.failing.CompareAndSwap(false, true) {
		o.logger.Warn("The next component does not take records; none is acknowledged until it does. Its own log says why.")
	}
}

func (o *outage) refused() {
	if o.refusing.CompareAndSwap(false, true) {
		o.logger.Error("The next component refuses records for good: they are lost, and counted as otelcol_auth_events_refused. Its own log says why.")
	}
}

func (o *outage) over() {
	failed, refused := o.failing.Swap(false), o.refusing.Swap(false)
	if failed || refused {
		o.logger.Info("The next component takes records again.")
	}
}

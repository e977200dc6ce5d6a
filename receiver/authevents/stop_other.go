//go:build !unix

package authevents

import (
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// stopper ends the collector with a fatal component status. That logs an error,
// but where there are no signals nothing else does.
type stopper struct{}

func newStopper() *stopper { return &stopper{} }

func (*stopper) ask(host component.Host) {
	componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(errors.New("standard input is at its end")))
}

func (*stopper) close() {}

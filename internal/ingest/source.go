package ingest

import (
	"sync"

	"go.opentelemetry.io/collector/component"
)

// source is what the readers of one input share.
type source struct {
	parser    *Parser
	telemetry *telemetry
	drift     driftLog
	batches   sync.Pool // of *batch
}

// newSource makes one; name is that of the input in telemetry.
func newSource(name string, p *Parser, set component.TelemetrySettings) (*source, error) {
	t, err := newTelemetry(set, name)
	if err != nil {
		return nil, err
	}
	return &source{
		parser:    p,
		telemetry: t,
		drift:     driftLog{logger: set.Logger},
		batches:   sync.Pool{New: func() any { return &batch{records: p.events.NewBatch()} }},
	}, nil
}

func (s *source) newReader() *reader {
	return &reader{source: s, unwrapper: s.parser.newUnwrapper()}
}

package ingest

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/framing"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// Decoder makes records of bodies for somebody else to deliver.
type Decoder struct {
	parser    *Parser
	telemetry *telemetry
	batches   sync.Pool // of *batch
}

// NewDecoder makes a decoder; name is that of the input in telemetry.
func NewDecoder(name string, p *Parser, set component.TelemetrySettings) (*Decoder, error) {
	t, err := newTelemetry(set, name)
	if err != nil {
		return nil, err
	}
	return &Decoder{
		parser: p, telemetry: t,
		batches: sync.Pool{New: func() any { return &batch{records: p.events.NewBatch()} }},
	}, nil
}

// Decode makes records of the lines in body, whose identity is id. The error is
// that of framing.Split.
func (d *Decoder) Decode(body []byte, id uint64) (plog.Logs, error) {
	lines, err := framing.Split(nil, body, d.parser.maxLineSize)
	if err != nil {
		return plog.Logs{}, err
	}
	b := d.batches.Get().(*batch)
	defer func() {
		b.end()
		d.batches.Put(b)
	}()
	b.begin(&tail.Lines{Origin: tail.Origin{ID: id}, Lines: lines, Bytes: int64(len(body))}, time.Now())
	d.telemetry.acknowledged(context.Background(), b)
	return b.records.Take(), nil
}

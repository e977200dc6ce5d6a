package ingest

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/framing"
	"github.com/authevents/otelcol-auth/internal/tail"
)

// Decoder makes records of bodies for somebody else to deliver.
type Decoder struct{ source *source }

// NewDecoder makes a decoder; name is that of the input in telemetry.
func NewDecoder(name string, p *Parser, set component.TelemetrySettings) (*Decoder, error) {
	s, err := newSource(name, p, set)
	if err != nil {
		return nil, err
	}
	return &Decoder{source: s}, nil
}

// Decode makes records of the lines in body, whose identity is id. The error is
// that of framing.Split.
func (d *Decoder) Decode(body []byte, id uint64) (plog.Logs, error) {
	lines, err := framing.Split(nil, body, d.source.parser.maxLineSize)
	if err != nil {
		return plog.Logs{}, err
	}
	r := d.source.newReader()
	b := r.read(&tail.Lines{Origin: tail.Origin{ID: id}, Lines: lines, Bytes: int64(len(body)), End: true})
	defer r.done(b)
	r.acknowledged(context.Background(), b)
	return b.records.Take(), nil
}

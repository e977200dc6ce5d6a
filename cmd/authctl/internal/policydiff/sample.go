package policydiff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/input"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/otlpjson"
)

// maxLine is how long a line of the sample is at most. A request of the file exporter
// is a whole batch.
const maxLine = 64 << 20

// read compares what the two make of each line.
func (d *differ) read(ctx context.Context, in *input.Input) error {
	lines := input.NewLines(in, maxLine)
	for {
		line, err := lines.Whole()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if text := bytes.TrimSpace(line.Text); len(text) > 0 {
			if err := d.line(ctx, text); err != nil {
				return lines.At(line.Number, err)
			}
		}
	}
}

// line compares the records of a line, as each pipeline's receiver makes them of it,
// or as they are in an OTLP request.
func (d *differ) line(ctx context.Context, line []byte) error {
	signal, isRequest := otlpjson.Signal(line)
	var ld plog.Logs
	if isRequest {
		var err error
		if ld, err = requested(line, signal); err != nil {
			return err
		}
	}
	records := 0
	for i, p := range d.pairs {
		if p.source == nil {
			continue
		}
		if !isRequest {
			var err error
			if ld, err = p.source.Decode(line); err != nil {
				return err
			}
		}
		records = max(records, ld.LogRecordCount())
		err := single(ld, func(record plog.Logs) error {
			d.record(i, record)
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	d.records += records
	return nil
}

// requested are the records of a request. The decoder's own error may quote the text.
func requested(line []byte, signal string) (ld plog.Logs, err error) {
	if signal != otlpjson.Logs {
		return ld, fmt.Errorf("is an OTLP request with %s, and policies are compared by logs: take it out of the sample", signal)
	}
	ld, err = (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
	if err != nil {
		return ld, fmt.Errorf("begins with %s as an OTLP request does, and is none: take it out of the sample, or mend it", signal)
	}
	return ld, nil
}

// single visits each record as a batch of its own, one after another: each has a copy
// of its resource, which may be large. It stops at the first error.
func single(ld plog.Logs, visit func(plog.Logs) error) error {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				one := plog.NewLogs()
				r := one.ResourceLogs().AppendEmpty()
				rl.Resource().CopyTo(r.Resource())
				s := r.ScopeLogs().AppendEmpty()
				sl.Scope().CopyTo(s.Scope())
				lr.CopyTo(s.LogRecords().AppendEmpty())
				if err := visit(one); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

package autheventsencoding

import (
	"bytes"
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/ingest"
)

// input is what the collector's own telemetry calls what comes by here.
const input = "encoding"

// encoding is the extension. It may be used by several goroutines at once: the
// kafka receiver has one for each partition.
type encoding struct {
	decoder *ingest.Decoder
	ids     identities
}

// A receiver asks an extension for the interface that it needs.
var (
	_ extension.Extension = (*encoding)(nil)
	_ plog.Unmarshaler    = (*encoding)(nil)
)

func newEncoding(set extension.Settings, cfg *Config) (*encoding, error) {
	c, err := compile(cfg, set.BuildInfo.Version)
	if err != nil {
		return nil, err
	}
	decoder, err := ingest.NewDecoder(input, c.parser, set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &encoding{decoder: decoder, ids: c.ids}, nil
}

// Start does nothing: there is nothing to begin, and nothing to hold.
func (*encoding) Start(context.Context, component.Host) error { return nil }

// Shutdown does nothing.
func (*encoding) Shutdown(context.Context) error { return nil }

// UnmarshalLogs makes log records of the lines in payload, which is not kept.
//
// It never returns an error for what a payload holds: a receiver would drop
// the whole message, or stop at it for good. What is no event is a record with
// auth.parse.error, unless the config says to drop it.
func (e *encoding) UnmarshalLogs(payload []byte) (plog.Logs, error) {
	id := e.ids(payload)
	logs, err := e.decoder.Decode(payload, id)
	if err != nil {
		logs, err = e.decoder.Decode(asOneLine(payload), id)
	}
	if err != nil {
		return plog.Logs{}, err
	}
	markUIDs(logs, id)
	return logs, nil
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// asOneLine returns what begins like an array, and is none, in a form that is
// taken for a line of text: one record then keeps it. Its line ends become
// spaces, which they are to JSON. Two byte-order marks stand before it. Framing
// takes off the first, and sees no bracket behind it; the parser takes off the
// second, so that the record has neither.
func asOneLine(payload []byte) []byte {
	payload = bytes.TrimPrefix(payload, byteOrderMark)
	line := make([]byte, 0, 2*len(byteOrderMark)+len(payload))
	line = append(append(append(line, byteOrderMark...), byteOrderMark...), payload...)
	for i, c := range line {
		if c == '\n' || c == '\r' {
			line[i] = ' '
		}
	}
	return line
}

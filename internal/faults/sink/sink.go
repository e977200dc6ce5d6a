// Package sink is the far end of the fault tests: an OTLP/HTTP server, outside
// the collector's process, that notes which lines arrived.
package sink

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/line"
)

// The attributes by which a line is told. They are written out here: a test
// that took them from the collector's code would not see them change.
const (
	clientIDKey   = "auth.client.id"
	uidKey        = "log.record.uid"
	parseErrorKey = "auth.parse.error"
)

// Sink listens at a port of 127.0.0.1.
type Sink struct {
	// Ledger notes what was taken. What was refused is not in it.
	Ledger *ledger.Ledger

	addr   string // the same also after Down and Up
	server *http.Server
	wait   wait

	status  atomic.Int64 // of the answers
	delay   atomic.Int64 // of each answer, in ns
	refused atomic.Int64
	taken   atomic.Int64
	bad     atomic.Int64
}

// Start begins to serve, and takes everything at once until told otherwise.
func Start(ctx context.Context) (*Sink, error) {
	s := &Sink{Ledger: ledger.New(), addr: "127.0.0.1:0", wait: wait{begun: time.Now()}}
	s.status.Store(http.StatusOK)
	if err := s.listen(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Sink) listen(ctx context.Context) error {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", s.addr)
	if err != nil {
		return err
	}
	s.addr = listener.Addr().String()
	server := &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // its error is that it was closed
	s.server = server
	return nil
}

// URL is the endpoint for the otlp_http exporter.
func (s *Sink) URL() string { return "http://" + s.addr }

// Close ends the server and its connections.
func (s *Sink) Close() error { return s.server.Close() }

// Answer sets the status of the answers from now on. Anything but 200 refuses
// the request, and nothing of it is noted.
func (s *Sink) Answer(status int) { s.status.Store(int64(status)) }

// Delay sets how long each answer takes from now on.
func (s *Sink) Delay(d time.Duration) { s.delay.Store(int64(d)) }

// Refused counts the requests that were refused.
func (s *Sink) Refused() int { return int(s.refused.Load()) }

// Taken counts the requests that were taken.
func (s *Sink) Taken() int { return int(s.taken.Load()) }

// Bad counts the requests that were no OTLP. There should be none.
func (s *Sink) Bad() int { return int(s.bad.Load()) }

func (s *Sink) serve(w http.ResponseWriter, r *http.Request) {
	s.wait.arrived()
	logs, err := decode(r)
	if err != nil {
		// One whose sender was killed in the middle is cut short: a fault of
		// the test's own making, and no complaint.
		if !errors.Is(err, io.ErrUnexpectedEOF) && r.Context().Err() == nil {
			s.bad.Add(1)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if delay := time.Duration(s.delay.Load()); delay > 0 {
		select {
		case <-time.After(delay):
		case <-r.Context().Done(): // the sender has gone: it gets no answer, so this was not taken
			return
		}
	}
	if status := int(s.status.Load()); status != http.StatusOK {
		s.refused.Add(1)
		s.wait.ask(w.Header())
		w.WriteHeader(status)
		return
	}
	s.note(logs)
	s.taken.Add(1)
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(http.StatusOK)
}

// decode reads an OTLP request, protobuf, with or without gzip. On the wire an
// ExportLogsServiceRequest is a LogsData: both have the resource logs as field 1.
func decode(r *http.Request) (plog.Logs, error) {
	body := io.Reader(r.Body)
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "":
	case "gzip":
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return plog.Logs{}, err
		}
		body = unzipped
	default:
		return plog.Logs{}, fmt.Errorf("content encoding %q: the sink reads gzip or none", encoding)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return plog.Logs{}, err
	}
	var unmarshaler plog.ProtoUnmarshaler
	return unmarshaler.UnmarshalLogs(data)
}

func (s *Sink) note(logs plog.Logs) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				s.noteRecord(record.Attributes())
			}
		}
	}
}

func (s *Sink) noteRecord(attributes pcommon.Map) {
	clientID := text(attributes, clientIDKey)
	sequence, ok := line.Sequence(clientID)
	_, unparsed := attributes.Get(parseErrorKey)
	switch {
	case unparsed:
		s.Ledger.Stranger()
	case ok:
		s.Ledger.Arrived(sequence, text(attributes, uidKey))
	case line.IsFiller(clientID):
		s.Ledger.Filler()
	default:
		s.Ledger.Stranger()
	}
}

func text(attributes pcommon.Map, key string) string {
	v, ok := attributes.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

// Package otlpsink is an OTLP/HTTP endpoint in the process of a benchmark, for the
// collector that it measures to send to.
package otlpsink

import (
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// Sink counts log records, and answers all else with success. What it costs is not of
// the collector's process.
type Sink struct {
	listener net.Listener
	server   *http.Server
	records  atomic.Int64
}

// New listens on a free port of this machine.
func New(ctx context.Context) (*Sink, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sink{listener: l}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.Serve(l) }() // its error is that it was closed
	return s, nil
}

// URL is the endpoint, for the setting endpoint of otlp_http.
func (s *Sink) URL() string { return "http://" + s.listener.Addr().String() }

// Close stops listening.
func (s *Sink) Close() { _ = s.server.Close() }

// Count is how many records have come.
func (s *Sink) Count() int { return int(s.records.Load()) }

// ServeHTTP takes a request of logs, compressed with gzip or not.
func (s *Sink) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/x-protobuf")
	if req.URL.Path != "/v1/logs" {
		return // metrics
	}
	n, err := recordsIn(req)
	if err != nil {
		http.Error(w, "no OTLP", http.StatusBadRequest)
		return
	}
	s.records.Add(int64(n))
}

func recordsIn(req *http.Request) (int, error) {
	content := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(req.Body)
		if err != nil {
			return 0, err
		}
		content = unzipped
	}
	body, err := io.ReadAll(content)
	if err != nil {
		return 0, err
	}
	logs := plogotlp.NewExportRequest()
	if err := logs.UnmarshalProto(body); err != nil {
		return 0, err
	}
	return logs.Logs().LogRecordCount(), nil
}

package main

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

// sink is an OTLP/HTTP endpoint that counts records. What it costs is not of
// the collector's process.
type sink struct {
	listener net.Listener
	server   *http.Server
	records  atomic.Int64
}

func newSink(ctx context.Context) (*sink, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{listener: l}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.server.Serve(l) }() // its error is that it was closed
	return s, nil
}

func (s *sink) url() string { return "http://" + s.listener.Addr().String() }

func (s *sink) close() { _ = s.server.Close() }

func (s *sink) count() int { return int(s.records.Load()) }

func (s *sink) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/x-protobuf")
	if req.URL.Path != "/v1/logs" {
		return // counts, which a gateway pushes
	}
	n, err := recordsIn(req)
	if err != nil {
		http.Error(w, "no OTLP", http.StatusBadRequest)
		return
	}
	s.records.Add(int64(n))
}

func recordsIn(req *http.Request) (int, error) {
	unzipped, err := gzip.NewReader(req.Body)
	if err != nil {
		return 0, err
	}
	body, err := io.ReadAll(unzipped)
	if err != nil {
		return 0, err
	}
	logs := plogotlp.NewExportRequest()
	if err := logs.UnmarshalProto(body); err != nil {
		return 0, err
	}
	return logs.Logs().LogRecordCount(), nil
}

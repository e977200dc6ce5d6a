// Package datadog plays Datadog's intakes: logs (v2) and metrics as the datadog
// exporter sends them, the check of the API key, and logs and metrics by OTLP.
// It demands what the documentation does, and drops in silence what Datadog
// drops in silence, but counts it.
//
// The documentation:
// https://docs.datadoghq.com/api/latest/logs/#send-logs,
// https://docs.datadoghq.com/api/latest/metrics/#submit-metrics,
// https://docs.datadoghq.com/api/latest/authentication/,
// https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest/logs/,
// https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest/metrics/.
package datadog

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// Server is Datadog for one organization, at a port of 127.0.0.1.
type Server struct {
	// URL is the base of all its intakes.
	URL string
	// LogsOutage and MetricsOutage answer in the intakes' place, while told to.
	// The check of the key goes on.
	LogsOutage, MetricsOutage otlp.Outage

	key string

	mu       sync.Mutex
	logs     []Log
	tooOld   int // logs that were dropped for their age
	points   map[pointKey]float64
	zeros    int
	refusals []string
	text     []byte
}

// New starts a server that knows one API key, and stops it at the test's end.
func New(t testing.TB, key string) *Server {
	t.Helper()
	s := &Server{key: key, points: map[pointKey]float64{}}
	mux := http.NewServeMux()
	mux.Handle("POST /api/v2/logs", s.LogsOutage.Wrap(http.HandlerFunc(s.takeLogs)))
	mux.Handle("POST /api/v2/series", s.MetricsOutage.Wrap(http.HandlerFunc(s.takeSeries)))
	mux.Handle("POST /api/beta/sketches", s.MetricsOutage.Wrap(http.HandlerFunc(s.takeSketches)))
	mux.HandleFunc("GET /api/v1/validate", s.validate)
	mux.Handle("/v1/logs", s.LogsOutage.Wrap(s.otlpLogs()))
	mux.Handle("/v1/metrics", s.MetricsOutage.Wrap(s.otlpMetrics()))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, http.StatusNotFound, "no intake has this path")
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Refusals are the requests that were answered with an error for what they
// are, each with the reason. Outages are not among them.
func (s *Server) Refusals() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals)
}

// Text is all that was received, decompressed: bodies, and the headers' values
// but for the API key.
func (s *Server) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}

// authorized checks the key of a request: 401 without one, 403 for a wrong one.
func (s *Server) authorized(key string) (status int, reason string) {
	switch key {
	case s.key:
		return http.StatusOK, ""
	case "":
		return http.StatusUnauthorized, "no API key"
	default:
		return http.StatusForbidden, "wrong API key"
	}
}

// validate answers whether a key is valid, in the header or, as the exporter's
// forwarder asks, in the query.
func (s *Server) validate(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("DD-API-KEY")
	if key == "" {
		key = r.URL.Query().Get("api_key")
	}
	if status, _ := s.authorized(key); status != http.StatusOK {
		s.refuse(w, r, http.StatusForbidden, "wrong API key") // this one knows no 401
		return
	}
	answer(w, http.StatusOK, map[string]any{"valid": true})
}

// refuse answers as Datadog's API does to an error, and keeps the reason.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, reason string) {
	s.note(r, reason)
	answer(w, status, map[string]any{"errors": []string{http.StatusText(status)}})
}

func (s *Server) note(r *http.Request, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals = append(s.refusals, fmt.Sprintf("%s %s: %s", r.Method, r.URL.Path, reason))
}

// keep adds to Text.
func (s *Server) keep(r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, values := range r.Header {
		if name != "Dd-Api-Key" {
			s.text = fmt.Appendf(s.text, "%s: %s\n", name, values)
		}
	}
	s.text = append(append(s.text, body...), '\n')
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a sender that has gone does not want it
}

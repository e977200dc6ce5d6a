// Package honeycomb plays Honeycomb's OTLP endpoints: it demands what Honeycomb
// does, makes events of records as Honeycomb does, and keeps them by dataset.
// The demands are those of
//
//	https://docs.honeycomb.io/send-data/opentelemetry/
//	https://docs.honeycomb.io/api/events/create-an-event (limits of an event)
//	https://docs.honeycomb.io/api/errors
//	https://docs.honeycomb.io/api/rate-limit
//
// and, where these leave it open, of Honeycomb's library for its intake,
// github.com/honeycombio/husky, package otlp.
package honeycomb

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// Server is a Honeycomb with one environment.
type Server struct {
	// URL is that of the API.
	URL string
	// Outage answers requests for logs in its place while told to.
	Outage otlp.Outage

	key    string
	server *httptest.Server

	mu         sync.Mutex
	events     []Event
	metrics    []Metrics
	violations []string
	refused    int
}

// Metrics is a request for metrics.
type Metrics struct {
	Dataset string
	pmetric.Metrics
}

// maxRequest is larger than any request of ours: what OTLP requests may
// measure, Honeycomb's pages do not say.
const maxRequest = 15 << 20

// Start begins to serve an environment with this API key.
func Start(key string) *Server {
	s := &Server{key: key}
	limits := otlp.Limits{Body: maxRequest, Decoded: maxRequest}
	mux := http.NewServeMux()
	mux.Handle("POST /v1/logs", s.Outage.Wrap(s.authenticate(otlp.Logs(limits, s.takeLogs))))
	mux.Handle("POST /v1/metrics", s.authenticate(otlp.Metrics(limits, s.takeMetrics)))
	s.server = httptest.NewServer(mux)
	s.URL = s.server.URL
	return s
}

// Close ends the server.
func (s *Server) Close() { s.server.Close() }

// Events are all that came as logs, in order.
func (s *Server) Events() []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clip(s.events)
}

// Metrics are all requests for metrics, in order.
func (s *Server) Metrics() []Metrics {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clip(s.metrics)
}

// Violations are the limits that events went beyond. Honeycomb's pages do not
// say what becomes of such an event under OTLP; here it is not kept.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clip(s.violations)
}

// Refused counts the requests without the right key.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

func (s *Server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := otlp.Answer{}
		switch r.Header.Get("X-Honeycomb-Team") {
		case s.key:
			next.ServeHTTP(w, r)
			return
		case "":
			answer = otlp.Answer{Status: http.StatusUnauthorized, Message: "missing 'x-honeycomb-team' header"}
		default:
			answer = otlp.Answer{Status: http.StatusUnauthorized, Message: "unknown API key - check your credentials"}
		}
		s.mu.Lock()
		s.refused++
		s.mu.Unlock()
		answer.Refuse(w, r)
	})
}

func (s *Server) takeLogs(r *otlp.Request, logs plog.Logs) otlp.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range eventsOf(logs, r.HTTP.Header.Get("X-Honeycomb-Dataset")) {
		if violation := e.check(); violation != "" {
			s.violations = append(s.violations, violation)
			continue
		}
		s.events = append(s.events, e)
	}
	return otlp.Answer{}
}

func (s *Server) takeMetrics(r *otlp.Request, metrics pmetric.Metrics) otlp.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	dataset := r.HTTP.Header.Get("X-Honeycomb-Dataset")
	if dataset == "" {
		dataset = "unknown_metrics"
	}
	s.metrics = append(s.metrics, Metrics{dataset, metrics})
	return otlp.Answer{}
}

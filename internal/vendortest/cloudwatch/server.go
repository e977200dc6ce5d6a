// Package cloudwatch plays CloudWatch's OTLP endpoints for logs and metrics. It
// verifies the signature of each request, wants an existing log group and
// stream, and rejects what is too large, too old or too new.
//
// The documentation:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_HTTP_Endpoints.html,
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_HTTP_Endpoints_OTLP.html,
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html,
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html.
package cloudwatch

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// The limits of a batch of logs: its bytes, to be counted as the text of each
// event and 26 more, its events, and their age. They are those of PutLogEvents,
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html;
// this server counts the whole request, decompressed, which is stricter.
const (
	maxBytes  = 1048576
	maxEvents = 10000
	maxAge    = 14 * 24 * time.Hour
	maxLead   = 2 * time.Hour
)

// Config of a Server.
type Config struct {
	// AccessKeyID, SecretAccessKey and SessionToken are the one pair of
	// credentials that is known; a SessionToken of "" is for a user's own key.
	AccessKeyID, SecretAccessKey, SessionToken string
	// Region is that of the endpoint.
	Region string
	// Group and Stream are the only ones that exist.
	Group, Stream string
}

// Server is CloudWatch in one region, at a port of 127.0.0.1.
type Server struct {
	// URL is the base of both endpoints.
	URL string
	// LogsOutage and MetricsOutage answer in the endpoints' place, while told to.
	LogsOutage, MetricsOutage otlp.Outage

	config Config
	now    func() time.Time

	mu       sync.Mutex
	logs     []plog.Logs
	metrics  []pmetric.Metrics
	refusals []string
	text     []byte
}

// New starts a server, and stops it at the test's end.
func New(t testing.TB, c Config) *Server {
	t.Helper()
	s := &Server{config: c, now: time.Now}
	mux := http.NewServeMux()
	mux.Handle("/v1/logs", s.LogsOutage.Wrap(s.signed("logs", otlp.Logs(otlp.Limits{Decoded: maxBytes}, s.takeLogs))))
	mux.Handle("/v1/metrics", s.MetricsOutage.Wrap(s.signed("monitoring", otlp.Metrics(otlp.Limits{}, s.takeMetrics))))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.note(r, "no endpoint has this path")
		apiError{http.StatusNotFound, "UnknownOperationException", ""}.write(w)
	})
	server := httptest.NewServer(s.noting(mux))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Logs are the batches that were taken, without what was rejected of them.
func (s *Server) Logs() []plog.Logs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logs)
}

// Metrics are the requests that were taken.
func (s *Server) Metrics() []pmetric.Metrics {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.metrics)
}

// Refusals are the requests that were answered with an error or a partial
// success, each with the reason. Outages are not among them.
func (s *Server) Refusals() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals)
}

// Text is all that was received: bodies, decompressed, and the headers' values.
func (s *Server) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}

func (s *Server) note(r *http.Request, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals = append(s.refusals, fmt.Sprintf("%s %s: %s", r.Method, r.URL.Path, reason))
}

func (s *Server) keep(r *otlp.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, values := range r.HTTP.Header {
		s.text = fmt.Appendf(s.text, "%s: %s\n", name, values)
	}
	s.text = append(append(s.text, r.Decoded...), '\n')
}

// noting keeps refusals that come from below, of sizes and encodings.
func (s *Server) noting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before := len(s.Refusals())
		outages := s.LogsOutage.Refused() + s.MetricsOutage.Refused()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		isOutage := s.LogsOutage.Refused()+s.MetricsOutage.Refused() > outages
		if seen.status != http.StatusOK && !isOutage && len(s.Refusals()) == before {
			s.note(r, http.StatusText(seen.status))
		}
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

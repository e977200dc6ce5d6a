// Package loki plays the OTLP endpoint of Grafana Loki 3 with its default
// limits: it demands what Loki does, maps records as Loki does, and keeps what
// Loki would. The demands are those of
//
//	https://grafana.com/docs/loki/latest/send-data/otel/
//	https://grafana.com/docs/loki/latest/operations/request-validation-rate-limits/
//	https://grafana.com/docs/loki/latest/operations/multi-tenancy/
//
// and, where these leave it open, of Loki's code, github.com/grafana/loki/v3
// v3.7.8: pkg/loghttp/push, pkg/distributor, pkg/ingester.
package loki

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// Options of a server. The zero value is a Loki with auth_enabled that knows
// every tenant.
type Options struct {
	// Tenant is the only one that is known; "" for any.
	Tenant string
	// User and Password are those of the gateway before Grafana Cloud; "" for
	// no gateway. It sets the tenant itself.
	User, Password string
	// TimeSharding is limits_config.shard_streams.time_sharding_enabled.
	TimeSharding bool
}

// Server is a Loki.
type Server struct {
	// URL is that of the server. The OTLP endpoint is URL/otlp.
	URL string
	// Outage answers in its place while told to.
	Outage otlp.Outage

	options Options
	server  *httptest.Server

	mu         sync.Mutex
	streams    map[string]*stream
	entries    []Entry
	duplicates int
	discarded  map[string]int
	refusals   []Refusal
}

// Refusal is an answer that is none of success, those of the outage aside.
type Refusal struct {
	Status  int
	Message string
}

// The limits of a push, in bytes.
const (
	maxReceived     = 100 << 20  // distributor.max-recv-msg-size
	maxDecompressed = 5000 << 20 // distributor.max-decompressed-size
)

// Start begins to serve.
func Start(o Options) *Server {
	s := &Server{options: o, streams: map[string]*stream{}, discarded: map[string]int{}}
	logs := otlp.Logs(otlp.Limits{Body: maxReceived, Decoded: maxDecompressed}, s.push)
	mux := http.NewServeMux()
	mux.Handle("POST /otlp/v1/logs", s.Outage.Wrap(s.authenticate(logs)))
	s.server = httptest.NewServer(mux)
	s.URL = s.server.URL
	return s
}

// Close ends the server.
func (s *Server) Close() { s.server.Close() }

// Entries are all that is stored, in the order in which it came.
func (s *Server) Entries() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[:len(s.entries):len(s.entries)]
}

// Duplicates counts entries that were there already: same stream, time, line
// and structured metadata. Loki stores such an entry once.
func (s *Server) Duplicates() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.duplicates
}

// Discarded counts the entries that were refused, by Loki's names of the
// reasons: those of the metric loki_discarded_samples_total.
func (s *Server) Discarded() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	discarded := make(map[string]int, len(s.discarded))
	for reason, n := range s.discarded {
		discarded[reason] = n
	}
	return discarded
}

// Refusals are the answers that were none of success.
func (s *Server) Refusals() []Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusals[:len(s.refusals):len(s.refusals)]
}

// authenticate asks who sends, as the gateway and Loki's own middleware do.
func (s *Server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tenant := r.Header.Get("X-Scope-OrgID")
		user, password, _ := r.BasicAuth()
		switch {
		case s.options.User != "":
			if user != s.options.User || password != s.options.Password {
				s.refuse(w, Refusal{http.StatusUnauthorized, "authentication error: invalid credentials"})
				return
			}
		case tenant == "":
			s.refuse(w, Refusal{http.StatusUnauthorized, "no org id"})
			return
		case s.options.Tenant != "" && tenant != s.options.Tenant:
			// Loki takes any tenant; this one is to find a wrong header.
			s.refuse(w, Refusal{http.StatusForbidden, "unknown tenant"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse answers as the middleware does, in plain text.
func (s *Server) refuse(w http.ResponseWriter, r Refusal) {
	s.mu.Lock()
	s.refusals = append(s.refusals, r)
	s.mu.Unlock()
	http.Error(w, r.Message, r.Status)
}

// push takes what can be taken, and answers 204, or the first kind of error
// that there was: of a push with one bad entry all others are stored, although
// the answer is 400.
func (s *Server) push(_ *otlp.Request, logs plog.Logs) otlp.Answer {
	pushed, err := entriesOf(logs)
	if err != nil {
		return otlp.Answer{Status: http.StatusBadRequest, Message: err.Error()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	refusal := s.store(pushed, time.Now())
	if refusal.Status == 0 {
		return otlp.Answer{Status: http.StatusNoContent}
	}
	s.refusals = append(s.refusals, refusal)
	return otlp.Answer{Status: refusal.Status, Message: refusal.Message}
}

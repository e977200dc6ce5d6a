//go:build unix

package e2e

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
)

// otlpSink is an OTLP/HTTP endpoint. It keeps metrics, and counts the log
// records that it has accepted.
type otlpSink struct {
	t   *testing.T
	url string

	mu       sync.Mutex
	metrics  points
	text     []byte // of all metrics, in JSON
	records  int
	requests int   // of logs, refused ones included
	answers  []int // to the next requests of logs; then 200
}

func newOTLPSink(t *testing.T) *otlpSink {
	t.Helper()
	s := &otlpSink{t: t}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *otlpSink) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var reader io.Reader = req.Body
	if req.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(req.Body)
		if !assert.NoError(s.t, err) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		reader = unzipped
	}
	body, err := io.ReadAll(reader)
	if !assert.NoError(s.t, err) {
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(s.take(req.URL.Path, body))
}

// take keeps a request, and returns the status of its answer.
func (s *otlpSink) take(path string, body []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch path {
	case "/v1/metrics":
		request := pmetricotlp.NewExportRequest()
		if !assert.NoError(s.t, request.UnmarshalProto(body)) {
			return http.StatusBadRequest
		}
		text, err := request.MarshalJSON()
		assert.NoError(s.t, err)
		s.metrics.add(s.t, string(text))
		s.text = append(append(s.text, text...), '\n')
	case "/v1/logs":
		s.requests++
		if len(s.answers) > 0 {
			status := s.answers[0]
			s.answers = s.answers[1:]
			if status != http.StatusOK {
				return status
			}
		}
		request := plogotlp.NewExportRequest()
		if !assert.NoError(s.t, request.UnmarshalProto(body)) {
			return http.StatusBadRequest
		}
		s.records += request.Logs().LogRecordCount()
	}
	return http.StatusOK
}

// refuse has the next requests of logs answered with these statuses.
func (s *otlpSink) refuse(statuses ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers, s.requests = statuses, 0
}

// logs returns how many requests came since refuse, and how many records were
// accepted in all.
func (s *otlpSink) logs() (requests, records int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests, s.records
}

// values are the newest values of all series.
func (s *otlpSink) values() map[string]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.metrics.values()
}

// metricsText is all that came as metrics.
func (s *otlpSink) metricsText() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.text)
}

// TestPoints: the newest point of a series counts, and those of two collectors
// add up.
func TestPoints(t *testing.T) {
	var p points
	request := func(instance, value string) string {
		return `{"resourceMetrics":[{"resource":{"attributes":[{"key":"i","value":{"stringValue":"` + instance + `"}}]},` +
			`"scopeMetrics":[{"metrics":[{"name":"otelcol.x"},{"name":"auth.events","sum":{"aggregationTemporality":2,"dataPoints":[` +
			`{"asInt":"` + value + `","attributes":[{"key":"auth.source","value":{"stringValue":"hera"}},{"key":"auth.category","value":{"stringValue":"x"}}]}]}},` +
			`{"name":"auth.pkce.duration","histogram":{"aggregationTemporality":2,"dataPoints":[{"count":"` + value + `","sum":0.5,"attributes":[{"key":"b","value":{"boolValue":true}}]}]}}]}]}]}`
	}
	for _, r := range []string{request("a", "3"), request("a", "6"), request("b", "1")} {
		p.add(t, r)
	}
	require.Equal(t, map[string]float64{
		"auth.events{auth.source=hera}": 7, "auth.pkce.duration_count{b=true}": 7, "auth.pkce.duration_sum{b=true}": 1,
	}, p.values())
}

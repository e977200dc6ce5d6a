//go:build unix

package sampling

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// sink is an OTLP/HTTP endpoint that keeps the logs that it takes, and refuses
// the second request, as a busy vendor does. The exporter waits for some seconds
// then, so that one has to do.
type sink struct {
	t   *testing.T
	url string

	mu       sync.Mutex
	requests int
	refused  int
	text     bytes.Buffer // of what was taken, a line of OTLP JSON for each request
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{t: t}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *sink) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(req.Body)
		if !assert.NoError(s.t, err) {
			return
		}
		body = unzipped
	}
	data, err := io.ReadAll(body)
	if !assert.NoError(s.t, err) {
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(s.take(data))
}

// take keeps a request, and returns the status of its answer.
func (s *sink) take(body []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	if s.requests == 2 {
		s.refused++
		return http.StatusServiceUnavailable
	}
	request := plogotlp.NewExportRequest()
	if !assert.NoError(s.t, request.UnmarshalProto(body)) {
		return http.StatusBadRequest
	}
	text, err := request.MarshalJSON()
	if !assert.NoError(s.t, err) {
		return http.StatusBadRequest
	}
	s.text.Write(append(text, '\n'))
	return http.StatusOK
}

// taken is all that was taken, and how many requests were refused.
func (s *sink) taken() (otlp string, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String(), s.refused
}

//go:build unix

package e2e

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// sinkhole takes whatever any destination is sent, refuses nothing, and keeps
// all of it: what a vendor would refuse has left the machine all the same.
type sinkhole struct {
	t   *testing.T
	url string

	mu      sync.Mutex
	text    strings.Builder
	logs    int
	metrics int  // requests
	quotes  bool // refuses logs, and says what they were
}

func newSinkhole(t *testing.T) *sinkhole {
	t.Helper()
	s := &sinkhole{t: t}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *sinkhole) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil { // the collector was stopped while it sent
		return
	}
	body, err := decompressed(r.Header.Get("Content-Encoding"), raw)
	assert.NoError(s.t, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(&s.text, "%s %s\n", r.Method, r.RequestURI)
	for name, values := range r.Header {
		fmt.Fprintf(&s.text, "%s: %s\n", name, strings.Join(values, ", "))
	}
	s.text.Write(body)
	s.text.WriteByte('\n')
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/v1/logs"):
		request := plogotlp.NewExportRequest()
		assert.NoError(s.t, request.UnmarshalProto(body))
		s.logs += request.Logs().LogRecordCount()
		text := s.keepJSON(request)
		if s.quotes {
			otlp.Answer{Status: http.StatusBadRequest, Message: text}.Refuse(w, r)
			return
		}
		w.Header().Set("Content-Type", otlp.Proto)
	case strings.HasSuffix(path, "/v1/metrics"):
		request := pmetricotlp.NewExportRequest()
		assert.NoError(s.t, request.UnmarshalProto(body))
		s.metrics++
		s.keepJSON(request)
		w.Header().Set("Content-Type", otlp.Proto)
	case strings.HasSuffix(path, "/v2/logs"): // Datadog's
		var list []json.RawMessage
		if json.Unmarshal(body, &list) == nil { // {} tries the connection
			s.logs += len(list)
		}
		w.WriteHeader(http.StatusAccepted)
	case strings.HasSuffix(path, "/validate"):
		_, _ = io.WriteString(w, `{"valid":true}`)
	default: // Datadog's series and sketches, remote write
		s.metrics++
		w.WriteHeader(http.StatusAccepted)
	}
}

// keepJSON keeps the texts of a request as texts: in protobuf, a string that is
// JSON by itself stands among other bytes, and is not decoded.
func (s *sinkhole) keepJSON(request interface{ MarshalJSON() ([]byte, error) }) string {
	text, err := request.MarshalJSON()
	assert.NoError(s.t, err)
	s.text.Write(text)
	s.text.WriteByte('\n')
	return string(text)
}

func decompressed(encoding string, body []byte) ([]byte, error) {
	var r io.Reader
	var err error
	switch encoding {
	case "":
		return body, nil
	case "snappy":
		return snappy.Decode(nil, body)
	case "gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		r, err = zlib.NewReader(bytes.NewReader(body))
	case "zstd":
		var d *zstd.Decoder
		d, err = zstd.NewReader(bytes.NewReader(body))
		r = d
	default:
		return nil, fmt.Errorf("content encoding %q", encoding)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// got is all that came so far, and how many log records and other requests.
func (s *sinkhole) got() (text string, logs, metrics int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String(), s.logs, s.metrics
}

package authevents

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
)

const testUIDKey = "0123456789abcdef0123456789abcdef"

func httpConfig() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.GetOrInsertDefault().Server.NetAddr.Endpoint = "localhost:0"
	return cfg
}

// httpClient is one of a test's own, so that no connection outlives the test.
func httpClient(t *testing.T) *http.Client {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}

// served is a receiver that serves requests, and a client of it.
type served struct {
	*running
	client *http.Client
	url    string
}

func newServed(t *testing.T, cfg *Config, s *sink) *served {
	t.Helper()
	return &served{running: newRunning(t, cfg, s), client: httpClient(t)}
}

func (s *served) serve(t *testing.T) *served {
	t.Helper()
	s.start(t, componenttest.NewNopHost())
	s.url = "http://" + s.http.address.String() + s.http.options.path
	return s
}

func serve(t *testing.T, cfg *Config, s *sink) *served {
	t.Helper()
	return newServed(t, cfg, s).serve(t)
}

// answered is what a test looks at.
type answered struct {
	status int
	body   string
	header http.Header
}

// do sends a request; header are names and values, one after the other.
func (s *served) do(t *testing.T, method, url string, body io.Reader, header ...string) answered {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return answered{resp.StatusCode, strings.TrimSuffix(string(text), "\n"), resp.Header}
}

func (s *served) post(t *testing.T, body string, header ...string) answered {
	t.Helper()
	return s.do(t, http.MethodPost, s.url, strings.NewReader(body), header...)
}

func gzipped(tb testing.TB, text []byte) string {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(text)
	require.NoError(tb, err)
	require.NoError(tb, w.Close())
	return b.String()
}

func zstded(tb testing.TB, text []byte) string {
	tb.Helper()
	w, err := zstd.NewWriter(nil)
	require.NoError(tb, err)
	return string(w.EncodeAll(text, nil))
}

func bodies(records []record) []string {
	var list []string
	for _, r := range records {
		list = append(list, r.body)
	}
	return list
}

func uids(records []record) []string {
	var list []string
	for _, r := range records {
		list = append(list, r.uid)
	}
	return list
}

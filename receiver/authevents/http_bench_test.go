package authevents

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// discard is a ResponseWriter that keeps the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }

// BenchmarkHTTP posts 500 lines of 1 KB to the handler, as it stands behind
// confighttp's decompression, with a consumer that does nothing.
func BenchmarkHTTP(b *testing.B) {
	const lines = 500
	var list []string
	for i := range lines {
		line := fmt.Sprintf(`{"type":"audit","event":"pkce_failed","reason":"r%d","domain":"ciam","ts":"2026-05-20T10:00:00.000Z","pad":"`, i)
		list = append(list, line+strings.Repeat("x", 1024-len(line)-2)+`"}`)
	}
	ndjson := strings.Join(list, "\n") + "\n"
	for _, test := range []struct{ name, encoding, body string }{
		{"ndjson", "", ndjson},
		{"array", "", "[" + strings.Join(list, ",") + "]"},
		{"ndjson/gzip", "gzip", gzipped(b, []byte(ndjson))},
		{"ndjson/zstd", "zstd", zstded(b, []byte(ndjson))},
	} {
		b.Run(test.name, func(b *testing.B) {
			r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), httpConfig(), consumertest.NewNop())
			require.NoError(b, err)
			server, err := r.http.newServer(b.Context(), nil)
			require.NoError(b, err)
			w := &discard{header: http.Header{}}
			b.SetBytes(int64(len(ndjson)))
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequestWithContext(b.Context(), http.MethodPost, defaultHTTPPath, strings.NewReader(test.body))
				req.Header.Set("Content-Encoding", test.encoding)
				server.Handler.ServeHTTP(w, req)
			}
			require.Equal(b, http.StatusOK, w.status)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
		})
	}
}

package authevents

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/authevents/otelcol-auth/internal/framing"
	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// FuzzHTTPBody: whatever the body, the answer is 200, 400 or 413; the numbers of
// a 200 are those of the lines and of the records, and else no record is sent.
func FuzzHTTPBody(f *testing.F) {
	const maxBody, maxLines = 64 << 10, 100
	encodings := []string{"", "gzip", "zstd"}
	for _, text := range []string{
		"", hera(1), heraLines(0, 3), "[" + hera(1) + "]", "[{}", "\ufeff\r\n", "null\n\n{", "x\n" + hera(1) + "\ny",
		`{"eventType":"com.okta.event_hook","data":{"events":[{}]}}`, `{"eventType":"com.okta.event_hook","data":{"events":[{},{}]}}`, strings.Repeat("\n", maxLines+1), strings.Repeat("x", maxBody+1),
	} {
		f.Add([]byte(text), byte(0))
		f.Add([]byte(gzipped(f, []byte(text))), byte(1))
		f.Add([]byte(zstded(f, []byte(text))), byte(2))
		f.Add([]byte(text), byte(1))
	}
	s := &sink{}
	cfg := httpConfig()
	cfg.HTTP.Get().Server.MaxRequestBodySize = maxBody
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), cfg, s)
	require.NoError(f, err)
	r.http.handler.maxLines = maxLines
	server, err := r.http.newServer(f.Context(), nil)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body []byte, encoding byte) {
		s.records = nil
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, defaultHTTPPath, strings.NewReader(string(body)))
		req.Header.Set("Content-Encoding", encodings[int(encoding)%len(encodings)])
		w := httptest.NewRecorder()
		server.Handler.ServeHTTP(w, req)
		var answer struct {
			Accepted, Rejected int
			Reasons            map[string]int
			Error              string
		}
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
		if w.Code != http.StatusOK {
			require.Contains(t, []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}, w.Code)
			require.NotEmpty(t, answer.Error)
			require.Empty(t, s.records)
			return
		}
		require.Len(t, s.records, answer.Accepted+answer.Rejected)
		reasons := 0
		for _, n := range answer.Reasons {
			reasons += n
		}
		require.Equal(t, answer.Rejected, reasons)
		events := 0
		for _, rec := range s.records {
			if rec.parseError == "" {
				events++
			}
		}
		require.Equal(t, answer.Accepted, events)
		envelope := strings.Contains(string(body), "com.okta.event_hook") || strings.Contains(string(body), "logEvents")
		if int(encoding)%len(encodings) == 0 && !envelope { // as it was sent
			lines, err := framing.Split(nil, body, r.maxLineSize)
			require.NoError(t, err)
			require.LessOrEqual(t, len(s.records), len(lines), "the rest is skipped")
		}
	})
}

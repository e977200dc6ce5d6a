package retrystatus

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// messageOf reads an answer as the OTLP exporter does.
func messageOf(t *testing.T, body string) string {
	t.Helper()
	var s rpcstatus.Status
	require.NoError(t, proto.Unmarshal([]byte(body), &s))
	return s.GetMessage()
}

func otlpStatus(t *testing.T, message string) string {
	t.Helper()
	body, err := proto.Marshal(&rpcstatus.Status{Code: 16, Message: message})
	require.NoError(t, err)
	return string(body)
}

// TestMessage: the exporter's log has the true status, and of the destination's
// words those that the exporter itself would have shown, within bounds.
func TestMessage(t *testing.T) {
	const own = "the destination answered 401, and retry_status has it sent again"
	for name, c := range map[string]struct{ body, want string }{
		"no body":          {"", own},
		"OTLP":             {otlpStatus(t, "unknown API key"), own + ": unknown API key"},
		"OTLP, no message": {otlpStatus(t, ""), own},
		"text":             {"<html>go away</html>", own},
		"long":             {otlpStatus(t, strings.Repeat("x", 5000)), own + ": " + strings.Repeat("x", maxWords)},
		"cut in a rune":    {otlpStatus(t, "x"+strings.Repeat("é", 5000)), own + ": x" + strings.Repeat("é", (maxWords-1)/2)},
		"too long to read": {otlpStatus(t, strings.Repeat("x", maxBody)), own},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			s := server(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = io.WriteString(w, c.body)
			})
			a := r.post(r.client(), s.URL)
			assert.Equal(t, c.want, messageOf(t, a.body))
			assert.Equal(t, "503 Service Unavailable", a.status)
			assert.Equal(t, contentType, a.header.Get("Content-Type"))
			assert.EqualValues(t, len(a.body), a.length)
			assert.Equal(t, strconv.Itoa(len(a.body)), a.header.Get("Content-Length"))
			for _, entry := range r.logs.All() {
				assert.NotContains(t, entry.ContextMap(), "body")
				assert.NotContains(t, entry.Message, "unknown")
			}
		})
	}
}

// TestRetryAfter: the destination's stays, also an empty one; none is invented.
func TestRetryAfter(t *testing.T) {
	for _, values := range [][]string{nil, {"7"}, {""}, {"Wed, 21 Oct 2026 07:28:00 GMT"}, {"1", "2"}} {
		r := newRig(t)
		s := server(t, func(w http.ResponseWriter, _ *http.Request) {
			for _, v := range values {
				w.Header().Add("Retry-After", v)
			}
			w.Header().Set("WWW-Authenticate", "Bearer")
			w.WriteHeader(http.StatusForbidden)
		})
		a := r.post(r.client(), s.URL)
		assert.Equal(t, values, a.header.Values("Retry-After"))
		assert.Empty(t, a.header.Get("WWW-Authenticate"))
	}
}

// TestConnectionIsKept: a body of the usual length does not cost the connection,
// and one without an end is not read to it.
func TestConnectionIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		conns  int64
	}{
		"short": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 8000)) }, 1},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
					return
				}
			}
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			var conns atomic.Int64
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusUnauthorized)
				c.answer(w, r)
			}))
			s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					conns.Add(1)
				}
			}
			s.Start()
			t.Cleanup(s.Close)
			client := r.client()
			for range 3 {
				require.Equal(t, http.StatusServiceUnavailable, r.post(client, s.URL).code)
			}
			assert.Equal(t, c.conns, conns.Load())
		})
	}
}

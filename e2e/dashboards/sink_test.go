//go:build unix

package dashboards

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// newSink starts a server that takes nothing: below /busy it asks to come back,
// below /refuse it does so once, and then refuses for good.
func newSink(t *testing.T) string {
	t.Helper()
	var refused atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusServiceUnavailable
		if strings.HasPrefix(r.URL.Path, "/refuse") && refused.Add(1) > 1 {
			status = http.StatusBadRequest
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

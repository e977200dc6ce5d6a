package retrystatus

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/authevents/otelcol-auth/extension/retrystatus/internal/metadatatest"
)

const (
	begins = "warn The destination refuses what it is sent; it is sent again until it is taken, and what comes behind it waits"
	ends   = "info The destination takes again what it is sent"
)

// TestStatuses: what is configured becomes 503, and all else passes as it is.
func TestStatuses(t *testing.T) {
	for status, want := range map[int]int{
		200: 200, 202: 202, 304: 304, 400: 400, 401: 503, 402: 402, 403: 503, 404: 404, 408: 503, 413: 413, 429: 429,
		500: 503, 501: 501, 502: 502, 503: 503, 504: 504,
	} {
		r := newRig(t)
		s := server(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Own", "own")
			w.WriteHeader(status)
		})
		a := r.post(r.client(), s.URL)
		assert.Equal(t, want, a.code, status)
		passed := status == want
		assert.Equal(t, passed, a.header.Get("X-Own") != "", status)
		assert.Equal(t, passed, a.body == "", status)
		assert.Equal(t, passed, r.logs.Len() == 0, status)
	}
}

// TestOtherStatuses: the config says which, in place of the default.
func TestOtherStatuses(t *testing.T) {
	r := newRig(t, 404, 507)
	var status atomic.Int64
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) })
	client := r.client()
	for answered, want := range map[int]int{401: 401, 404: 503, 507: 503, 500: 500} {
		status.Store(int64(answered))
		assert.Equal(t, want, r.post(client, s.URL).code, answered)
	}
}

// TestStretchesAreSaidOnce: each stretch of a status makes two lines, however
// many answers it has; other errors in it neither end it nor begin another.
func TestStretchesAreSaidOnce(t *testing.T) {
	r := newRig(t)
	answers := []int{200, 401, 401, 503, 401, 400, 403, 401, 200, 200, 403, 204}
	next := 0
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(answers[next]); next++ })
	client := r.client()
	for range answers {
		r.post(client, s.URL)
	}
	assert.Equal(t, []string{
		begins + " http.response.status_code=401",
		begins + " http.response.status_code=403",
		ends + " http.response.status_code=401 responses=4",
		ends + " http.response.status_code=403 responses=1",
		begins + " http.response.status_code=403",
		ends + " http.response.status_code=403 responses=1",
	}, r.said())
	first := r.logs.All()[0].ContextMap()
	assert.Equal(t, strings.TrimPrefix(s.URL, "http://"), first["server.address"])
	last := r.logs.All()[2].ContextMap()
	assert.Contains(t, last, "since")
	assert.Contains(t, last, "lasted")

	metadatatest.AssertEqualRetryStatusResponses(t, r.telemetry, []metricdata.DataPoint[int64]{point(401, 4), point(403, 2)},
		metricdatatest.IgnoreTimestamp())
}

func point(status int, value int64) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Value: value, Attributes: attribute.NewSet(
		attribute.String("extension", "retry_status/test"), attribute.Int("http.response.status_code", status))}
}

// TestShutdownSaysWhatLasts, once.
func TestShutdownSaysWhatLasts(t *testing.T) {
	r := newRig(t)
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	client := r.client()
	for range 3 {
		r.post(client, s.URL)
	}
	require.NoError(t, r.extension.Shutdown(t.Context()))
	require.NoError(t, r.extension.Shutdown(t.Context()))
	assert.Equal(t, []string{
		begins + " http.response.status_code=401",
		"info The destination refused what it was sent until the shutdown http.response.status_code=401 responses=3",
	}, r.said())
}

// TestClientsAreApart: that one destination takes says nothing of another.
func TestClientsAreApart(t *testing.T) {
	r := newRig(t)
	good := server(t, func(http.ResponseWriter, *http.Request) {})
	bad := server(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	one, other := r.client(), r.client()
	for range 5 {
		r.post(one, bad.URL)
		r.post(other, good.URL)
	}
	assert.Equal(t, []string{begins + " http.response.status_code=403"}, r.said())
}

// TestConcurrently: every answer counts once, and each stretch that begins ends.
func TestConcurrently(t *testing.T) {
	r := newRig(t)
	var n, refused atomic.Int64
	var mended atomic.Bool
	s := server(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%3 == 0 && !mended.Load() {
			refused.Add(1)
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	client := r.client()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, nil)
				if !assert.NoError(t, err) {
					return
				}
				resp, err := client.Do(req)
				if !assert.NoError(t, err) {
					return
				}
				assert.NoError(t, resp.Body.Close())
			}
		})
	}
	wg.Wait()
	mended.Store(true)
	r.post(client, s.URL) // ends what lasts
	var began, ended, answers int64
	for _, entry := range r.logs.All() {
		if responses, ok := entry.ContextMap()["responses"].(int64); ok {
			ended++
			answers += responses
		} else {
			began++
		}
	}
	assert.Equal(t, began, ended)
	assert.Equal(t, refused.Load(), answers)
	metadatatest.AssertEqualRetryStatusResponses(t, r.telemetry, []metricdata.DataPoint[int64]{point(500, refused.Load())},
		metricdatatest.IgnoreTimestamp())
}

// TestErrorsPass: a connection that breaks stays the error that it is.
func TestErrorsPass(t *testing.T) {
	r := newRig(t)
	s := server(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, nil)
	require.NoError(t, err)
	resp, err := r.client().Do(req)
	if err == nil {
		require.NoError(t, resp.Body.Close())
	}
	require.Error(t, err)
	assert.Zero(t, r.logs.Len())
}

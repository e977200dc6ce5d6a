package authevents

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
)

// A request that the pipeline does not take is answered so that it is sent
// again; what is sent again has the uids that it had.
func TestHTTPRetry(t *testing.T) {
	const secret = "someone@example.com"
	s := &sink{respond: func(attempt int) error {
		if attempt < 3 {
			return errors.New("down: " + secret)
		}
		return nil
	}}
	server := serve(t, httpConfig(), s)
	body := heraLines(0, 3)
	for range 2 {
		a := server.post(t, body)
		assert.Equal(t, http.StatusServiceUnavailable, a.status)
		assert.Equal(t, `{"error":"the pipeline did not take the records: send them again"}`, a.body)
		seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
		require.NoError(t, err)
		assert.Positive(t, seconds)
		assert.Empty(t, s.taken())
	}
	assert.Equal(t, http.StatusOK, server.post(t, body).status)
	first := uids(s.taken())
	assert.Len(t, first, 3)
	assert.Equal(t, http.StatusOK, server.post(t, gzipped(t, []byte(body)), "Content-Encoding", "gzip").status)
	assert.Equal(t, append(first, first...), uids(s.taken()), "the same uids, however it was compressed")

	warnings := server.logs.FilterLevelExact(zap.WarnLevel)
	assert.Equal(t, 1, warnings.Len())
	for _, entry := range server.logs.All() {
		assert.NotContains(t, entry.Message, secret)
	}
	assert.Equal(t, 1, server.logs.FilterMessageSnippet("takes records again").Len())
	server.assertCounter(t, "otelcol_auth_events_requests", []metricdata.DataPoint[int64]{
		point(2, attribute.Int("http.response.status_code", 503)),
		point(2, attribute.Int("http.response.status_code", 200)),
	})
	// Lines count once they are taken.
	server.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		point(6, attribute.String("input", "http"), attribute.String("result", "event"), attribute.String("source", "hera")),
	})
}

// A request that is sent again has the uids that it had, with a key also after a
// restart.
func TestHTTPUIDs(t *testing.T) {
	send := func(t *testing.T, key, body string) []string {
		t.Helper()
		s := &sink{}
		cfg := httpConfig()
		if key != "" {
			cfg.HTTP.Get().UIDKey = testUIDKey
		}
		require.Equal(t, http.StatusOK, serve(t, cfg, s).post(t, body).status)
		return uids(s.taken())
	}
	body := heraLines(0, 2)
	first := send(t, testUIDKey, body)
	assert.NotEqual(t, first[0], first[1])
	assert.Equal(t, first, send(t, testUIDKey, body), "after a restart, with a key")
	assert.NotEqual(t, first, send(t, testUIDKey, heraLines(1, 3)), "another body")
	assert.NotEqual(t, send(t, "", body), send(t, "", body), "after a restart, without a key")
}

// What sending again would not help is no 503, and is counted.
func TestHTTPRefusedForGood(t *testing.T) {
	const secret = "someone@example.com"
	s := &sink{respond: func(int) error { return consumererror.NewPermanent(errors.New(secret)) }}
	server := serve(t, httpConfig(), s)
	a := server.post(t, heraLines(0, 3))
	assert.Equal(t, http.StatusBadRequest, a.status)
	assert.Equal(t, `{"error":"the pipeline refused the records for good: sending them again is useless"}`, a.body)
	assert.Empty(t, a.header.Get("Retry-After"))
	server.assertCounter(t, "otelcol_auth_events_refused", []metricdata.DataPoint[int64]{point(3, attribute.String("input", "http"))})
	for _, entry := range server.logs.All() {
		assert.NotContains(t, entry.Message, secret)
	}
}

// Requests that overlap don't get into each other's way, nor into their buffers.
func TestHTTPConcurrent(t *testing.T) {
	const clients, requests, lines = 8, 20, 5
	s := &sink{}
	cfg := httpConfig()
	cfg.HTTP.Get().MaxConcurrentRequests = 3
	server := newServed(t, cfg, s)
	server.http.handler.slotWait = time.Minute
	server.serve(t)
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := range requests {
				n := (c*requests + i) * lines
				body, header := heraLines(n, n+lines), []string{"X", "x"}
				if i%2 == 1 {
					body, header = gzipped(t, []byte(body)), []string{"Content-Encoding", "gzip"}
				}
				assert.Equal(t, `{"accepted":5,"rejected":0,"reasons":{}}`, server.post(t, body, header...).body)
			}
		})
	}
	group.Wait()
	want := map[string]int{}
	for i := range clients * requests * lines {
		want[hera(i)]++
	}
	got := map[string]int{}
	for _, body := range bodies(s.taken()) {
		got[body]++
	}
	assert.Equal(t, want, got)
	assert.False(t, server.http.handler.busy())
}

// gate is a next component that holds calls until it is opened, or they are
// cancelled.
type gate struct {
	entered chan struct{}
	open    chan struct{}
}

func newGate() *gate {
	return &gate{entered: make(chan struct{}, 100), open: make(chan struct{})}
}

func (*gate) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (g *gate) ConsumeLogs(ctx context.Context, _ plog.Logs) error {
	g.entered <- struct{}{}
	select {
	case <-g.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newGated(t *testing.T, cfg *Config, g *gate) *served {
	t.Helper()
	return &served{running: newRunning(t, cfg, g), client: httpClient(t)}
}

// postAside posts in another goroutine.
func (s *served) postAside(t *testing.T, body string) <-chan answered {
	t.Helper()
	answer := make(chan answered, 1)
	go func() { answer <- s.post(t, body) }()
	return answer
}

// Where all slots are taken, a request waits for one, and is then turned away.
func TestHTTPBusy(t *testing.T) {
	g := newGate()
	cfg := httpConfig()
	cfg.HTTP.Get().MaxConcurrentRequests = 1
	server := newGated(t, cfg, g)
	server.http.handler.slotWait = 10 * time.Millisecond
	server.serve(t)
	first := server.postAside(t, hera(1))
	<-g.entered
	a := server.post(t, hera(2))
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
	assert.Equal(t, "1", a.header.Get("Retry-After"))
	assert.Contains(t, a.body, "max_concurrent_requests")
	assert.Empty(t, g.entered)
	// What needs no slot is answered all the same.
	assert.Equal(t, http.StatusNotFound, server.do(t, http.MethodPost, server.url+"/x", http.NoBody).status)

	close(g.open)
	assert.Equal(t, http.StatusOK, (<-first).status)
	assert.Equal(t, http.StatusOK, server.post(t, hera(2)).status)
}

// A pipeline that takes longer than write_timeout must not cost the answer.
func TestHTTPSlowPipeline(t *testing.T) {
	g := newGate()
	server := newGated(t, httpConfig(), g)
	assert.Equal(t, 27*time.Second, server.http.handler.timeLimit, "of a write_timeout of 30s")
	server.http.handler.timeLimit = 20 * time.Millisecond
	server.serve(t)
	a := server.post(t, hera(1))
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
	assert.Equal(t, 1, server.logs.FilterMessageSnippet("does not take records").Len())
}

// A client that leaves ends its own request, and says nothing of the pipeline.
func TestHTTPClientLeaves(t *testing.T) {
	g := newGate()
	server := newGated(t, httpConfig(), g)
	server.serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.url, strings.NewReader(hera(1)))
	require.NoError(t, err)
	left := make(chan error, 1)
	go func() {
		resp, err := server.client.Do(req)
		if err == nil {
			err = fmt.Errorf("answered: %w", resp.Body.Close())
		}
		left <- err
	}()
	<-g.entered
	cancel()
	require.ErrorIs(t, <-left, context.Canceled)
	require.Eventually(t, func() bool { return !server.http.handler.busy() }, patience, time.Millisecond)
	assert.Zero(t, server.logs.FilterLevelExact(zap.WarnLevel).Len())
}

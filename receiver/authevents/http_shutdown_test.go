package authevents

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
)

// shutdownAside shuts down in another goroutine, and returns once it has begun.
func (s *served) shutdownAside(t *testing.T) <-chan error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(context.Background()) }()
	require.Eventually(t, s.http.handler.draining.Load, patience, time.Millisecond)
	return ended
}

// What is under way when shutdown begins is taken and answered.
func TestHTTPShutdownFinishes(t *testing.T) {
	g := newGate()
	server := newGated(t, httpConfig(), g)
	server.serve(t)
	answer := server.postAside(t, hera(1))
	<-g.entered
	ended := server.shutdownAside(t)
	close(g.open)
	assert.Equal(t, http.StatusOK, (<-answer).status)
	require.NoError(t, <-ended)
	_, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.http.address.String())
	require.Error(t, err, "nobody listens any more")
}

// What the pipeline does not take in time is not acknowledged.
func TestHTTPShutdownWhileStuck(t *testing.T) {
	g := newGate()
	server := newGated(t, httpConfig(), g)
	server.http.grace = 10 * time.Millisecond
	server.serve(t)
	answer := server.postAside(t, hera(1))
	<-g.entered
	require.NoError(t, <-server.shutdownAside(t))
	a := <-answer
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
	assert.NotEmpty(t, a.header.Get("Retry-After"))
	assert.Zero(t, server.logs.FilterMessageSnippet("does not take records").Len(), "it was shutdown that ended the call")
}

// A client that sends its body slowly does not hold shutdown up.
func TestHTTPShutdownWhileReading(t *testing.T) {
	s := &sink{}
	server := newServed(t, httpConfig(), s)
	server.http.grace = 10 * time.Millisecond
	server.serve(t)
	r, w := io.Pipe()
	answer := make(chan answered, 1)
	go func() { answer <- server.do(t, http.MethodPost, server.url, r) }()
	_, err := io.WriteString(w, hera(1))
	require.NoError(t, err)
	require.Eventually(t, server.http.handler.busy, patience, time.Millisecond)
	require.NoError(t, <-server.shutdownAside(t))
	assert.Equal(t, http.StatusServiceUnavailable, (<-answer).status)
	assert.Zero(t, s.tried())
	require.NoError(t, w.Close())
}

// A request that comes on an open connection while others are finished is told to come again.
func TestHTTPDraining(t *testing.T) {
	s := &sink{}
	server := serve(t, httpConfig(), s)
	server.http.handler.draining.Store(true)
	a := server.post(t, hera(1))
	assert.Equal(t, http.StatusServiceUnavailable, a.status)
	assert.NotEmpty(t, a.header.Get("Retry-After"))
	assert.Zero(t, s.tried())
}

// A pipeline that does not heed its context can't keep the collector from
// stopping; a connection without a request neither, and that is no error.
func TestHTTPShutdownEnds(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	s := &sink{respond: func(int) error {
		close(entered)
		<-release
		return nil
	}}
	server := newServed(t, httpConfig(), s)
	server.shutdownTimeout = 50 * time.Millisecond
	server.http.grace = 10 * time.Millisecond
	require.NoError(t, server.Start(t.Context(), componenttest.NewNopHost()))
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.http.address.String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "POST /v1/auth_events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
	require.NoError(t, err)
	<-entered
	require.EqualError(t, server.Shutdown(t.Context()), "http: requests are still being handed on, and get no answer")
	close(release)
	require.Eventually(t, func() bool { return !server.http.handler.busy() }, patience, time.Millisecond)
}

func TestHTTPShutdownWithSilentConnection(t *testing.T) {
	server := newServed(t, httpConfig(), &sink{})
	server.shutdownTimeout = 50 * time.Millisecond
	server.serve(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.http.address.String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	server.post(t, hera(1)) // by then, the server has seen the connection
	server.stop(t)
}

// A body that does not come in time frees its slot.
func TestHTTPSlowBody(t *testing.T) {
	server := newServed(t, httpConfig(), &sink{})
	server.http.handler.timeLimit = 20 * time.Millisecond
	server.serve(t)
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	a := server.do(t, http.MethodPost, server.url, r)
	assert.Equal(t, http.StatusRequestTimeout, a.status)
	require.Eventually(t, func() bool { return !server.http.handler.busy() }, patience, time.Millisecond)
}

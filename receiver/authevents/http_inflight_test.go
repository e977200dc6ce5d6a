package authevents

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShare(t *testing.T) {
	all := newInFlight(10, time.Millisecond)
	one, two := share{of: all}, share{of: all}
	require.NoError(t, one.grow(t.Context(), 6))
	require.NoError(t, one.grow(t.Context(), 4), "it has that already")
	require.ErrorIs(t, two.grow(t.Context(), 5), errNoRoom)
	assert.Zero(t, two.held, "nothing of what was refused is held")
	require.ErrorIs(t, one.grow(t.Context(), 11), errNeverFits)
	assert.EqualValues(t, 6, one.held)
	one.shrink(5)
	require.NoError(t, two.grow(t.Context(), 5))
	one.release()
	two.release()
	require.NoError(t, one.grow(t.Context(), 10), "all of it is back")
	one.release()
	one.release()
}

// A request waits for another one to be done, and holds nothing meanwhile.
func TestShareWaits(t *testing.T) {
	all := newInFlight(10, patience)
	one, two := share{of: all}, share{of: all}
	require.NoError(t, one.grow(t.Context(), 6))
	got := make(chan error, 1)
	go func() { got <- two.grow(t.Context(), 8) }()
	one.release()
	require.NoError(t, <-got)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, one.grow(ctx, 5), errNoRoom, "the client is gone")
	two.release()
}

// roomFor returns a config under which all requests may hold size bytes.
func roomFor(size int64) *Config {
	cfg := httpConfig()
	cfg.HTTP.Get().Server.MaxRequestBodySize = size
	cfg.HTTP.Get().MaxInFlightSize = size
	return cfg
}

// Where others hold what there is, a request is told to come again; once they
// are answered, all of it is free again.
func TestHTTPNoRoom(t *testing.T) {
	g := newGate()
	const size = 100 << 10
	server := newGated(t, roomFor(size), g)
	server.http.handler.inFlight.wait = 10 * time.Millisecond
	server.serve(t)
	body := hera(1) + strings.Repeat("\n"+hera(1), 99)
	first := server.postAside(t, body)
	<-g.entered
	chunked := func() answered { // its size is not said
		return server.do(t, http.MethodPost, server.url, io.MultiReader(strings.NewReader(body), strings.NewReader("\n"+body)))
	}
	for name, a := range map[string]answered{"a size that is said": server.post(t, body), "one that is not": chunked()} {
		assert.Equal(t, http.StatusServiceUnavailable, a.status, name)
		assert.Equal(t, "1", a.header.Get("Retry-After"), name)
		assert.Contains(t, a.body, "max_in_flight_size", name)
	}
	assert.Empty(t, g.entered)
	close(g.open)
	assert.Equal(t, http.StatusOK, (<-first).status)
	assert.Equal(t, http.StatusOK, server.post(t, body).status)
	assert.True(t, server.http.handler.inFlight.free.TryAcquire(size), "all is free")
}

// What could never fit is 413, whether its lines stand there or in an envelope,
// and leaves nothing held.
func TestHTTPNeverFits(t *testing.T) {
	const size = 20 << 10
	s := &sink{}
	server := serve(t, roomFor(size), s)
	few, many := strings.Repeat("{},", 20)+"{}", strings.Repeat("{},", 60)+"{}"
	okta := func(events string) string {
		return `{"eventType":"com.okta.event_hook","data":{"events":[` + events + `]}}`
	}
	for _, form := range []func(string) string{
		okta, func(events string) string { return "[" + events + "]" }, func(events string) string { return strings.ReplaceAll(events, ",", "\n") },
	} {
		assert.Equal(t, http.StatusOK, server.post(t, form(few)).status, form(few))
		a := server.post(t, form(many))
		assert.Equal(t, http.StatusRequestEntityTooLarge, a.status, form(many))
		assert.Contains(t, a.body, "max_in_flight_size")
	}
	assert.Len(t, s.taken(), 3*21)
	assert.True(t, server.http.handler.inFlight.free.TryAcquire(size), "all is free")
}

// No more windows are there at once than the bound, and a reader that is done
// gives its slot back, also one that failed or was never read.
func TestZstdReaders(t *testing.T) {
	z := newZstdReaders(time.Millisecond)
	body := zstded(t, []byte(hera(1)))
	open := func(body string) io.ReadCloser {
		r, err := z.open(io.NopCloser(strings.NewReader(body)))
		require.NoError(t, err)
		return r
	}
	var readers []io.ReadCloser
	for range maxZstdReaders {
		readers = append(readers, open(body))
		_, err := readers[len(readers)-1].Read(make([]byte, 1))
		require.NoError(t, err)
	}
	_, err := io.ReadAll(open(body))
	require.ErrorIs(t, err, errNoRoom)
	require.NoError(t, open(body).Close())
	for _, r := range readers {
		require.NoError(t, r.Close())
		require.NoError(t, r.Close())
		_, err := r.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.ErrClosedPipe)
	}
	for range maxZstdReaders + 1 {
		_, err := io.ReadAll(open("no zstd"))
		require.NotErrorIs(t, err, errNoRoom)
		text, err := io.ReadAll(open(body)) // not closed: its end is enough
		require.NoError(t, err)
		assert.Equal(t, hera(1), string(text))
	}
}

//go:build linux

package soak

import (
	"net/http"
	"net/http/httptest"
	"net/http/pprof"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTake measures the test's own process: what it opens and starts shows.
func TestTake(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	server := httptest.NewServer(mux)
	defer server.Close()
	before, err := take(t.Context(), os.Getpid(), server.URL)
	require.NoError(t, err)
	assert.Greater(t, before.anonymous, 1e6)
	assert.Greater(t, before.live, 1e5)

	const n = 300 // other tests of the package may still be ending theirs
	stop := make(chan struct{})
	defer close(stop)
	kept := make([]byte, 16<<20)
	for i := range n {
		go func() { <-stop }()
		f, err := os.Open(os.DevNull)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, f.Close()) })
		kept[i] = 1
	}
	after, err := take(t.Context(), os.Getpid(), server.URL)
	require.NoError(t, err)
	assert.InDelta(t, n, after.goroutines-before.goroutines, 100)
	assert.InDelta(t, n, after.descriptors-before.descriptors, 100)
	assert.Greater(t, after.live-before.live, 15e6)
	assert.Equal(t, byte(1), kept[0])
}

func TestTakeOfNothing(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := take(t.Context(), os.Getpid(), server.URL)
	require.ErrorContains(t, err, "is it the pprof extension?")
	_, err = take(t.Context(), -1, server.URL)
	require.Error(t, err)
}

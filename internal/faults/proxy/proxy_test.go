package proxy

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is for a loaded machine; nothing waits for it in vain.
const patience = 30 * time.Second

// TestModes sends one request in each mode: whether the server gets all of it,
// and the client its answer. After each, a request passes again.
func TestModes(t *testing.T) {
	for _, c := range []struct {
		name              string
		mode              Mode
		arrives, answered bool
	}{
		{"pass", Pass, true, true},
		{"reset", Reset, false, false},
		{"black hole", BlackHole, false, false},
		{"cut answer", CutAnswer, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var whole atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if body, err := io.ReadAll(r.Body); err == nil && len(body) == 100_000 {
					whole.Add(1)
				}
			}))
			defer server.Close()
			p, err := Start(t.Context(), strings.TrimPrefix(server.URL, "http://"))
			require.NoError(t, err)
			p.Set(c.mode)

			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			if c.mode == BlackHole {
				// It ends when the mode does: that is when the sender may go on.
				go func() {
					for p.Spoilt() == 0 && ctx.Err() == nil {
						time.Sleep(time.Millisecond)
					}
					p.Set(Pass)
				}()
			}
			assert.Equal(t, c.answered, post(ctx, t, p.URL()) == nil)
			assert.Equal(t, c.arrives, whole.Load() == 1)
			assert.Equal(t, !c.answered, p.Spoilt() > 0)

			p.Set(Pass)
			before := whole.Load()
			require.NoError(t, post(ctx, t, p.URL()))
			assert.Equal(t, before+1, whole.Load())
			require.NoError(t, p.Close())
			require.Error(t, post(ctx, t, p.URL()), "closed")
		})
	}
}

func post(ctx context.Context, t *testing.T, url string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(make([]byte, 100_000)))
	require.NoError(t, err)
	// A connection of its own: net/http sends again by itself what it sent on
	// one that it found closed.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { require.NoError(t, resp.Body.Close()) }()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

package sink

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestDownAndUp: a closed port refuses the connection, and the ledger goes on
// at the same URL.
func TestDownAndUp(t *testing.T) {
	s := started(t)
	logs := plog.NewLogs()
	record(logs, "auth.client.id", "seq-0", "log.record.uid", "a")
	url := s.URL()
	for want := range 3 {
		status, err := post(t.Context(), t, s, marshal(t, logs), "")
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
		assert.Equal(t, want, s.Ledger.Tally().Duplicates)

		require.NoError(t, s.Down())
		http.DefaultClient.CloseIdleConnections() // else it may meet one that has just ended
		_, err = post(t.Context(), t, s, marshal(t, logs), "")
		require.ErrorContains(t, err, "refused")
		require.NoError(t, s.Up(t.Context()))
		assert.Equal(t, url, s.URL())
	}
}

func TestRetryAfter(t *testing.T) {
	s := started(t)
	body := marshal(t, plog.NewLogs())
	send := func() {
		t.Helper()
		_, err := post(t.Context(), t, s, body, "")
		require.NoError(t, err)
	}
	s.Answer(http.StatusTooManyRequests)
	send()
	send()
	assert.Zero(t, s.Early(), "nothing was asked for")
	s.RetryAfter(1)
	send()
	send() // less than a second later
	assert.Equal(t, 1, s.Early())
	s.Answer(http.StatusOK)
	require.Eventually(t, func() bool { return int64(time.Since(s.wait.begun)) > s.wait.until.Load() }, 30*time.Second, time.Millisecond)
	send()
	assert.Equal(t, 1, s.Early())
}

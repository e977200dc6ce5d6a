package sink

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/internal/faults/ledger"
)

func started(t *testing.T) *Sink {
	t.Helper()
	s, err := Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// record adds a record with these attributes, in turn name and value.
func record(logs plog.Logs, attributes ...string) {
	r := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	for i := 0; i < len(attributes); i += 2 {
		r.Attributes().PutStr(attributes[i], attributes[i+1])
	}
}

func post(ctx context.Context, t *testing.T, s *Sink, body []byte, encoding string) (status int, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/v1/logs", bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Encoding", encoding)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode, nil
}

func marshal(t *testing.T, logs plog.Logs) []byte {
	t.Helper()
	var m plog.ProtoMarshaler
	body, err := m.MarshalLogs(logs)
	require.NoError(t, err)
	return body
}

func TestSinkNotes(t *testing.T) {
	s := started(t)
	logs := plog.NewLogs()
	record(logs, "auth.client.id", "seq-3", "log.record.uid", "a")
	record(logs, "auth.client.id", "seq-4", "log.record.uid", "b")
	record(logs, "auth.client.id", "seq-4", "log.record.uid", "b")
	record(logs, "auth.client.id", "seq-5")
	record(logs, "auth.client.id", "seq-6", "auth.parse.error", "too_long")
	record(logs, "auth.client.id", "filler", "log.record.uid", "c")
	record(logs, "auth.client.id", "else", "log.record.uid", "d")
	body := marshal(t, logs)

	s.Answer(http.StatusServiceUnavailable)
	status, err := post(t.Context(), t, s, body, "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, status)
	assert.Zero(t, s.Ledger.Tally(), "what was refused is not noted")
	assert.Equal(t, 1, s.Refused())

	s.Answer(http.StatusOK)
	status, err = post(t.Context(), t, s, body, "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, ledger.Tally{Distinct: 3, Duplicates: 1, NoUID: 1, Fillers: 1, Strangers: 2}, s.Ledger.Tally())
	assert.Equal(t, 1, s.Taken())
	assert.Zero(t, s.Bad())
}

func TestSinkReadsGzip(t *testing.T) {
	s := started(t)
	logs := plog.NewLogs()
	record(logs, "auth.client.id", "seq-0", "log.record.uid", "a")
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write(marshal(t, logs))
	require.NoError(t, err)
	require.NoError(t, z.Close())

	_, err = post(t.Context(), t, s, zipped.Bytes(), "gzip")
	require.NoError(t, err)
	assert.True(t, s.Ledger.Seen(0))
	assert.Zero(t, s.Bad())
}

func TestSinkCountsWhatIsNoOTLP(t *testing.T) {
	s := started(t)
	for _, encoding := range []string{"", "gzip", "br"} {
		status, err := post(t.Context(), t, s, []byte("this is no OTLP request at all"), encoding)
		require.NoError(t, err)
		assert.NotEqual(t, http.StatusOK, status)
	}
	assert.Equal(t, 3, s.Bad())
}

// TestSinkForgetsWhoHasGone: a sender that was killed while it waited had no
// answer, so nothing of its request counts as taken.
func TestSinkForgetsWhoHasGone(t *testing.T) {
	s := started(t)
	s.Delay(time.Hour)
	logs := plog.NewLogs()
	record(logs, "auth.client.id", "seq-0", "log.record.uid", "a")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := post(ctx, t, s, marshal(t, logs), "")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Zero(t, s.Ledger.Tally())
}

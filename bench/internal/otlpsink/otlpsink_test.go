package otlpsink

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

func TestCountsRecords(t *testing.T) {
	s, err := New(t.Context())
	require.NoError(t, err)
	defer s.Close()
	ld := plog.NewLogs()
	lrs := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	lrs.AppendEmpty()
	lrs.AppendEmpty()
	body, err := plogotlp.NewExportRequestFromLogs(ld).MarshalProto()
	require.NoError(t, err)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err = w.Write(body)
	require.NoError(t, err)
	require.NoError(t, w.Close())

	require.Equal(t, http.StatusOK, post(t, s.URL()+"/v1/logs", "", body))
	require.Equal(t, 2, s.Count())
	require.Equal(t, http.StatusOK, post(t, s.URL()+"/v1/logs", "gzip", zipped.Bytes()))
	require.Equal(t, 4, s.Count())
	require.Equal(t, http.StatusOK, post(t, s.URL()+"/v1/metrics", "", body))
	require.Equal(t, 4, s.Count(), "metrics are no records")
	require.Equal(t, http.StatusBadRequest, post(t, s.URL()+"/v1/logs", "gzip", body))
	require.Equal(t, 4, s.Count())
}

func post(t *testing.T, url, encoding string, body []byte) int {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Encoding", encoding)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

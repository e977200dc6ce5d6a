package cloudwatch

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

// logsOf is a request with one record for each time.
func logsOf(t *testing.T, times ...time.Time) []byte {
	t.Helper()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, at := range times {
		record := records.AppendEmpty()
		record.SetTimestamp(pcommon.NewTimestampFromTime(at))
		record.Body().SetStr("line")
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return body
}

func send(t *testing.T, s *Server, service string, body []byte, edit func(*aws.Credentials, *http.Request)) (status int, answer []byte) {
	t.Helper()
	resp, err := http.DefaultClient.Do(signedRequest(t, s, service, body, time.Now(), edit))
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	answer, err = io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, answer
}

func TestAge(t *testing.T) {
	s := New(t, config)
	now := time.Now()
	status, body := send(t, s, "logs", logsOf(t, now, now.Add(-15*24*time.Hour), now.Add(-13*24*time.Hour), now.Add(3*time.Hour), now.Add(time.Hour)), nil)
	require.Equal(t, http.StatusOK, status)
	response := plogotlp.NewExportResponse()
	require.NoError(t, response.UnmarshalProto(body))
	assert.EqualValues(t, 2, response.PartialSuccess().RejectedLogRecords())
	assert.JSONEq(t, `{"tooOldLogEventCount":1,"tooNewLogEventCount":1,"expiredLogEventCount":0}`, response.PartialSuccess().ErrorMessage())
	require.Len(t, s.Logs(), 1)
	assert.Equal(t, 3, s.Logs()[0].LogRecordCount())
	assert.Len(t, s.Refusals(), 1)
}

func TestRefused(t *testing.T) {
	many := make([]time.Time, maxEvents+1)
	for i := range many {
		many[i] = time.Now()
	}
	header := func(name, value string) func(*aws.Credentials, *http.Request) {
		return func(_ *aws.Credentials, r *http.Request) { r.Header.Set(name, value) }
	}
	for name, c := range map[string]struct {
		body   []byte
		edit   func(*aws.Credentials, *http.Request)
		status int
		reason string
	}{
		"no group":       {edit: header("x-aws-log-group", ""), status: 400, reason: "are required"},
		"no stream":      {edit: header("x-aws-log-stream", ""), status: 400, reason: "are required"},
		"another group":  {edit: header("x-aws-log-group", "x"), status: 400, reason: "log group does not exist"},
		"another stream": {edit: header("x-aws-log-stream", "x"), status: 400, reason: "log stream does not exist"},
		"content type":   {edit: header("Content-Type", "text/plain"), status: 415, reason: "Unsupported Media Type"},
		"too many":       {body: logsOf(t, many...), status: 400, reason: "10001 events"},
		"too large":      {body: bytes.Repeat([]byte("x"), maxBytes+1), status: 413, reason: "Too Large"},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(t, config)
			if c.body == nil {
				c.body = logsOf(t, time.Now())
			}
			status, _ := send(t, s, "logs", c.body, c.edit)
			assert.Equal(t, c.status, status)
			require.Len(t, s.Refusals(), 1)
			assert.Contains(t, s.Refusals()[0], c.reason)
			assert.Empty(t, s.Logs())
		})
	}
}

func TestOutage(t *testing.T) {
	s := New(t, config)
	s.LogsOutage.Next(otlp.Answer{Status: 503, RetryAfter: "1"})
	status, _ := send(t, s, "logs", logsOf(t, time.Now()), nil)
	assert.Equal(t, 503, status)
	status, _ = send(t, s, "logs", logsOf(t, time.Now()), nil)
	assert.Equal(t, 200, status)
	assert.Empty(t, s.Refusals())
	assert.Len(t, s.Logs(), 1)
	assert.Contains(t, s.Text(), "line")
}

func TestMetrics(t *testing.T) {
	s := New(t, config)
	status, _ := send(t, s, "monitoring", nil, nil)
	assert.Equal(t, http.StatusOK, status)
	assert.Len(t, s.Metrics(), 1)
	resp, err := http.DefaultClient.Do(elsewhere(t, s))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	assert.Equal(t, []string{"GET /other: no endpoint has this path"}, s.Refusals())
}

func elsewhere(t *testing.T, s *Server) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/other", http.NoBody)
	require.NoError(t, err)
	return r
}

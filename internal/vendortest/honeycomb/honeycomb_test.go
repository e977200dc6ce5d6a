package honeycomb

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

func started(t *testing.T) *Server {
	t.Helper()
	s := Start("key")
	t.Cleanup(s.Close)
	return s
}

func logsOf(change func(plog.ResourceLogs, plog.LogRecord)) []byte {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	r := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	change(rl, r)
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		panic(err)
	}
	return body
}

func post(t *testing.T, s *Server, path, dataset, key string, body []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", otlp.Proto)
	req.Header.Set("X-Honeycomb-Team", key)
	req.Header.Set("X-Honeycomb-Dataset", dataset)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestWhoSends(t *testing.T) {
	s := started(t)
	body := logsOf(func(plog.ResourceLogs, plog.LogRecord) {})
	assert.Equal(t, http.StatusUnauthorized, post(t, s, "/v1/logs", "", "", body))
	assert.Equal(t, http.StatusUnauthorized, post(t, s, "/v1/logs", "", "other", body))
	assert.Equal(t, http.StatusNotFound, post(t, s, "/otlp/v1/logs", "", "key", body))
	assert.Empty(t, s.Events())
	assert.Equal(t, 2, s.Refused())
	assert.Equal(t, http.StatusOK, post(t, s, "/v1/logs", "", "key", body))
	assert.Len(t, s.Events(), 1)
}

func TestDatasets(t *testing.T) {
	s := started(t)
	named := logsOf(func(rl plog.ResourceLogs, _ plog.LogRecord) {
		rl.Resource().Attributes().PutStr("service.name", "hera")
	})
	unnamed := logsOf(func(plog.ResourceLogs, plog.LogRecord) {})
	post(t, s, "/v1/logs", "header", "key", named)
	post(t, s, "/v1/logs", "header", "key", unnamed)
	post(t, s, "/v1/logs", "", "key", unnamed)
	var got []string
	for _, e := range s.Events() {
		got = append(got, e.Dataset)
	}
	assert.Equal(t, []string{"hera", "header", "unknown_log_source"}, got)

	metrics, err := pmetricotlp.NewExportRequestFromMetrics(pmetric.NewMetrics()).MarshalProto()
	require.NoError(t, err)
	post(t, s, "/v1/metrics", "", "key", metrics)
	post(t, s, "/v1/metrics", "auth", "key", metrics)
	require.Len(t, s.Metrics(), 2)
	assert.Equal(t, "unknown_metrics", s.Metrics()[0].Dataset)
	assert.Equal(t, "auth", s.Metrics()[1].Dataset)
}

func TestFields(t *testing.T) {
	s := started(t)
	post(t, s, "/v1/logs", "", "key", logsOf(func(rl plog.ResourceLogs, r plog.LogRecord) {
		rl.Resource().Attributes().PutStr("service.name", "hera")
		rl.Resource().Attributes().PutStr("same", "resource")
		rl.ScopeLogs().At(0).Scope().SetName("scope")
		r.Attributes().PutStr("same", "record")
		r.SetEventName("mfa")
		r.SetSeverityNumber(plog.SeverityNumberWarn)
		body := r.Body().SetEmptyMap()
		body.PutInt("n", 1)
		body.PutEmptySlice("list").AppendEmpty().SetBool(true)
		deep := body
		for range 6 {
			deep = deep.PutEmptyMap("d")
		}
		deep.PutStr("x", "y")
	}))
	require.Len(t, s.Events(), 1)
	assert.Equal(t, map[string]any{
		"service.name": "hera", "same": "record", "library.name": "scope", "event.name": "mfa",
		"meta.signal_type": "log", "severity": "warn", "severity_code": int64(13), "flags": int64(0),
		"body":   `{"d":{"d":{"d":{"d":{"d":{"d":{"x":"y"}}}}}},"list":[true],"n":1}`,
		"body.n": int64(1), "body.list": `[true]`, "body.d.d.d.d.d.d": `{"x":"y"}`,
	}, s.Events()[0].Fields)
}

func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		change func(plog.LogRecord)
		want   string
	}{
		"fields": {func(r plog.LogRecord) {
			for i := range maxFields {
				r.Attributes().PutBool(fmt.Sprint(i), true)
			}
		}, "fields, of which 2000 may be"},
		"string": {func(r plog.LogRecord) { r.Body().SetStr(strings.Repeat("x", maxString+1)) }, `bytes in field "body"`},
		"event": {func(r plog.LogRecord) {
			for i := range 20 {
				r.Attributes().PutStr(fmt.Sprint(i), strings.Repeat("x", 50_000))
			}
		}, "bytes of JSON"},
		"time": {func(r plog.LogRecord) {
			r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(61 * time.Minute)))
		}, "ahead"},
	} {
		t.Run(name, func(t *testing.T) {
			s := started(t)
			post(t, s, "/v1/logs", "", "key", logsOf(func(_ plog.ResourceLogs, r plog.LogRecord) { c.change(r) }))
			assert.Empty(t, s.Events())
			require.Len(t, s.Violations(), 1)
			assert.Contains(t, s.Violations()[0], c.want)
		})
	}
}

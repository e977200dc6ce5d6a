package datadog

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"math"
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
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

const key = "0123456789abcdef"

// send posts a body, or gets if there is none, and returns the status.
func send(t *testing.T, s *Server, path string, body []byte, header ...string) int {
	t.Helper()
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("DD-API-KEY", key)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

// logItems are logs as the exporter's agent sends them.
func logItems(t *testing.T, messages ...string) []byte {
	t.Helper()
	var items []map[string]any
	for _, m := range messages {
		items = append(items, map[string]any{
			"message": m, "status": "INFO", "timestamp": time.Now().UnixMilli(),
			"hostname": "h", "service": "outer", "ddsource": "src", "ddtags": "env:production,a:b",
		})
	}
	body, err := json.Marshal(items)
	require.NoError(t, err)
	return body
}

func TestLogs(t *testing.T) {
	s := New(t, key)
	old := time.Now().Add(-19 * time.Hour).UTC().Format(time.RFC3339Nano)
	young := time.Now().Add(-17 * time.Hour).UTC().Format(time.RFC3339Nano)
	assert.Equal(t, 202, send(t, s, "/api/v2/logs", []byte("{}")))
	assert.Equal(t, 202, send(t, s, "/api/v2/logs", logItems(t,
		`{"@timestamp":"`+young+`","message":"body","service":"hera","status":"WARN","log.record.uid":"1"}`,
		`{"@timestamp":"`+old+`","message":"body"}`, "plain text")))
	require.Len(t, s.Logs(), 2)
	first := s.Logs()[0]
	assert.Equal(t, young, first.Time.Format(time.RFC3339Nano))
	first.Time = time.Time{}
	assert.Equal(t, Log{
		Host: "h", Service: "hera", Source: "src", Status: "warn", Tags: []string{"env:production", "a:b"},
		Message: "body", Attributes: map[string]any{"log.record.uid": "1"},
	}, first)
	assert.Equal(t, "plain text", s.Logs()[1].Message)
	assert.Equal(t, 1, s.TooOld())
	assert.Empty(t, s.Refusals())
	assert.Contains(t, s.Text(), "plain text")
	assert.NotContains(t, s.Text(), key)
}

func TestRefused(t *testing.T) {
	many := logItems(t, strings.Split(strings.Repeat("m,", maxLogs+1), ",")[:maxLogs+1]...)
	for name, c := range map[string]struct {
		path   string
		body   []byte
		header []string
		want   int
		reason string
	}{
		"no key":           {path: "/api/v2/logs", body: []byte("[]"), header: []string{"DD-API-KEY", ""}, want: 401, reason: "no API key"},
		"wrong key":        {path: "/api/v2/logs", body: []byte("[]"), header: []string{"DD-API-KEY", "x"}, want: 403, reason: "wrong API key"},
		"content type":     {path: "/api/v2/logs", body: []byte("[]"), header: []string{"Content-Type", "text/html"}, want: 400, reason: "content type"},
		"encoding":         {path: "/api/v2/logs", body: []byte("[]"), header: []string{"Content-Encoding", "br"}, want: 400, reason: "content encoding"},
		"no gzip":          {path: "/api/v2/logs", body: []byte("[]"), header: []string{"Content-Encoding", "gzip"}, want: 400, reason: "EOF"},
		"no JSON":          {path: "/api/v2/logs", body: []byte("["), want: 400, reason: "JSON"},
		"no message":       {path: "/api/v2/logs", body: []byte(`[{"status":"info"}]`), want: 400, reason: "without message"},
		"too many":         {path: "/api/v2/logs", body: many, want: 400, reason: "1001 logs"},
		"one too large":    {path: "/api/v2/logs", body: logItems(t, strings.Repeat("m", maxLog)), want: 400, reason: "1 MB"},
		"too large":        {path: "/api/v2/logs", body: bytes.Repeat([]byte("x"), maxLogsBody+1), want: 413, reason: "5242881 bytes"},
		"series too large": {path: "/api/v2/series", body: make([]byte, 512001), header: []string{"Content-Type", otlp.Proto}, want: 413, reason: "512001 bytes"},
		"no protobuf":      {path: "/api/v2/series", body: []byte{0xff}, header: []string{"Content-Type", otlp.Proto}, want: 400, reason: "EOF"},
		"wrong key, OTLP":  {path: "/v1/logs", body: []byte{}, header: []string{"DD-API-KEY", "x", "Content-Type", otlp.Proto}, want: 403, reason: "wrong API key"},
		"JSON, OTLP logs":  {path: "/v1/logs", body: []byte("{}"), want: 400, reason: "HTTP Protobuf"},
		"metric config":    {path: "/v1/metrics", body: []byte("{}"), header: []string{"dd-otel-metric-config", `{"x":1}`}, want: 400, reason: "dd-otel-metric-config"},
		"metrics, size":    {path: "/v1/metrics", body: []byte(`{"resourceMetrics":[],"x":"` + strings.Repeat("x", 512000) + `"}`), want: 413, reason: "512"},
		"elsewhere":        {path: "/intake/", body: []byte("{}"), want: 404, reason: "no intake"},
		"validate":         {path: "/api/v1/validate", header: []string{"DD-API-KEY", "x"}, want: 403, reason: "wrong API key"},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(t, key)
			assert.Equal(t, c.want, send(t, s, c.path, c.body, c.header...))
			require.Len(t, s.Refusals(), 1)
			assert.Contains(t, s.Refusals()[0], c.reason)
			assert.Empty(t, s.Logs())
		})
	}
}

func TestValidate(t *testing.T) {
	s := New(t, key)
	assert.Equal(t, 200, send(t, s, "/api/v1/validate", nil))
	assert.Equal(t, 200, send(t, s, "/api/v1/validate?api_key="+key, nil, "DD-API-KEY", ""))
	assert.Empty(t, s.Refusals())
}

// message appends a field of bytes.
func message(to []byte, number protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), value)
}

func varint(to []byte, number protowire.Number, value int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(to, number, protowire.VarintType), uint64(value))
}

func double(to []byte, number protowire.Number, value float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(to, number, protowire.Fixed64Type), math.Float64bits(value))
}

func deflated(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, err := z.Write(body)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestSeries(t *testing.T) {
	series := func(kind int64, at time.Time, value float64) []byte {
		one := message(nil, 1, message(message(nil, 1, []byte("host")), 2, []byte("h")))
		one = message(message(one, 2, []byte("auth.events")), 3, []byte("Name:A b"))
		one = message(one, 4, varint(double(nil, 1, value), 2, at.Unix()))
		return deflated(t, message(nil, 1, varint(one, 5, kind)))
	}
	s := New(t, key)
	post := func(body []byte) int {
		return send(t, s, "/api/v2/series", body, "Content-Type", otlp.Proto, "Content-Encoding", "deflate")
	}
	now := time.Now()
	assert.Equal(t, 202, post(series(typeCount, now, 1)))
	assert.Equal(t, 202, post(series(typeCount, now, 2)), "the last one of a second counts")
	assert.Equal(t, 202, post(series(typeCount, now.Add(-time.Minute), 3)))
	assert.Equal(t, 202, post(series(3, now, 100)), "a gauge is no count")
	assert.Equal(t, map[string]float64{"auth.events{name:a_b}": 5}, s.Counts())
	assert.Equal(t, []string{"h"}, s.Hosts())
	assert.Empty(t, s.Refusals())
	assert.Equal(t, 400, post(series(typeCount, now.Add(-2*time.Hour), 1)))
	assert.Equal(t, 400, post(series(typeCount, now.Add(time.Hour), 1)))
}

func TestSketches(t *testing.T) {
	one := message(message(nil, 1, []byte("auth.duration")), 2, []byte("h"))
	one = message(one, 7, double(varint(varint(nil, 1, time.Now().Unix()), 2, 4), 6, 2.5))
	s := New(t, key)
	assert.Equal(t, 202, send(t, s, "/api/beta/sketches", message(nil, 1, one), "Content-Type", otlp.Proto))
	assert.Equal(t, map[string]float64{"auth.duration.sketch.count{}": 4, "auth.duration.sketch.sum{}": 2.5}, s.Counts())
}

func TestOTLPLogs(t *testing.T) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	require.NoError(t, rl.Resource().Attributes().FromRaw(map[string]any{
		"service.name": "hera", "datadog.host.name": "h", "datadog.log.source": "src", "deployment.environment.name": "staging",
	}))
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	record := records.AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	record.Body().SetStr("body")
	record.Attributes().PutStr("log.record.uid", "1")
	records.AppendEmpty().SetObservedTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-19 * time.Hour)))
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	s := New(t, key)
	assert.Equal(t, 200, send(t, s, "/v1/logs", body, "Content-Type", otlp.Proto))
	require.Len(t, s.Logs(), 1)
	got := s.Logs()[0]
	got.Time = time.Time{}
	assert.Equal(t, Log{
		Host: "h", Service: "hera", Source: "src", Status: "info", Tags: []string{"env:staging"},
		Message: "body", Attributes: map[string]any{"log.record.uid": "1"},
	}, got)
	assert.Equal(t, 1, s.TooOld())
}

func TestOTLPMetrics(t *testing.T) {
	request := func(temporality pmetric.AggregationTemporality) []byte {
		metrics := pmetric.NewMetrics()
		ms := metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
		sum := ms.AppendEmpty()
		sum.SetName("auth.events")
		sum.SetEmptySum().SetAggregationTemporality(temporality)
		p := sum.Sum().DataPoints().AppendEmpty()
		p.SetIntValue(3)
		p.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		p.Attributes().PutStr("a", "B")
		histogram := ms.AppendEmpty()
		histogram.SetName("auth.duration")
		histogram.SetEmptyHistogram().SetAggregationTemporality(temporality)
		h := histogram.Histogram().DataPoints().AppendEmpty()
		h.SetTimestamp(p.Timestamp())
		h.SetCount(2)
		h.SetSum(1.5)
		body, err := pmetricotlp.NewExportRequestFromMetrics(metrics).MarshalProto()
		require.NoError(t, err)
		return body
	}
	s := New(t, key)
	header := []string{"Content-Type", otlp.Proto, "dd-otel-metric-config", `{"histograms":{"mode":"distributions"}}`}
	assert.Equal(t, 200, send(t, s, "/v1/metrics", request(pmetric.AggregationTemporalityDelta), header...))
	assert.Equal(t, map[string]float64{"auth.events{a:b}": 3}, s.Counts())
	header[3] = `{"histograms":{"mode":"distributions","send_aggregation_metrics":true}}`
	assert.Equal(t, 200, send(t, s, "/v1/metrics", request(pmetric.AggregationTemporalityDelta), header...))
	assert.Equal(t, map[string]float64{"auth.events{a:b}": 3, "auth.duration.count{}": 2, "auth.duration.sum{}": 1.5}, s.Counts())
	assert.Equal(t, 400, send(t, s, "/v1/metrics", request(pmetric.AggregationTemporalityCumulative), header...))
	assert.Contains(t, s.Refusals()[0], "auth.events is not delta")
}

func TestNormalizeTag(t *testing.T) {
	for tag, want := range map[string]string{
		"env:Production": "env:production", "error.type:Telephony::OptOutError": "error.type:telephony::optouterror",
		"n:Email and  Password!": "n:email_and_password", "a:" + strings.Repeat("x", 300): "a:" + strings.Repeat("x", maxTag-2), "n:zürich": "n:zürich",
	} {
		assert.Equal(t, want, NormalizeTag(tag))
	}
}

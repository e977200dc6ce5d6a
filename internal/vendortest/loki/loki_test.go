package loki

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/authevents/otelcol-auth/internal/vendortest/otlp"
)

func started(t *testing.T, o Options) *Server {
	t.Helper()
	s := Start(o)
	t.Cleanup(s.Close)
	return s
}

// record is a change of a record that Loki takes.
type record func(plog.LogRecord)

func at(ago time.Duration) record {
	return func(r plog.LogRecord) { r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-ago))) }
}

// logsOf are records of one service, each with a line of its own.
func logsOf(records ...record) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "hera")
	sl := rl.ScopeLogs().AppendEmpty()
	for i, change := range records {
		r := sl.LogRecords().AppendEmpty()
		r.Body().SetStr(strings.Repeat("x", i+1))
		at(0)(r)
		change(r)
	}
	return logs
}

func post(t *testing.T, s *Server, logs plog.Logs, change func(*http.Request)) int {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/otlp/v1/logs", bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", otlp.Proto)
	req.Header.Set("X-Scope-OrgID", "tenant")
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestWhoSends(t *testing.T) {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, c := range map[string]struct {
		options Options
		change  func(*http.Request)
		want    int
	}{
		"any tenant":     {Options{}, nil, http.StatusNoContent},
		"no tenant":      {Options{}, header("X-Scope-OrgID", ""), http.StatusUnauthorized},
		"another tenant": {Options{Tenant: "other"}, nil, http.StatusForbidden},
		"a user":         {Options{User: "u", Password: "p"}, func(r *http.Request) { r.SetBasicAuth("u", "p") }, http.StatusNoContent},
		"a wrong user":   {Options{User: "u", Password: "p"}, func(r *http.Request) { r.SetBasicAuth("u", "q") }, http.StatusUnauthorized},
		"content type":   {Options{}, header("Content-Type", "text/plain"), http.StatusUnsupportedMediaType},
		"path":           {Options{}, func(r *http.Request) { r.URL.Path = "/v1/logs" }, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			s := started(t, c.options)
			assert.Equal(t, c.want, post(t, s, logsOf(at(0)), c.change))
			assert.Len(t, s.Entries(), map[bool]int{true: 1}[c.want == http.StatusNoContent])
		})
	}
}

// TestOneBadEntry: of a push with a bad entry the others are stored, and the
// answer is 400 all the same.
func TestOneBadEntry(t *testing.T) {
	for reason, bad := range map[string]record{
		tooOld:      at(7*24*time.Hour + time.Minute),
		tooNew:      at(-11 * time.Minute),
		tooLong:     func(r plog.LogRecord) { r.Body().SetStr(strings.Repeat("x", 256<<10+1)) },
		metadataBig: func(r plog.LogRecord) { r.Attributes().PutStr("a", strings.Repeat("x", 64<<10)) },
		metadataLen: func(r plog.LogRecord) {
			for i := range 129 {
				r.Attributes().PutStr("a"+strings.Repeat("x", i), "")
			}
		},
		tooFar: at(time.Hour + time.Minute),
	} {
		t.Run(reason, func(t *testing.T) {
			s := started(t, Options{})
			assert.Equal(t, http.StatusBadRequest, post(t, s, logsOf(at(0), bad, at(0)), nil))
			assert.Len(t, s.Entries(), 2)
			assert.Equal(t, map[string]int{reason: 1}, s.Discarded())
			require.Len(t, s.Refusals(), 1)
			assert.Contains(t, s.Refusals()[0].Message, `{service_name="hera"}`)
		})
	}
}

func TestJustWithinLimits(t *testing.T) {
	s := started(t, Options{TimeSharding: true})
	assert.Equal(t, http.StatusNoContent, post(t, s, logsOf(
		at(7*24*time.Hour-time.Minute), at(-9*time.Minute),
		func(r plog.LogRecord) { r.Body().SetStr(strings.Repeat("x", 256<<10)) },
		func(r plog.LogRecord) { r.Attributes().PutStr("a", strings.Repeat("x", 64<<10-1)) },
	), nil))
	assert.Len(t, s.Entries(), 4)
}

// TestTimeSharding: with it, entries from long ago may come in any order.
func TestTimeSharding(t *testing.T) {
	s := started(t, Options{TimeSharding: true})
	assert.Equal(t, http.StatusNoContent, post(t, s, logsOf(at(0), at(5*time.Hour), at(2*time.Hour)), nil))
	assert.Equal(t, http.StatusNoContent, post(t, s, logsOf(at(6*time.Hour)), nil))
	assert.Len(t, s.Entries(), 4)
}

func TestTooMuchAtOnce(t *testing.T) {
	push := func(entries int) plog.Logs {
		var records []record
		for range entries {
			records = append(records, func(r plog.LogRecord) { r.Body().SetStr(strings.Repeat("x", 200<<10)) })
		}
		return logsOf(records...)
	}
	s := started(t, Options{})
	assert.Equal(t, http.StatusServiceUnavailable, post(t, s, push(21), nil))
	assert.Equal(t, http.StatusTooManyRequests, post(t, s, push(31), nil))
	assert.Empty(t, s.Entries())
}

// TestSentAgain: Loki stores once what is the same in every part, and the
// observed time is one.
func TestSentAgain(t *testing.T) {
	s := started(t, Options{})
	logs := logsOf(at(0))
	for range 2 {
		require.Equal(t, http.StatusNoContent, post(t, s, logs, nil))
	}
	assert.Len(t, s.Entries(), 1)
	assert.Equal(t, 1, s.Duplicates())
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetObservedTimestamp(1)
	require.Equal(t, http.StatusNoContent, post(t, s, logs, nil))
	assert.Len(t, s.Entries(), 2)
}

func TestMapping(t *testing.T) {
	s := started(t, Options{})
	logs := logsOf(func(r plog.LogRecord) {
		r.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Truncate(time.Second)))
		r.SetObservedTimestamp(7)
		r.SetSeverityNumber(plog.SeverityNumberWarn)
		r.SetSeverityText("WARN")
		r.SetTraceID(pcommon.TraceID{1})
		r.SetEventName("is dropped")
		r.Attributes().PutStr("auth.method", "totp")
		r.Attributes().PutEmptyMap("a.b").PutInt("c-d", 3)
		r.Body().SetEmptyMap().PutStr("k", "v")
	})
	rl := logs.ResourceLogs().At(0)
	rl.Resource().Attributes().PutStr("k8s.pod.name", "p")
	rl.Resource().Attributes().PutStr("host.name", "h")
	rl.ScopeLogs().At(0).Scope().SetName("scope")
	rl.ScopeLogs().At(0).Scope().Attributes().PutStr("auth.source", "hera")
	require.Equal(t, http.StatusNoContent, post(t, s, logs, nil))

	e := s.Entries()[0]
	assert.Equal(t, map[string]string{"service_name": "hera", "k8s_pod_name": "p"}, e.Labels)
	assert.Equal(t, map[string]string{
		"host_name": "h", "scope_name": "scope", "auth_source": "hera",
		"auth_method": "totp", "a_b_c_d": "3", "severity_number": "13", "severity_text": "WARN",
		"detected_level": "warn", "trace_id": "01000000000000000000000000000000", "observed_timestamp": "7",
	}, e.Metadata)
	assert.JSONEq(t, `{"k":"v"}`, e.Line)
}

package otlp

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

func logsRequest(t *testing.T, contentType string) []byte {
	t.Helper()
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("line")
	request := plogotlp.NewExportRequestFromLogs(logs)
	marshal := request.MarshalProto
	if contentType == JSON {
		marshal = request.MarshalJSON
	}
	body, err := marshal()
	require.NoError(t, err)
	return body
}

func zipped(t *testing.T, encoding string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	switch encoding {
	case "gzip":
		z := gzip.NewWriter(&b)
		_, err := z.Write(body)
		require.NoError(t, err)
		require.NoError(t, z.Close())
	case "zstd":
		z, err := zstd.NewWriter(&b)
		require.NoError(t, err)
		_, err = z.Write(body)
		require.NoError(t, err)
		require.NoError(t, z.Close())
	default:
		return body
	}
	return b.Bytes()
}

func serve(t *testing.T, h http.Handler, method, contentType, encoding string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/v1/logs", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestLogsOfEveryEncoding(t *testing.T) {
	for _, contentType := range []string{Proto, JSON} {
		for _, encoding := range []string{"", "gzip", "zstd"} {
			t.Run(contentType+" "+encoding, func(t *testing.T) {
				records := 0
				h := Logs(Limits{}, func(r *Request, l plog.Logs) Answer {
					records += l.LogRecordCount()
					assert.Equal(t, "line", l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str())
					assert.Equal(t, logsRequest(t, contentType), r.Decoded)
					assert.Equal(t, zipped(t, encoding, r.Decoded), r.Raw)
					return Answer{}
				})
				w := serve(t, h, http.MethodPost, contentType, encoding, zipped(t, encoding, logsRequest(t, contentType)))
				assert.Equal(t, http.StatusOK, w.Code)
				assert.Equal(t, contentType, w.Header().Get("Content-Type"))
				assert.Equal(t, 1, records)
				response := plogotlp.NewExportResponse()
				unmarshal := response.UnmarshalProto
				if contentType == JSON {
					unmarshal = response.UnmarshalJSON
				}
				require.NoError(t, unmarshal(w.Body.Bytes()))
				assert.Zero(t, response.PartialSuccess().RejectedLogRecords())
				assert.Empty(t, response.PartialSuccess().ErrorMessage())
			})
		}
	}
}

func TestPartialSuccess(t *testing.T) {
	logs := Logs(Limits{}, func(*Request, plog.Logs) Answer { return Answer{Rejected: 2, Message: "why"} })
	w := serve(t, logs, http.MethodPost, Proto, "", logsRequest(t, Proto))
	require.Equal(t, http.StatusOK, w.Code)
	response := plogotlp.NewExportResponse()
	require.NoError(t, response.UnmarshalProto(w.Body.Bytes()))
	assert.EqualValues(t, 2, response.PartialSuccess().RejectedLogRecords())
	assert.Equal(t, "why", response.PartialSuccess().ErrorMessage())

	points := 0
	metrics := Metrics(Limits{}, func(_ *Request, m pmetric.Metrics) Answer {
		points += m.DataPointCount()
		return Answer{Rejected: 3, Message: "why"}
	})
	sent := pmetric.NewMetrics()
	sent.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptySum().DataPoints().AppendEmpty().SetIntValue(1)
	body, err := pmetricotlp.NewExportRequestFromMetrics(sent).MarshalJSON()
	require.NoError(t, err)
	w = serve(t, metrics, http.MethodPost, JSON, "", body)
	require.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, 1, points)
	assert.JSONEq(t, `{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"why"}}`, w.Body.String())
}

func TestRefused(t *testing.T) {
	body := logsRequest(t, Proto)
	for name, c := range map[string]struct {
		method, contentType, encoding string
		limits                        Limits
		body                          []byte
		answer                        Answer
		want                          int
		message                       string
	}{
		"method":             {method: http.MethodGet, want: http.StatusMethodNotAllowed, message: "method GET: OTLP/HTTP is POST"},
		"content type":       {contentType: "text/plain", want: http.StatusUnsupportedMediaType, message: `content type "text/plain"`},
		"content encoding":   {encoding: "br", want: http.StatusBadRequest, message: `content encoding "br"`},
		"no gzip":            {encoding: "gzip", want: http.StatusBadRequest, message: "gzip"},
		"no zstd":            {encoding: "zstd", want: http.StatusBadRequest, message: "magic"},
		"no protobuf":        {body: []byte("not OTLP at all"), want: http.StatusBadRequest},
		"no JSON":            {contentType: JSON, body: []byte("{"), want: http.StatusBadRequest},
		"large":              {limits: Limits{Body: int64(len(body)) - 1}, want: http.StatusRequestEntityTooLarge, message: "body too large"},
		"large when decoded": {encoding: "gzip", body: zipped(t, "gzip", body), limits: Limits{Decoded: int64(len(body)) - 1}, want: http.StatusRequestEntityTooLarge, message: "body too large"},
		"just within limits": {limits: Limits{Body: int64(len(body)), Decoded: int64(len(body))}, want: http.StatusOK},
		"by the vendor":      {answer: Answer{Status: http.StatusUnauthorized, Message: "who are you"}, want: http.StatusUnauthorized, message: "who are you"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.method == "" {
				c.method = http.MethodPost
			}
			if c.contentType == "" {
				c.contentType = Proto
			}
			if c.body == nil {
				c.body = body
			}
			w := serve(t, Logs(c.limits, func(*Request, plog.Logs) Answer { return c.answer }), c.method, c.contentType, c.encoding, c.body)
			require.Equal(t, c.want, w.Code, w.Body.String())
			if c.want == http.StatusOK {
				return
			}
			var status spb.Status
			if c.contentType == JSON {
				assert.Equal(t, JSON, w.Header().Get("Content-Type"))
				require.NoError(t, protojson.Unmarshal(w.Body.Bytes(), &status))
			} else {
				assert.Equal(t, Proto, w.Header().Get("Content-Type"))
				require.NoError(t, proto.Unmarshal(w.Body.Bytes(), &status))
			}
			assert.NotEmpty(t, status.GetMessage())
			assert.Contains(t, status.GetMessage(), c.message)
		})
	}
}

func TestOutage(t *testing.T) {
	taken := 0
	var o Outage
	h := o.Wrap(Logs(Limits{}, func(*Request, plog.Logs) Answer { taken++; return Answer{} }))
	codes := func(n int) (got []int) {
		for range n {
			got = append(got, serve(t, h, http.MethodPost, Proto, "", logsRequest(t, Proto)).Code)
		}
		return got
	}
	o.Next(Answer{Status: 429, RetryAfter: "1"}, Answer{}, Answer{Status: 502})
	w := serve(t, h, http.MethodPost, Proto, "", logsRequest(t, Proto))
	assert.Equal(t, "1", w.Header().Get("Retry-After"))
	assert.Equal(t, []int{200, 502, 200}, codes(3))
	o.Begin(Answer{Status: 503})
	o.Next(Answer{Status: 429})
	assert.Equal(t, []int{429, 503, 503}, codes(3))
	o.End()
	assert.Equal(t, []int{200}, codes(1))
	assert.Equal(t, 3, taken)
	assert.Equal(t, 5, o.Refused())
}

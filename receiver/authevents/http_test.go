package authevents

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/authevents/otelcol-auth/receiver/authevents/internal/metadata"
)

// What a request may be, and what becomes of it.
func TestHTTPFraming(t *testing.T) {
	one, two := hera(1), hera(2)
	pretty := strings.Replace(one, "{", "{\n  ", 1)
	for name, test := range map[string]struct {
		body   string
		answer string
		want   []string
	}{
		"one object":      {one, `{"accepted":1,"rejected":0,"reasons":{}}`, []string{one}},
		"pretty-printed":  {pretty, `{"accepted":1,"rejected":0,"reasons":{}}`, []string{pretty}},
		"NDJSON":          {one + "\n" + two + "\n", `{"accepted":2,"rejected":0,"reasons":{}}`, []string{one, two}},
		"array":           {"[" + one + ", " + two + "]", `{"accepted":2,"rejected":0,"reasons":{}}`, []string{one, two}},
		"empty array":     {"[]", `{"accepted":0,"rejected":0,"reasons":{}}`, nil},
		"byte-order mark": {"\ufeff" + one, `{"accepted":1,"rejected":0,"reasons":{}}`, []string{one}},
		"lines that are no events": {
			one + "\r\n\r\nstarted\r\n{\"a\":1}\r\n" + two + "\r\n{\"cut\":",
			`{"accepted":2,"rejected":3,"reasons":{"invalid_json":1,"no_event":1,"not_json":1}}`,
			[]string{one, "started", `{"a":1}`, two, `{"cut":`},
		},
		"text alone": {"started", `{"accepted":0,"rejected":1,"reasons":{"not_json":1}}`, []string{"started"}},
		"Okta event hook": {
			`{"eventType":"com.okta.event_hook","data":{"events":[` + one + `,` + two + `]}}`,
			`{"accepted":2,"rejected":0,"reasons":{}}`, []string{one, two},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sink{}
			a := serve(t, httpConfig(), s).post(t, test.body)
			assert.Equal(t, http.StatusOK, a.status)
			assert.Equal(t, test.answer, a.body)
			assert.Equal(t, "application/json", a.header.Get("Content-Type"))
			assert.ElementsMatch(t, test.want, bodies(s.taken()))
		})
	}
}

// An Auth0 log stream posts arrays of its log entries.
func TestHTTPAuth0Stream(t *testing.T) {
	s := &sink{}
	const id = "90020211103082515082"
	entry := `{"log_id":"` + id + `","data":{"date":"2026-05-20T08:25:14.466Z","type":"fp","client_id":"c"}}`
	a := serve(t, httpConfig(), s).post(t, "["+entry+","+entry+"]", "Content-Type", "application/json")
	assert.Equal(t, http.StatusOK, a.status)
	records := s.taken()
	assert.Equal(t, []string{entry, entry}, bodies(records))
	assert.Equal(t, id, records[0].uid, "an entry's own id")
}

// What is not taken, with the reason, and nothing of the request in it.
func TestHTTPStatus(t *testing.T) {
	const secret = "someone@example.com"
	large := `{"a":"` + strings.Repeat("x", 2048) + `"}`
	for name, test := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		message            string
	}{
		"GET":                      {http.MethodGet, "", "", nil, 405, "sent with POST"},
		"PUT":                      {http.MethodPut, "", hera(1), nil, 405, "sent with POST"},
		"OPTIONS":                  {http.MethodOptions, "", "", nil, 405, "sent with POST"},
		"another path":             {http.MethodPost, "/" + secret, hera(1), nil, 404, "http.path"},
		"a path below":             {http.MethodPost, "/v1/auth_events/", hera(1), nil, 404, "http.path"},
		"empty":                    {http.MethodPost, "", "", nil, 400, "is empty"},
		"blank":                    {http.MethodPost, "", "\ufeff \r\n\t\n", nil, 400, "is empty"},
		"damaged array":            {http.MethodPost, "", `[{"email":"` + secret + `"},`, nil, 400, "JSON array"},
		"too large":                {http.MethodPost, "", large, nil, 413, "max_request_body_size"},
		"protobuf":                 {http.MethodPost, "", "x", []string{"Content-Type", "application/x-protobuf"}, 415, "Content-Type"},
		"a form":                   {http.MethodPost, "", "x", []string{"Content-Type", "multipart/form-data; boundary=" + secret}, 415, "Content-Type"},
		"no media type":            {http.MethodPost, "", "x", []string{"Content-Type", ";"}, 415, "Content-Type"},
		"UTF-16":                   {http.MethodPost, "", "x", []string{"Content-Type", "text/plain; charset=utf-16"}, 415, "Content-Type"},
		"an unknown encoding":      {http.MethodPost, "", "x", []string{"Content-Encoding", secret}, 415, "Content-Encoding"},
		"two encodings":            {http.MethodPost, "", "x", []string{"Content-Encoding", "gzip, gzip"}, 415, "Content-Encoding"},
		"an encoding not taken":    {http.MethodPost, "", "x", []string{"Content-Encoding", "snappy"}, 415, "Content-Encoding"},
		"a page of another site":   {http.MethodPost, "", hera(1), []string{"Sec-Fetch-Site", "cross-site"}, 403, "another site"},
		"a page of another origin": {http.MethodPost, "", hera(1), []string{"Origin", "https://" + secret}, 403, "another site"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sink{}
			cfg := httpConfig()
			cfg.HTTP.Get().Server.MaxRequestBodySize = 1024
			server := serve(t, cfg, s)
			if test.path != "" {
				server.url = "http://" + server.http.address.String() + test.path
			}
			a := server.do(t, test.method, server.url, strings.NewReader(test.body), test.header...)
			assert.Equal(t, test.status, a.status)
			assert.Regexp(t, `^\{"error":".*"\}$`, a.body)
			assert.Contains(t, a.body, test.message)
			assert.NotContains(t, a.body, "example.com")
			assert.Equal(t, "application/json", a.header.Get("Content-Type"))
			if test.status == 405 {
				assert.Equal(t, http.MethodPost, a.header.Get("Allow"))
			}
			assert.Zero(t, s.tried())
			server.assertCounter(t, "otelcol_auth_events_requests", []metricdata.DataPoint[int64]{
				point(1, attribute.Int("http.response.status_code", test.status)),
			})
			for _, entry := range server.logs.All() {
				assert.NotContains(t, entry.Message, "example.com")
				assert.NotContains(t, entry.ContextMap(), "example.com")
			}
		})
	}
}

func TestHTTPContentTypes(t *testing.T) {
	server := serve(t, httpConfig(), &sink{})
	for _, contentType := range []string{
		"", "application/json", "application/json; charset=UTF-8", "Application/JSON", "application/x-ndjson",
		"application/ndjson", "application/jsonl", "application/x-jsonlines", "text/plain", "text/plain;charset=utf-8",
	} {
		assert.Equal(t, http.StatusOK, server.post(t, hera(1), "Content-Type", contentType).status, contentType)
	}
}

// A body of a few bytes a line must not become records without end.
func TestHTTPTooManyLines(t *testing.T) {
	s := &sink{}
	server := newServed(t, httpConfig(), s)
	server.http.handler.maxLines = 3
	server.serve(t)
	assert.Equal(t, http.StatusOK, server.post(t, "{}\n{}\n{}").status)
	a := server.post(t, "{}\n{}\n{}\n{}")
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.status)
	assert.Contains(t, a.body, "lines")
	assert.Equal(t, http.StatusRequestEntityTooLarge, server.post(t, "[{},{},{},{}]").status)
	assert.Len(t, s.taken(), 3)
}

// The input's telemetry, its transport in the collector's own, and what is dropped.
func TestHTTPTelemetry(t *testing.T) {
	s := &sink{}
	cfg := httpConfig()
	cfg.Lines.Unparsed = "drop"
	server := serve(t, cfg, s)
	body := heraLines(0, 3) + "\nnonsense\n"
	assert.Equal(t, `{"accepted":3,"rejected":1,"reasons":{"not_json":1}}`, server.post(t, body).body)
	assert.Equal(t, `{"accepted":0,"rejected":1,"reasons":{"not_json":1}}`, server.post(t, "nonsense").body)
	assert.Len(t, s.taken(), 3)

	input := attribute.String("input", "http")
	server.assertCounter(t, "otelcol_auth_events_lines", []metricdata.DataPoint[int64]{
		point(3, input, attribute.String("result", "event"), attribute.String("source", "hera")),
		point(2, input, attribute.String("result", "unparsed"), attribute.String("reason", "not_json")),
		point(1, input, attribute.String("result", "skipped"), attribute.String("reason", "blank")),
	})
	server.assertCounter(t, "otelcol_auth_events_bytes", []metricdata.DataPoint[int64]{
		point(int64(len(body)+len("nonsense")), input),
	})
	server.assertCounter(t, "otelcol_receiver_accepted_log_records", []metricdata.DataPoint[int64]{
		point(3, attribute.String("receiver", component.NewID(metadata.Type).String()), attribute.String("transport", "http")),
	})
}

// The bound on lines is one on those that envelopes hold, too: of a body of 20
// MB, which is 20 KB compressed, millions of records would be made.
func TestHTTPEnvelopeOfTooMany(t *testing.T) {
	for name, envelope := range map[string]func(n int) string{
		"okta": func(n int) string {
			return `{"eventType":"com.okta.event_hook","data":{"events":[{}` + strings.Repeat(",{}", n-1) + `]}}`
		},
		"cloudwatch": func(n int) string {
			event := `{"id":"1","timestamp":1779271200000,"message":"x"}`
			return `{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[` + event + strings.Repeat(","+event, n-1) + `]}`
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sink{}
			server := newServed(t, httpConfig(), s)
			server.http.handler.maxLines = 3
			server.serve(t)
			assert.Equal(t, http.StatusOK, server.post(t, envelope(3)).status)
			assert.Len(t, s.taken(), 3)
			for _, body := range []string{envelope(4), envelope(2) + "\n" + envelope(2)} {
				assert.Equal(t, http.StatusRequestEntityTooLarge, server.post(t, body).status)
			}
			assert.Len(t, s.taken(), 3, "nothing of it is sent")
		})
	}
}

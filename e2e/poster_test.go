//go:build unix

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// poster sends requests to the collector, and keeps its answers among texts.
type poster struct {
	t     *testing.T
	url   string
	texts map[string]string
}

// do sends a request, and returns the answer's status. All of the answer, its
// headers as well, becomes one of the texts.
func (p *poster) do(name, method, path, body string, headers ...string) int {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	require.NoError(p.t, err)
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Authorization", "Bearer "+secrets["HTTP_TOKEN"])
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(p.t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(p.t, err)
	require.NoError(p.t, resp.Body.Close())
	p.texts["answer to "+name] = fmt.Sprint(resp.Status, resp.Header, "\n", string(answer))
	return resp.StatusCode
}

// post sends lines, some in a request of their own, the rest together.
func (p *poster) post(lines []string) {
	p.t.Helper()
	const single = 20
	for i, line := range lines[:single] {
		require.Equal(p.t, http.StatusOK, p.do(fmt.Sprint("line ", i), http.MethodPost, "/v1/auth_events", line+"\n"))
	}
	require.Equal(p.t, http.StatusOK, p.do("lines", http.MethodPost, "/v1/auth_events", strings.Join(lines[single:], "\n")+"\n"))
}

// postBadly sends requests that hold nothing usable; each part of them holds what may
// not come back. Its path and the caller's address do stand in the collector's
// own traces, where someone has switched them on: docs/operations.md.
func (p *poster) postBadly() {
	p.t.Helper()
	canary := newCanary("email", 0).value
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
	}{
		{"another path", http.MethodPost, "/x", canary, nil, http.StatusNotFound},
		{"another method", http.MethodGet, "/v1/auth_events?user=" + canary, "", nil, http.StatusMethodNotAllowed},
		{"an empty body", http.MethodPost, "/v1/auth_events", "", nil, http.StatusBadRequest},
		{"an array that is none", http.MethodPost, "/v1/auth_events", `[{"email":"` + canary, []string{"Content-Type", "application/json"}, http.StatusBadRequest},
		{"an array of no objects", http.MethodPost, "/v1/auth_events", `["` + canary + `"]`, []string{"Content-Type", "application/json"}, http.StatusOK},
		{"no gzip", http.MethodPost, "/v1/auth_events", canary, []string{"Content-Encoding", "gzip"}, http.StatusBadRequest},
		{"no such encoding", http.MethodPost, "/v1/auth_events", canary, []string{"Content-Encoding", canary}, http.StatusUnsupportedMediaType},
		{"no such type", http.MethodPost, "/v1/auth_events", canary, []string{"Content-Type", "text/" + canary}, http.StatusUnsupportedMediaType},
		{"a wrong token", http.MethodPost, "/v1/auth_events", canary, []string{"Authorization", "Bearer " + canary}, http.StatusUnauthorized},
		{"another scheme", http.MethodPost, "/v1/auth_events", canary, []string{"Authorization", canary}, http.StatusUnauthorized},
	} {
		assert.Equal(p.t, c.status, p.do(c.name, c.method, c.path, c.body, c.headers...), c.name)
	}
}

// get reads a page of the collector.
func get(t *testing.T, url string) string {
	t.Helper()
	p := poster{t: t, url: url, texts: map[string]string{}}
	require.Equal(t, http.StatusOK, p.do("", http.MethodGet, "", ""), url)
	return p.texts["answer to "]
}

var links = regexp.MustCompile(`href=['"]?([^'" >]*zspanname=[^'" >]*)`)

// pagesOf reads what zpages serves, the traces of each kind and duration as well.
func pagesOf(t *testing.T, url string, into map[string]string) {
	t.Helper()
	for _, page := range []string{"servicez", "pipelinez", "extensionz", "featurez", "tracez"} {
		into[page] = get(t, url+"/debug/"+page)
	}
	require.Contains(t, into["pipelinez"], "logs/analytics")
	kinds := links.FindAllStringSubmatch(into["tracez"], -1)
	require.NotEmpty(t, kinds, into["tracez"])
	for _, link := range kinds {
		into["tracez "+link[1]] = get(t, url+"/debug/"+strings.ReplaceAll(link[1], "&amp;", "&"))
	}
}

// recorder is where the collector sends its own traces.
type recorder struct {
	url string

	mu     sync.Mutex
	bodies strings.Builder
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		_, err := io.Copy(&r.bodies, req.Body)
		assert.NoError(t, err)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

// text is what came so far: protobuf, in which texts stand as they are.
func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies.String()
}

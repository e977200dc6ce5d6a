//go:build unix

// Package files holds what the file exporter writes against what an OTLP endpoint
// gets of the same run. `make e2e` builds the collector first.
package files

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// sink is an OTLP/HTTP endpoint. It keeps what it gets as OTLP JSON lines.
type sink struct {
	*httptest.Server
	mu    sync.Mutex
	lines strings.Builder
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		unzipped, err := gzip.NewReader(r.Body)
		if !assert.NoError(t, err) {
			return
		}
		body, err := io.ReadAll(unzipped)
		assert.NoError(t, err)
		request := plogotlp.NewExportRequest()
		assert.NoError(t, request.UnmarshalProto(body))
		text, err := request.MarshalJSON()
		assert.NoError(t, err)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lines.Write(append(text, '\n'))
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lines.String()
}

// overlays add the endpoint to a pipeline.
func (s *sink) overlays(pipeline, exporters string) []string {
	return []string{
		"yaml:exporters::otlp_http: {endpoint: " + s.URL + ", sending_queue: {enabled: false}}",
		"yaml:service::pipelines::" + pipeline + "::exporters: [" + exporters + ", otlp_http]",
	}
}

// records are all records of OTLP JSON lines, each with its attributes by name,
// sorted.
func records(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	e2etest.EachRecord(t, text, func(record map[string]any) {
		attributes, ok := record["attributes"].([]any)
		require.True(t, ok)
		slices.SortFunc(attributes, func(a, b any) int {
			return strings.Compare(a.(map[string]any)["key"].(string), b.(map[string]any)["key"].(string))
		})
		one, err := json.Marshal(record)
		require.NoError(t, err)
		all = append(all, string(one))
	})
	slices.Sort(all)
	return all
}

// requireSame holds a file against what the endpoint got, record by record.
func requireSame(t *testing.T, want int, endpoint, file string) {
	t.Helper()
	got := records(t, file)
	require.Len(t, got, want)
	require.Equal(t, records(t, endpoint), got)
	assert.Contains(t, got[0], `"log.record.uid"`)
}

// wanted is how many records the sample makes.
func wanted(t *testing.T, files ...string) int {
	t.Helper()
	counts := e2etest.CountPlainly(t, files...)
	return counts.Events + counts.Unparsed
}

// TestFile: what configs/quickstart.yaml writes to logs.jsonl.
func TestFile(t *testing.T) {
	t.Parallel()
	s, out := newSink(t), t.TempDir()
	want := wanted(t, e2etest.Samples(t)...)
	p := e2etest.Start(t, colproc.Options{
		Config: "configs/quickstart.yaml", Overlays: s.overlays("logs/analytics", "file/logs, event_metrics"),
		Env: []string{"OUT_DIR=" + out, "STATE_DIR=" + t.TempDir()},
	})
	require.Eventually(t, func() bool { return strings.Count(s.text(), `"log.record.uid"`) >= want }, e2etest.Patience, 20*time.Millisecond)
	e2etest.Stop(t, p)
	requireSame(t, want, s.text(), e2etest.ReadFile(t, filepath.Join(out, "logs.jsonl")))
}

// TestStdout: what configs/stdin.yaml writes to standard output.
func TestStdout(t *testing.T) {
	t.Parallel()
	s := newSink(t)
	input, err := os.Open(e2etest.Samples(t)[0])
	require.NoError(t, err)
	defer func() { _ = input.Close() }()
	p := e2etest.Start(t, colproc.Options{Config: "configs/stdin.yaml", Overlays: s.overlays("logs", "file"), Stdin: input})
	code, err := p.Wait(e2etest.Patience)
	require.NoError(t, err)
	require.Zero(t, code, p.Log())
	requireSame(t, wanted(t, input.Name()), s.text(), p.Stdout())
}

// TestRotation: over rotations no record is lost, and none is cut in two, as long
// as max_backups keeps the files.
func TestRotation(t *testing.T) {
	t.Parallel()
	s, out := newSink(t), t.TempDir()
	files := e2etest.Samples(t)
	want := wanted(t, files...)
	p := e2etest.Start(t, colproc.Options{
		Config: "configs/quickstart.yaml",
		Overlays: append(s.overlays("logs/analytics", "file/rotated"),
			"yaml:exporters::file/rotated: {path: "+filepath.Join(out, "logs.jsonl")+", rotation: {max_megabytes: 2, max_backups: 100}}",
			"yaml:service::pipelines: {metrics: {receivers: [event_metrics], exporters: [file/metrics]}, logs/analytics: {exporters: [file/rotated, otlp_http, event_metrics]}}"),
		Env: []string{"OUT_DIR=" + out, "STATE_DIR=" + t.TempDir()},
	})
	require.Eventually(t, func() bool { return strings.Count(s.text(), `"log.record.uid"`) >= want }, e2etest.Patience, 20*time.Millisecond)
	e2etest.Stop(t, p)
	written, err := filepath.Glob(filepath.Join(out, "logs*.jsonl"))
	require.NoError(t, err)
	require.Greater(t, len(written), 1)
	var all strings.Builder
	for _, file := range written {
		all.WriteString(e2etest.ReadFile(t, file))
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.LessOrEqual(t, info.Size(), int64(2<<20))
	}
	requireSame(t, want, s.text(), all.String())
}

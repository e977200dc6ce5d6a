//go:build unix

package authctl

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// prefixes begin the names of the metrics that count events: testdata/policies.yaml
// has some of its own, so that each event_metrics has other series.
var prefixes = []string{"auth.", "idp.", "own."}

// collected is what the collector writes: records by pipeline, and what it has
// counted at its end. records is how many are to come.
func (s *setup) collected(t *testing.T, records int) (map[string][]leaving, map[string]series) {
	t.Helper()
	sink := newSink(t)
	env := append([]string{
		"AUTHEVENTS_INCLUDE=" + s.file, "OUT_DIR=" + s.out, "STATE_DIR=" + t.TempDir(),
		"SINK_URL=" + sink.URL, "OTLP_ENDPOINT=" + sink.URL, "METRICS_INTERVAL=300",
	}, s.env...)
	options := colproc.Options{Config: s.config, Overlays: append(s.overlays, s.toFiles(t)), Env: env}
	stdin := strings.HasSuffix(s.config, "stdin.yaml")
	if stdin {
		in, err := os.Open(s.file)
		require.NoError(t, err)
		defer func() { assert.NoError(t, in.Close()) }()
		options.Stdin = in
	}
	if s.messages {
		options.Env = append(options.Env, broker(t, s.file))
	}
	read := span{from: time.Now()}
	p := e2etest.Start(t, options)
	switch {
	case stdin:
		code, err := p.Wait(e2etest.Patience)
		require.NoError(t, err)
		require.Zero(t, code, p.Log())
	case s.messages:
		_, err := colproc.Await(t.Context(), p.TelemetryURL, e2etest.Patience, func(all []colproc.Sample) bool {
			return colproc.Sum(all, "otelcol_exporter_sent_log_records_total") >= float64(records)
		})
		require.NoError(t, err, p.Log())
		e2etest.Stop(t, p)
	default:
		e2etest.AwaitLines(t, p, s.receivers(t)*e2etest.CountPlainly(t, s.file).Lines)
		e2etest.Stop(t, p)
	}
	read.to = time.Now()
	left := map[string][]leaving{}
	for id := range s.pipelines(t) {
		if strings.HasPrefix(id, "logs") {
			left[id] = recordsOf(t, e2etest.ReadFile(t, filepath.Join(s.out, fileOf(id))), read)
		}
	}
	counts := map[string]series{}
	if _, err := os.Stat(filepath.Join(s.out, counted)); err == nil {
		for line := range strings.Lines(e2etest.ReadFile(t, filepath.Join(s.out, counted))) {
			addMetrics(t, counts, line, prefixes...)
		}
	}
	for _, request := range sink.taken() {
		addMetrics(t, counts, request, prefixes...)
	}
	return left, counts
}

// broker is a Kafka that has each line of the file as a message; it returns the
// environment by which the configurations find it.
func broker(t *testing.T, file string) string {
	t.Helper()
	fake, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "auth-events"))
	require.NoError(t, err)
	t.Cleanup(fake.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(fake.ListenAddrs()...), kgo.DefaultProduceTopic("auth-events"))
	require.NoError(t, err)
	defer client.Close()
	for line := range strings.Lines(e2etest.ReadFile(t, file)) {
		client.Produce(t.Context(), &kgo.Record{Value: []byte(strings.TrimSuffix(line, "\n"))}, nil)
	}
	require.NoError(t, client.Flush(t.Context()))
	return "KAFKA_BROKERS=" + strings.Join(fake.ListenAddrs(), ",")
}

// sink is an OTLP/HTTP endpoint for the collector's own metrics, which hold the
// counts of the processor event_metrics.
type sink struct {
	*httptest.Server

	mu       sync.Mutex
	requests []string // OTLP JSON
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			unzipped, err := gzip.NewReader(r.Body)
			if !assert.NoError(t, err) {
				return
			}
			body = unzipped
		}
		data, err := io.ReadAll(body)
		assert.NoError(t, err)
		request := pmetricotlp.NewExportRequest()
		if !assert.NoError(t, request.UnmarshalProto(data)) {
			return
		}
		text, err := request.MarshalJSON()
		assert.NoError(t, err)
		s.mu.Lock()
		s.requests = append(s.requests, string(text))
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

//go:build unix

package kafka

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/authevents/otelcol-auth/internal/attr"
)

// sink is an OTLP/HTTP endpoint outside the collector's process.
type sink struct {
	*httptest.Server

	mu      sync.Mutex
	status  int // what it answers; 200 takes the records
	delay   time.Duration
	refused int                 // requests that were not taken
	records map[string][]record // that were taken, by log.record.uid
	leaks   []string            // canaries that came through
}

// record is what the tests look at.
type record struct{ sequence, parseError string }

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{status: http.StatusOK, records: map[string][]record{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, err := s.take(r)
		assert.NoError(t, err)
		w.Header().Set("Content-Type", "application/x-protobuf")
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) take(r *http.Request) (int, error) {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return http.StatusBadRequest, err
		}
		body = unzipped
	}
	data, err := io.ReadAll(body)
	if err != nil { // the collector was killed while it sent
		return http.StatusBadRequest, nil
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(data); err != nil {
		return http.StatusBadRequest, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	time.Sleep(s.delay) // one request at a time: the load of the tests that need one
	for _, canary := range canaries {
		if bytes.Contains(data, []byte(canary)) {
			s.leaks = append(s.leaks, canary)
		}
	}
	if s.status != http.StatusOK {
		s.refused++
		return s.status, nil
	}
	eachRecord(request.Logs(), func(lr plog.LogRecord) {
		uid := text(lr, attr.LogRecordUID)
		s.records[uid] = append(s.records[uid], record{text(lr, attr.ClientID), text(lr, attr.ParseError)})
	})
	return http.StatusOK, nil
}

func eachRecord(logs plog.Logs, visit func(plog.LogRecord)) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				visit(lr)
			}
		}
	}
}

func text(lr plog.LogRecord, name string) string {
	v, _ := lr.Attributes().Get(name)
	return v.Str()
}

func (s *sink) answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

func (s *sink) refusals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// distinct is how many uids have come, deliveries how many records.
func (s *sink) distinct() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.records)
}

func (s *sink) deliveries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, list := range s.records {
		n += len(list)
	}
	return n
}

// await waits until as many uids have come as are expected, and requires that
// they are those, each on the record that it was expected on, as often as it
// came.
func (s *sink) await(t *testing.T, want expected, log func() string) {
	t.Helper()
	s.awaitAll(t, want, log)
	s.require(t, want)
}

// awaitAll waits until as many uids have come.
func (s *sink) awaitAll(t *testing.T, want expected, log func() string) {
	t.Helper()
	if !assert.Eventually(t, func() bool { return s.distinct() >= len(want) }, patience, 20*time.Millisecond) {
		t.Log(log())
	}
}

// require holds what has come against what was expected.
func (s *sink) require(t *testing.T, want expected) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	got := expected{}
	for uid, list := range s.records {
		got[uid] = list[0]
		for _, again := range list[1:] {
			require.Equal(t, list[0], again, "one uid, two records: %s", uid)
		}
	}
	for uid, r := range want {
		require.Equal(t, r, got[uid], uid)
	}
	require.Len(t, got, len(want), "uids that were not expected")
	require.Empty(t, s.leaks)
}

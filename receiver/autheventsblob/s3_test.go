package autheventsblob

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/require"
)

// s3Server is an S3 server in this process, with one bucket, and with faults.
type s3Server struct {
	*httptest.Server
	backend *s3mem.Backend
	clock   *clock
	// fault answers a request instead of the server, where it returns true.
	fault atomic.Pointer[func(w http.ResponseWriter, r *http.Request) bool]
}

// clock gives the times of modification.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at.UTC()
}

const secretKey = "canary-secret-key"

func newS3(t *testing.T) *s3Server {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "canary-key-id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", secretKey)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	s := &s3Server{clock: &clock{at: time.Now().UTC().Add(-time.Hour)}}
	s.backend = s3mem.New(s3mem.WithTimeSource(s.clock))
	require.NoError(t, s.backend.CreateBucket("events"))
	server := gofakes3.New(s.backend, gofakes3.WithLogger(gofakes3.DiscardLog()), gofakes3.WithTimeSkewLimit(0)).Server()
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := s.fault.Load(); fault != nil && (*fault)(w, r) {
			return
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return s
}

func (s *s3Server) url() string {
	return "s3://events?region=us-east-1&use_path_style=true&endpoint=" + url.QueryEscape(s.URL)
}

func (s *s3Server) put(t *testing.T, key string, content []byte) {
	t.Helper()
	_, err := s.backend.PutObject("events", key, nil, bytes.NewReader(content), int64(len(content)), nil)
	require.NoError(t, err)
}

func (s *s3Server) breakWith(fault func(w http.ResponseWriter, r *http.Request) bool) {
	s.fault.Store(&fault)
}

func (s *s3Server) mend() { s.fault.Store(nil) }

// isRead tells reading an object from listing; key is its name.
func isRead(r *http.Request) (key string, ok bool) {
	key, ok = strings.CutPrefix(r.URL.Path, "/events/")
	return key, ok && key != "" && r.Method == http.MethodGet
}

// deny answers as S3 does, with what must not get into a log.
func deny(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	_, _ = w.Write([]byte(`<Error><Code>AccessDenied</Code><Message>canary-message ` + r.URL.String() + `</Message></Error>`))
	return true
}

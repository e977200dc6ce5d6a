//go:build linux

// Package hostile sends the built collector what a hostile sender would, and
// sees that it stays small, counts every line, and still takes the next sign-in.
package hostile

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/faults/line"
	"github.com/authevents/otelcol-auth/internal/faults/sink"
)

// bound is how much more than an idle collector one that is attacked may have had
// resident at any time.
const bound = 128 << 20

// rig is a collector with all inputs, and the far end of its pipeline.
type rig struct {
	*colproc.Process
	sink            *sink.Sink
	dir             string // of the files that it reads
	httpURL, otlp   string
	idle            int64 // bytes resident before anything came
	lines, sequence int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	return newRigWith(t, nil)
}

// newRigWith lays something more over the configuration.
func newRigWith(t *testing.T, overlays []string, env ...string) *rig {
	t.Helper()
	s, err := sink.Start(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	http, otlp := e2etest.FreePort(t), e2etest.FreePort(t)
	r := &rig{
		sink: s, dir: t.TempDir(),
		httpURL: "http://127.0.0.1:" + http + "/v1/auth_events", otlp: "http://127.0.0.1:" + otlp + "/v1/logs",
	}
	r.Process = e2etest.Start(t, colproc.Options{
		Config:   "configs/lossless.yaml",
		Overlays: append([]string{"e2e/hostile/testdata/inputs.yaml"}, overlays...),
		Env: append([]string{
			"AUTHEVENTS_INCLUDE=" + filepath.Join(r.dir, "*.log"), "STATE_DIR=" + t.TempDir(),
			"OTLP_ENDPOINT=" + s.URL(), "HTTP_PORT=" + http, "OTLP_PORT=" + otlp,
		}, env...),
	})
	r.append(t, "signin.log", line.Range(0, 1))
	r.lines, r.sequence = 1, 1
	require.Eventually(t, func() bool { return s.Ledger.Seen(0) }, e2etest.Patience, 5*time.Millisecond, "%s", r.Log())
	r.idle, err = r.PeakMemory()
	require.NoError(t, err)
	return r
}

// place puts a file there as a whole: a .gz that is half written would be waited for.
func (r *rig) place(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(r.dir, name)
	require.NoError(t, os.WriteFile(path+".part", data, 0o600)) // the pattern is no *.part
	require.NoError(t, os.Rename(path+".part", path))
}

func (r *rig) append(t *testing.T, name string, data []byte) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(r.dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.Write(data)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// settle waits until so many lines more are accounted for, sends a sign-in after
// them, and sees it arrive. Then it holds the count and the memory against what
// they may be.
func (r *rig) settle(t *testing.T, lines int) {
	t.Helper()
	r.lines += lines
	e2etest.AwaitLines(t, r.Process, r.lines)
	r.append(t, "signin.log", line.Range(r.sequence, r.sequence+1))
	r.sequence++
	r.lines++
	require.Eventually(t, func() bool { return r.sink.Ledger.Seen(r.sequence - 1) }, e2etest.Patience, 5*time.Millisecond,
		"the sign-in behind it did not arrive: %s", r.Log())
	e2etest.AwaitLines(t, r.Process, r.lines)
	samples, err := colproc.Await(t.Context(), r.TelemetryURL, e2etest.Patience, func([]colproc.Sample) bool { return true })
	require.NoError(t, err)
	require.InDelta(t, r.lines, colproc.Sum(samples, "otelcol_auth_events_lines_total"), 0.5, "lines that nobody wrote")
	peak, err := r.PeakMemory()
	require.NoError(t, err)
	t.Logf("%d MiB more than idle", (peak-r.idle)>>20)
	require.Less(t, peak-r.idle, int64(bound))
}

// finish stops the collector, which must end well and have lost nothing.
func (r *rig) finish(t *testing.T) {
	t.Helper()
	e2etest.Stop(t, r.Process)
	require.Zero(t, r.sink.Bad(), "requests that are no OTLP")
	require.Zero(t, r.sink.Ledger.Missing(0, r.sequence))
}

// post sends a body, and returns the status; 0 where the connection broke, as it
// may where the answer comes before all is sent.
func post(t *testing.T, url, contentType, encoding string, body []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", contentType)
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "" {
		return -1 // says not when to come again
	}
	return resp.StatusCode
}

func repeat(text string, n int) string { return string(bytes.Repeat([]byte(text), n)) }

// event is a line of Hera with a member more; value is JSON, or ought to be.
func event(value string) string {
	return fmt.Sprintf(`{"type":"audit","event":"pkce_failed","ts":"2026-05-20T10:00:00.000Z","x":%s}`+"\n", value)
}

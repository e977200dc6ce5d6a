package deploy

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience is for a loaded machine; nothing waits for it in vain.
const patience = time.Minute

// sink takes OTLP/HTTP requests, and keeps what they hold as bytes.
type sink struct {
	mu    sync.Mutex
	taken strings.Builder
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := gzip.NewReader(r.Body)
	if err == nil {
		var text []byte
		text, err = io.ReadAll(body)
		s.mu.Lock()
		s.taken.Write(text)
		s.mu.Unlock()
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (s *sink) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.taken.String(), text)
}

// TestMinimalRuns: the agent and the gateway of overlays/minimal, as processes
// with the files and the environment of their pods. The node has a container's
// log in the CRI format, one line of it in two parts.
func TestMinimalRuns(t *testing.T) {
	destination := &sink{}
	server := httptest.NewServer(destination)
	t.Cleanup(server.Close)
	c, logs := build(t, "minimal"), t.TempDir()
	otlp, counts, unused := freePort(t), freePort(t), "127.0.0.1:0"

	gateway := c.materialize(t, *c.workload("otelcol-auth", "Deployment", "otelcol-auth-gateway"))
	gateway.start(t, []string{"OTLP_ENDPOINT=" + server.URL},
		"receivers::otlp::protocols::http::endpoint: "+otlp, "exporters::prometheus::endpoint: "+counts, "connectors::event_metrics::interval: 1s",
		"extensions::health_check::endpoint: "+unused, "service::telemetry::metrics: {level: none, readers: []}")

	agent := c.materialize(t, *c.workload("otelcol-auth-agent", "DaemonSet", "otelcol-auth-agent"))
	const node = "/var/log/pods"
	var include string
	for _, e := range agent.env {
		if path, ok := strings.CutPrefix(e, "AUTHEVENTS_INCLUDE="+node); ok {
			include = "AUTHEVENTS_INCLUDE=" + logs + path
		}
	}
	require.NotEmpty(t, include)
	event := func(name string) string {
		return fmt.Sprintf(`{"type":"audit","event":%q,"identity_id":"11111111-2222-4333-8444-555555555555","email":"canary@example.com","source_ip":"203.0.113.77","domain":"ciam","ts":%q}`,
			name, time.Now().UTC().Format(time.RFC3339))
	}
	first, second, other := event("pkce_flow_completed"), event("mfa_challenge_failed"), event("pkce_authorize")
	const at = "2026-11-20T08:00:00.000000000Z stdout "
	text := at + "F " + first + "\n" + at + "P " + second[:40] + "\n" + at + "F " + second[40:] + "\n"
	write(t, text, logs, "identity_hera-0_6f1c/hera/0.log")
	write(t, at+"F "+other+"\n", logs, "shop_web-0_9a2b/web/0.log") // another namespace's

	agent.start(t, []string{include, "OTLP_ENDPOINT=http://" + otlp},
		// The mount of the node's folder is elsewhere here, so the pattern is too.
		"receivers::auth_events::file::exclude: ["+logs+"/*/*/*.tmp]",
		"extensions::health_check::endpoint: "+unused, "service::telemetry::metrics: {level: none, readers: []}")

	require.Eventually(t, func() bool {
		return destination.has("pkce_flow_completed") && destination.has("mfa_challenge_failed")
	}, patience, 50*time.Millisecond)
	var series string
	require.Eventually(t, func() bool {
		series = get(t, "http://"+counts+"/metrics")
		return strings.Contains(series, `otel_event_name="mfa_challenge_failed"`)
	}, patience, 50*time.Millisecond)
	assert.Contains(t, series, `otel_event_name="pkce_flow_completed"`)
	assert.True(t, destination.has("identity_k1_"), "pseudonyms")
	assert.False(t, destination.has("pkce_authorize"), "of another namespace")
	for _, personal := range []string{"canary", "203.0.113.77", "11111111-2222"} {
		assert.False(t, destination.has(personal), personal)
		assert.NotContains(t, series, personal)
	}
}

// start runs the collector with the pod's files, env over the pod's own, and
// settings over its configs. It is stopped at the test's end, and has to end well.
func (p pod) start(t *testing.T, env []string, settings ...string) {
	t.Helper()
	var args []string
	for _, config := range p.configs {
		args = append(args, "--config", config)
	}
	for _, s := range settings {
		args = append(args, "--config", "yaml:"+s)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary(t), args...) // it ends by SIGTERM
	cmd.Env = slices.Concat(p.env, env)
	cmd.Dir = filepath.Dir(p.configs[0])
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		assert.NoError(t, cmd.Wait(), log.String())
		assert.NotContains(t, log.String(), "\terror\t")
	})
}

// freePort is an address on loopback that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

// get is empty while nobody answers.
func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(body)
}

//go:build unix

package e2etest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Prometheus is a real Prometheus, with a folder of its own.
type Prometheus struct {
	t *testing.T
	// URL is http://127.0.0.1:port, also over Stop and Start.
	URL  string
	log  *os.File
	args []string
	cmd  *exec.Cmd // nil while it is stopped
}

// Tool finds a program of the Debian package prometheus.
func Tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	require.NoError(t, err, "run make prometheus first, or use make e2e")
	return path
}

// NewPrometheus starts a Prometheus that scrapes the given metrics URLs twice a
// second. It also takes remote writes, at /api/v1/write.
func NewPrometheus(t *testing.T, urls ...string) *Prometheus {
	t.Helper()
	dir := t.TempDir()
	targets := []string{}
	for _, u := range urls {
		parsed, err := url.Parse(u)
		require.NoError(t, err)
		targets = append(targets, parsed.Host)
	}
	config, err := json.Marshal(map[string]any{ // JSON is YAML
		"global":         map[string]any{"scrape_interval": "500ms", "scrape_timeout": "500ms"},
		"scrape_configs": []any{map[string]any{"job_name": "collectors", "static_configs": []any{map[string]any{"targets": targets}}}},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "prometheus.yml"), config, 0o600))
	p := &Prometheus{t: t}
	p.log, err = os.Create(filepath.Join(dir, "log"))
	require.NoError(t, err)
	address := "127.0.0.1:" + FreePort(t)
	p.URL = "http://" + address
	// Every path that it writes to is its own: the package's are the system user's.
	p.args = []string{
		"--config.file=" + filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path=" + filepath.Join(dir, "data"),
		"--web.listen-address=" + address, "--web.enable-remote-write-receiver",
	}
	p.Start()
	t.Cleanup(func() {
		p.Stop()
		_ = p.log.Close()
	})
	return p
}

// Start starts it again, with the data that it had, and waits until it is ready.
func (p *Prometheus) Start() {
	p.t.Helper()
	p.cmd = exec.CommandContext(context.Background(), Tool(p.t, "prometheus"), p.args...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	require.NoError(p.t, p.cmd.Start())
	require.Eventually(p.t, func() bool {
		resp, err := p.get("/-/ready")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	}, Patience, 50*time.Millisecond, "Prometheus is not ready: %s", p.log.Name())
}

// Stop stops it, unless it is.
func (p *Prometheus) Stop() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
	p.cmd = nil
}

func (p *Prometheus) get(path string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.URL+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req)
}

// Vector is the result of a query: values by series, written like
// auth_events_total{auth_source=hera}.
type Vector map[string]float64

// Query evaluates PromQL now.
func (p *Prometheus) Query(promQL string) (Vector, error) {
	resp, err := p.get("/api/v1/query?query=" + url.QueryEscape(promQL))
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Error string
		Data  struct {
			ResultType string
			Result     json.RawMessage
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("%s: %s", promQL, answer.Error)
	}
	if answer.Data.ResultType != "vector" {
		return nil, fmt.Errorf("%s is a %s", promQL, answer.Data.ResultType)
	}
	var result []struct {
		Metric map[string]string
		Value  [2]any
	}
	if err := json.Unmarshal(answer.Data.Result, &result); err != nil {
		return nil, err
	}
	out := Vector{}
	for _, r := range result {
		var labels []string
		for name, value := range r.Metric {
			if name != "__name__" {
				labels = append(labels, name+"="+value)
			}
		}
		slices.Sort(labels)
		value, err := strconv.ParseFloat(r.Value[1].(string), 64)
		if err != nil {
			return nil, err
		}
		out[r.Metric["__name__"]+"{"+strings.Join(labels, ",")+"}"] = value
	}
	return out, nil
}

// Must is Query for what can't fail.
func (p *Prometheus) Must(promQL string) Vector {
	p.t.Helper()
	v, err := p.Query(promQL)
	require.NoError(p.t, err)
	return v
}

// Await evaluates PromQL until its result is ok.
func (p *Prometheus) Await(promQL string, ok func(Vector) bool) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		v, err := p.Query(promQL)
		return err == nil && ok(v)
	}, Patience, 100*time.Millisecond, "%s is not what was waited for", promQL)
}

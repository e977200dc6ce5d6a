//go:build linux

package security

import (
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// poll is how often a condition is looked at.
const poll = 10 * time.Millisecond

// environment is all that the configs of configs/ ask for. Nothing listens where
// they send to.
func environment(t *testing.T) []string {
	t.Helper()
	nobody := "127.0.0.1:" + e2etest.FreePort(t)
	return []string{
		"AUTHEVENTS_INCLUDE=" + filepath.Join(t.TempDir(), "*.log"), "OUT_DIR=" + t.TempDir(), "STATE_DIR=" + t.TempDir(),
		"OTLP_ENDPOINT=http://" + nobody, "LOKI_ENDPOINT=http://" + nobody, "REMOTE_WRITE_ENDPOINT=http://" + nobody,
		"HONEYCOMB_ENDPOINT=http://" + nobody, "KAFKA_BROKERS=" + nobody,
		"DD_SITE=127.0.0.1", "DD_API_KEY=" + secret("dd"), "HONEYCOMB_API_KEY=" + secret("honeycomb"),
		"REMOTE_WRITE_PASSWORD=" + secret("remote"), "REMOTE_WRITE_USERNAME=user", "INSTANCE=one",
		"POSTGRES_DSN=postgres://user:" + secret("dsn") + "@" + nobody + "/audit",
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=user", "AWS_SECRET_ACCESS_KEY=" + secret("aws"), "AWS_EC2_METADATA_DISABLED=true",
	}
}

// shipped are the configs that users copy.
func shipped(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(e2etest.Root(t), "configs", "*.yaml"))
	require.NoError(t, err)
	require.Greater(t, len(files), 10)
	return files
}

// TestShippedConfigsListenOnLoopback starts each config as it is shipped, and
// asks the kernel what the process listens on.
func TestShippedConfigsListenOnLoopback(t *testing.T) {
	for _, config := range shipped(t) {
		t.Run(filepath.Base(config), func(t *testing.T) {
			p := start(t, config, environment(t)...)
			addresses := listening(t, p.PID())
			for _, a := range addresses {
				assert.True(t, a.Addr().IsLoopback(), "%s is open to others", a)
			}
			if !strings.HasSuffix(config, "/stdin.yaml") { // which has no metrics
				assert.NotEmpty(t, addresses, "the collector's own metrics at least")
			}
			p.Kill()
		})
	}
}

// TestOpenListenersAreSeen: the look at the kernel's table would notice.
func TestOpenListenersAreSeen(t *testing.T) {
	p := start(t, filepath.Join(e2etest.Root(t), "configs", "prometheus.yaml"),
		append(environment(t), "PROMETHEUS_HOST=0.0.0.0")...)
	open := slices.DeleteFunc(listening(t, p.PID()), func(a netip.AddrPort) bool { return a.Addr().IsLoopback() })
	assert.Len(t, open, 2, "counts, and the collector's own metrics")
}

// listeners are the receivers and extensions that listen when they are
// configured with nothing but what opens them; quiet are those that never do.
var (
	listeners = map[string]string{
		"receivers auth_events":   "{http: {}}",
		"receivers otlp":          "{protocols: {grpc: {}, http: {}}}",
		"extensions health_check": "{}",
		"extensions pprof":        "{}",
		"extensions zpages":       "{}",
	}
	quiet = []string{
		"receivers auth_events_blob", "receivers kafka", // they ask others
		"extensions auth_events_encoding", "extensions basicauth", "extensions bearertokenauth", "extensions retry_status",
		"extensions file_storage", "extensions sigv4auth",
	}
)

// TestDefaultsListenOnLoopback: what a component listens on where the config
// does not say. Of exporters prometheus alone listens, and has no default. A
// component that is new to the distribution has to be put on one of the lists.
func TestDefaultsListenOnLoopback(t *testing.T) {
	out, err := command(t, nil, "components")
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(out), &all))
	config := "exporters: {nop: {}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [nop]}}}\n"
	for _, kind := range []string{"receivers", "extensions"} {
		listed, _ := all[kind].([]any)
		require.NotEmpty(t, listed, kind)
		config += kind + ":\n"
		for _, component := range listed {
			name, _ := component.(map[string]any)["name"].(string)
			id := kind + " " + name
			if settings, ok := listeners[id]; ok {
				config += "  " + name + ": " + settings + "\n"
				continue
			}
			assert.Contains(t, quiet, id, "does it listen, and where?")
		}
	}
	out, err = command(t, nil, "print-config", "--config", file(t, "config.yaml", config))
	require.NoError(t, err, out)
	endpoints := regexp.MustCompile(`(?m)^ +endpoint: (\S+:\d+)$`).FindAllStringSubmatch(out, -1)
	var ports []string
	for _, found := range endpoints {
		host, port, err := net.SplitHostPort(found[1])
		require.NoError(t, err)
		assert.Contains(t, []string{"localhost", "127.0.0.1"}, host, found[1])
		ports = append(ports, port)
	}
	slices.Sort(ports)
	assert.Equal(t, []string{"13133", "1777", "4317", "4318", "4319", "55679"}, ports)
	assert.Regexp(t, `host: (localhost|127\.0\.0\.1)\n\s+port: 8888`, out, "the collector's own metrics")
}

//go:build unix

package authctl

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// setup is a configuration that both are given, and a file that both read.
type setup struct {
	config   string
	overlays []string
	env      []string
	file     string
	// messages says that the lines come as messages of Kafka.
	messages bool

	out string // the folder of what leaves
}

// counted is the file of all metrics.
const counted = "counted.jsonl"

// build makes authctl.
func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "authctl")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "./cmd/authctl")
	cmd.Dir = e2etest.Root(t)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return tool
}

// pipelines are those that the configuration has, with their parts.
func (s *setup) pipelines(t *testing.T) map[string]any {
	t.Helper()
	merged := confmap.New()
	for _, uri := range append([]string{s.config}, s.overlays...) {
		text, ok := strings.CutPrefix(uri, "yaml:")
		if !ok {
			text = e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), uri))
		}
		retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
		require.NoError(t, err)
		conf, err := retrieved.AsConf()
		require.NoError(t, err)
		require.NoError(t, merged.Merge(conf))
	}
	all, ok := merged.Get("service::pipelines").(map[string]any)
	require.True(t, ok)
	return all
}

// toFiles is laid over the configuration: what leaves a pipeline of logs goes to a
// file of its own, beside event_metrics, and what comes into one of metrics to
// counted, without the processors there, of which explain says nothing.
func (s *setup) toFiles(t *testing.T) string {
	t.Helper()
	exporters := map[string]any{"file/counted": map[string]any{"path": filepath.Join(s.out, counted), "append": true}}
	trusted := []string{} // a policy that is tried out leaves all as it is
	pipelines := map[string]any{}
	for id, parts := range s.pipelines(t) {
		if strings.HasPrefix(id, "metrics") {
			pipelines[id] = map[string]any{"processors": []any{}, "exporters": []string{"file/counted"}}
			continue
		}
		name := fileOf(id)
		to := []string{"file/" + name}
		trusted = append(trusted, to...)
		exporters[to[0]] = map[string]any{"path": filepath.Join(s.out, name), "append": true}
		of, _ := parts.(map[string]any)["exporters"].([]any)
		for _, exporter := range of {
			if strings.HasPrefix(exporter.(string), "event_metrics") {
				to = append(to, exporter.(string))
			}
		}
		pipelines[id] = map[string]any{"exporters": to}
	}
	text, err := json.Marshal(map[string]any{
		"exporters": exporters, "trusted_destinations": trusted, "service": map[string]any{"pipelines": pipelines},
	})
	require.NoError(t, err)
	return "yaml:" + string(text) // JSON is YAML
}

func fileOf(pipeline string) string { return strings.ReplaceAll(pipeline, "/", "-") + ".jsonl" }

// receivers counts those of the pipelines of logs.
func (s *setup) receivers(t *testing.T) int {
	t.Helper()
	ids := map[string]bool{}
	for id, parts := range s.pipelines(t) {
		if !strings.HasPrefix(id, "logs") {
			continue
		}
		for _, receiver := range parts.(map[string]any)["receivers"].([]any) {
			ids[receiver.(string)] = true
		}
	}
	return len(ids)
}

// thinned writes a fifth of the sample to one file, all lines that are no JSON, and
// two that filters of a time take for too old and too new.
func thinned(t *testing.T, files []string, more ...string) string {
	t.Helper()
	var out strings.Builder
	for _, file := range files {
		n := 0
		for line := range strings.Lines(e2etest.ReadFile(t, file)) {
			if n++; n%5 == 0 || !strings.HasPrefix(line, "{") {
				out.WriteString(strings.TrimRight(line, "\r\n") + "\n")
			}
		}
	}
	for _, line := range more {
		out.WriteString(line + "\n")
	}
	path := filepath.Join(t.TempDir(), "sample.ndjson")
	require.NoError(t, os.WriteFile(path, []byte(out.String()), 0o600))
	return path
}

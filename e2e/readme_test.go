//go:build unix

package e2e

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestReadmeConfigs validates, with the binary, every piece of YAML that a
// reader may copy out of the documentation.
func TestReadmeConfigs(t *testing.T) {
	for _, pattern := range []string{"receiver/*/README.md", "extension/*/README.md", "processor/*/README.md", "connector/*/README.md", "converter/*/README.md", "docs/policies.md", "docs/profiles.md", "docs/operations.md", "docs/journeys.md", "docs/unique-users.md", "docs/migrating.md", "docs/high-volume.md", "docs/destinations/*.md", "exporter/*/README.md"} {
		pages, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, pages, pattern)
		found := 0
		for _, page := range pages {
			for _, p := range piecesOf(t, page) {
				found++
				t.Run(strings.TrimPrefix(page, root+"/")+":"+p.first, func(t *testing.T) {
					validate(t, p.config)
				})
			}
		}
		require.NotZero(t, found, "no piece of a configuration in %s", pattern)
	}
}

// TestReadmeConfigsAreChecked breaks a piece: a test that takes everything
// would hold nothing.
func TestReadmeConfigsAreChecked(t *testing.T) {
	for _, p := range piecesOf(t, filepath.Join(root, "docs", "profiles.md")) {
		receiver := p.config["receivers"].(map[string]any)["auth_events"].(map[string]any)
		receiver["profils"] = receiver["profiles"]
		out, err := runValidate(t, p.config)
		require.Error(t, err)
		assert.Contains(t, out, "profils")
	}
}

// piece is a fenced block that is a configuration, or some sections of one.
type piece struct {
	first  string // its first line that says something, to find it by
	config map[string]any
}

var fence = regexp.MustCompile("(?ms)^( *)```yaml\n(.*?)^ *```")

func piecesOf(t *testing.T, page string) []piece {
	t.Helper()
	var pieces []piece
	for _, block := range fence.FindAllStringSubmatch(e2etest.ReadFile(t, page), -1) {
		text := strings.ReplaceAll(block[2], "\n"+block[1], "\n")
		var config map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(strings.TrimPrefix(text, block[1])), &config), text)
		if !isConfig(config) {
			continue
		}
		lines := strings.Split(strings.TrimSpace(text), "\n")
		pieces = append(pieces, piece{strings.TrimSpace(lines[min(2, len(lines)-1)]), config})
	}
	return pieces
}

func isConfig(piece map[string]any) bool {
	for _, section := range []string{"receivers", "processors", "connectors", "exporters", "extensions", "service"} {
		if _, has := piece[section]; has {
			return true
		}
	}
	return false
}

func validate(t *testing.T, config map[string]any) {
	t.Helper()
	out, err := runValidate(t, config)
	assert.NoError(t, err, out)
}

var environment = regexp.MustCompile(`\$\{env:(\w+)\}`)

func runValidate(t *testing.T, config map[string]any) (string, error) {
	t.Helper()
	complete(t, config)
	text, err := yaml.Marshal(config)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	cmd := exec.CommandContext(t.Context(), e2etest.Binary(t), "validate", "--config", path)
	cmd.Env = os.Environ()
	for _, name := range environment.FindAllStringSubmatch(string(text), -1) {
		cmd.Env = append(cmd.Env, name[1]+"="+cmp.Or(filledIn[name[1]], "0123456789abcdef0123456789abcdef"))
	}
	out, err := cmd.CombinedOutput()
	return string(out) + "\nof\n" + string(text), err
}

// complete adds what a piece leaves out: components that it names and does not
// have, extensions listed, and a pipeline where there is none.
func complete(t *testing.T, config map[string]any) {
	t.Helper()
	service := section(config, "service")
	pipelines := section(service, "pipelines")
	if len(pipelines) == 0 {
		logs := map[string]any{"exporters": []any{"nop"}}
		for _, kind := range []string{"receivers", "processors"} {
			for id := range section(config, kind) {
				list, _ := logs[kind].([]any)
				logs[kind] = append(list, id)
			}
		}
		if _, has := section(config, "processors")["pii_scrub"]; !has { // or it is refused
			list, _ := logs["processors"].([]any)
			logs["processors"] = append(list, "pii_scrub")
		}
		if logs["receivers"] == nil {
			logs["receivers"] = []any{"auth_events"}
		}
		pipelines["logs"] = logs
	}
	for _, pipeline := range pipelines {
		for kind, ids := range pipeline.(map[string]any) {
			for _, id := range ids.([]any) {
				define(t, config, kind, id.(string))
			}
		}
	}
	for id, exporter := range section(config, "exporters") {
		// A piece that is laid over one of configs/ leaves the address to it.
		settings, _ := exporter.(map[string]any)
		if componentType, _, _ := strings.Cut(id, "/"); componentType == "otlp_http" && settings["auth"] != nil && settings["endpoint"] == nil {
			settings["endpoint"] = "http://localhost:4318"
		}
	}
	for _, receiver := range section(config, "receivers") {
		settings, _ := receiver.(map[string]any)
		if id, ok := settings["storage"].(string); ok {
			section(config, "extensions")[id] = map[string]any{"directory": t.TempDir()}
		}
	}
	var extensions []any
	for id := range section(config, "extensions") {
		extensions = append(extensions, id)
	}
	service["extensions"] = extensions
}

// standIns are the least that each component needs that a piece only names.
var standIns = map[string]any{
	"auth_events": map[string]any{"stdin": nil},
	"pii_scrub":   map[string]any{"keys": []any{map[string]any{"id": "k1", "secret": "0123456789abcdef0123456789abcdef"}}},
	"otlp_grpc":   map[string]any{"endpoint": "localhost:4317"},
	"otlp_http":   map[string]any{"endpoint": "http://localhost:4318"},
	"file":        map[string]any{"path": "out.jsonl"},
	"prometheus":  map[string]any{"endpoint": "localhost:9464"},
	"otlp":        map[string]any{"protocols": map[string]any{"grpc": nil}},
	"nop":         nil,
	"debug":       nil,
}

func define(t *testing.T, config map[string]any, kind, id string) {
	t.Helper()
	for _, place := range []string{kind, "connectors"} {
		if _, has := section(config, place)[id]; has {
			return
		}
	}
	componentType, _, _ := strings.Cut(id, "/")
	standIn, known := standIns[componentType]
	require.True(t, known, "a pipeline has %s, which the piece does not define: add it to standIns", id)
	section(config, kind)[id] = standIn
}

// section returns a map in config, empty at first.
func section(config map[string]any, key string) map[string]any {
	found, ok := config[key].(map[string]any)
	if !ok {
		found = map[string]any{}
		config[key] = found
	}
	return found
}

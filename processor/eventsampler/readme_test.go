package eventsampler

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

// TestREADMEOptions: every option is in the table, with its default.
func TestREADMEOptions(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(readme), "\n## Options\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n## ")
	got := map[string]any{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `([^`]*)` \\|").FindAllStringSubmatch(text, -1) {
		var value any
		require.NoError(t, yaml.Unmarshal([]byte(row[2]), &value))
		got[row[1]] = value
	}

	conf := confmap.New()
	require.NoError(t, conf.Marshal(defaultConfig()))
	want := map[string]any{"seed": ""} // empty, so Marshal leaves it out
	for key, value := range conf.ToStringMap() {
		if list, ok := value.([]any); ok && list == nil || value == nil {
			value = []any{}
		}
		want[key] = value
	}
	want["per_second"] = 5 // a float, which YAML reads as what it is
	want["interval"] = "10s"
	assert.Equal(t, want, got)
}

package autheventsblob

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

// The README's options are those of the config, with the defaults that they have.
func TestReadmeOptions(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, options, _ := strings.Cut(string(readme), "\n## Options\n")
	options, _, _ = strings.Cut(options, "\n## ")
	stated := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\| (?:`([^`]*)`|–) \\|").FindAllStringSubmatch(options, -1) {
		stated[row[1]] = row[2]
	}

	conf := confmap.New()
	require.NoError(t, conf.Marshal(createDefaultConfig()))
	actual := map[string]string{}
	for _, key := range conf.AllKeys() {
		value := conf.Get(key)
		text := fmt.Sprint(value)
		if value == nil || text == "[]" || text == "map[]" { // none
			text = ""
		}
		actual[strings.ReplaceAll(key, confmap.KeyDelimiter, ".")] = text
	}
	assert.Equal(t, actual, stated)
}

func TestReadmeExamples(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	require.Len(t, examples, 5)
	for _, example := range examples {
		retrieved, err := confmap.NewRetrievedFromYAML([]byte(example[1]))
		require.NoError(t, err)
		conf, err := retrieved.AsConf()
		require.NoError(t, err)
		conf, err = conf.Sub("receivers::auth_events_blob")
		require.NoError(t, err)
		cfg := createDefaultConfig().(*Config)
		require.NoError(t, conf.Unmarshal(cfg))
		assert.NoError(t, cfg.Validate())
	}
}

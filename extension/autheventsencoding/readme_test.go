package autheventsencoding

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

	cfg := defaultConfig()
	conf := confmap.New()
	require.NoError(t, conf.Marshal(cfg))
	actual := map[string]string{}
	for _, key := range conf.AllKeys() {
		actual[key] = fmt.Sprint(conf.Get(key))
		if actual[key] == "map[]" { // none
			actual[key] = ""
		}
	}
	actual["profiles"] = ""                // an empty map
	actual["uid_key"] = string(cfg.UIDKey) // which is never shown
	assert.Equal(t, actual, stated)
}

func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	require.Len(t, examples, 2, "the extension, and the statement that makes the uids")
	retrieved, err := confmap.NewRetrievedFromYAML([]byte(examples[0][1]))
	require.NoError(t, err)
	conf, err := retrieved.AsConf()
	require.NoError(t, err)
	assert.Equal(t, typ.String(), conf.Get("receivers::kafka::logs::encoding"))
	conf, err = conf.Sub("extensions::auth_events_encoding")
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, conf.Unmarshal(cfg))
	assert.NoError(t, cfg.Validate())
}

// What the README shows of configs/kafka.yaml stands in it.
func TestReadmeShowsTheConfig(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	shipped, err := os.ReadFile("../../configs/kafka.yaml")
	require.NoError(t, err)
	for _, pattern := range []string{`IsMatch\(`, `set\(log\.attributes`} {
		shown := regexp.MustCompile(`(?m)^ *- ` + pattern + `.*$`).FindString(string(readme))
		require.NotEmpty(t, shown)
		assert.Contains(t, string(shipped), shown+"\n")
	}
}

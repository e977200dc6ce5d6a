package authevents

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/confighttp"
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

	cfg := createDefaultConfig().(*Config)
	cfg.File.GetOrInsertDefault()
	cfg.Stdin.GetOrInsertDefault()
	cfg.HTTP.GetOrInsertDefault()
	actual := keysOf(t, cfg)
	// Of confighttp's keys the README has those with a default of our own.
	for key, value := range keysOf(t, struct {
		HTTP confighttp.ServerConfig `mapstructure:"http"`
	}{confighttp.NewDefaultServerConfig()}) {
		if actual[key] == value {
			delete(actual, key)
		}
	}
	assert.Equal(t, actual, stated)
}

// keysOf returns the keys of a config, with their values as the README has them.
func keysOf(t *testing.T, cfg any) map[string]string {
	t.Helper()
	conf := confmap.New()
	require.NoError(t, conf.Marshal(cfg))
	keys := map[string]string{}
	for _, key := range conf.AllKeys() {
		text := fmt.Sprint(conf.Get(key))
		switch value := conf.Get(key).(type) {
		case nil:
			text = ""
		case map[string]any:
			if len(value) == 0 {
				text = ""
			}
		case []any:
			if text = ""; len(value) > 0 {
				text = strings.ReplaceAll(fmt.Sprintf("%q", value), `" "`, `", "`)
			}
		}
		text = strings.TrimSuffix(text, "[REDACTED]") // of a key that is not set
		keys[strings.ReplaceAll(key, confmap.KeyDelimiter, ".")] = text
	}
	return keys
}

func TestReadmeExamples(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	require.Len(t, examples, 9, "one for each input, and one with TLS")
	environment := regexp.MustCompile(`\$\{env:\w+\}`)
	for _, example := range examples {
		text := environment.ReplaceAllLiteralString(example[1], testUIDKey)
		retrieved, err := confmap.NewRetrievedFromYAML([]byte(text))
		require.NoError(t, err)
		conf, err := retrieved.AsConf()
		require.NoError(t, err)
		conf, err = conf.Sub("receivers::auth_events")
		require.NoError(t, err)
		cfg := createDefaultConfig().(*Config)
		require.NoError(t, conf.Unmarshal(cfg))
		assert.NoError(t, cfg.Validate())
	}
}

// The README's table of answers has every status that is given.
func TestReadmeAnswers(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	stated := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d{3}) \|`).FindAllStringSubmatch(string(readme), -1) {
		stated[row[1]] = true
	}
	given := map[string]bool{"200": true}
	for _, r := range []response{
		responseEmpty, responseUnreadable, responseRefused, responseChallenge, responseNoAccess, responseCrossOrigin,
		responseNotFound, responseTooSlow, responseTooLarge, responseTooMany, responseType, responseEncoding,
		responseMethod, responseBusy, responseUnavailable, responseDraining,
	} {
		given[fmt.Sprint(r.status)] = true
	}
	assert.Equal(t, given, stated)
	assert.Equal(t, 100_000, maxRequestLines, "as the README and the answer say")
}

package retrystatus

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

// The README's option has the default that the config has.
func TestReadmeOptions(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	stated := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\| `([^`]*)` \\|").FindAllStringSubmatch(string(readme), -1) {
		stated[row[1]] = row[2]
	}
	conf := confmap.New()
	require.NoError(t, conf.Marshal(createDefaultConfig()))
	actual := map[string]string{}
	for _, key := range conf.AllKeys() {
		actual[key] = fmt.Sprint(conf.Get(key))
	}
	assert.Equal(t, actual, stated)
}

// What the README shows of the log is what the log has.
func TestReadmeMessages(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	const shown = "The destination refuses what it is sent"
	assert.Contains(t, string(readme), shown)
	assert.Contains(t, begins, shown)
	assert.Regexp(t, fmt.Sprintf(`first %d bytes`, maxWords), string(readme))
	assert.Regexp(t, fmt.Sprintf(`no more than %d KiB`, maxBody>>10), string(readme))
}

package securityaudit

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

var code = regexp.MustCompile("`([^`]*)`")

// TestREADMEOptions: every option is in the table, with its default.
func TestREADMEOptions(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## Options\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	stated := map[string]string{}
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); strings.HasPrefix(line, "| `") {
			for _, key := range code.FindAllStringSubmatch(cells[1], -1) {
				stated[key[1]] = strings.Trim(strings.TrimSpace(cells[2]), "`\"")
			}
		}
	}
	c := defaultConfig()
	conf := confmap.New()
	require.NoError(t, conf.Marshal(c))
	for key, value := range conf.ToStringMap() {
		stands, found := stated[key]
		if !assert.True(t, found, "the README does not have %s", key) {
			continue
		}
		switch v := value.(type) {
		case string:
			v = strings.ReplaceAll(v, "[REDACTED]", "") // what is opaque is empty, too
			assert.Equal(t, v, stands, key)
		case time.Duration:
			assert.Equal(t, v.String(), stands, key)
		}
		delete(stated, key)
	}
	for key := range stated { // what is empty is not marshalled
		assert.Contains(t, []string{"dsn", "password", "sending_queue", "columns", "domains", "key"}, key, "no such option")
	}
	assert.Equal(t, 30*time.Second, c.Timeout.Timeout)
	assert.True(t, c.Retry.Enabled)
	assert.Zero(t, c.Retry.MaxElapsedTime)
	assert.False(t, c.Queue.HasValue())
	assert.False(t, c.CreateTable)
	_, err = load(t, "{dsn: host=localhost, sending_queue: {}}")
	assert.NoError(t, err)
}

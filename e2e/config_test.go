//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestBadConfig: each mistake ends the collector with one message that names
// the YAML key, what was found, and the remedy.
func TestBadConfig(t *testing.T) {
	const key = "PIISCRUB_KEY=0123456789abcdef0123456789abcdef"
	for _, c := range []struct {
		name     string
		old, new string // what is changed in configs/quickstart.yaml
		env      string
		want     []string
	}{
		{"unknown key", "    storage: file_storage", "    sorage: file_storage", key,
			[]string{"auth_events", "invalid keys: sorage", "the keys here are: body, ", "file.include", "storage"}},
		{"no pii_scrub key", "", "", "PIISCRUB_KEY=",
			[]string{"pii_scrub", "keys[0].secret", "at least 32 bytes (got 0)", "openssl rand"}},
		{"key too short", "", "", "PIISCRUB_KEY=0123456789",
			[]string{"pii_scrub", "keys[0].secret", "at least 32 bytes (got 10)"}},
		{"no keys", "    keys:\n      - id: k1\n        secret: ${env:PIISCRUB_KEY}\n", "    keys: []\n", key,
			[]string{"pii_scrub", "keys"}},
		{"unknown source", "    storage: file_storage", "    source: okta2", key,
			[]string{"auth_events", "source", `"okta2"`, "hera", "login_gov"}},
		{"no input", "    file:\n      include: [\"${env:AUTHEVENTS_INCLUDE:-testdata/sample/*.ndjson}\"]\n", "", key,
			[]string{"auth_events", "no input", "file", "stdin"}},
		{"unknown body", "    storage: file_storage", "    body: xml", key,
			[]string{"auth_events", "body", `"xml"`, "text", "map", "event_name"}},
		{"no interval", "    interval: 5s", "    interval: -5s", key,
			[]string{"event_metrics", "interval", "-5s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := e2etest.ReadFile(t, filepath.Join(root, "configs", "quickstart.yaml"))
			require.Contains(t, config, c.old)
			path := filepath.Join(t.TempDir(), "config.yaml")
			require.NoError(t, os.WriteFile(path, []byte(strings.Replace(config, c.old, c.new, 1)), 0o600))
			dir := t.TempDir()
			p, err := colproc.Start(t.Context(), colproc.Options{
				Binary: e2etest.Binary(t), Config: path, Dir: root, Ports: true,
				Env: []string{c.env, "OUT_DIR=" + dir, "STATE_DIR=" + dir},
			})
			require.NoError(t, err)
			t.Cleanup(p.Kill)
			code, err := p.Wait(e2etest.Patience)
			require.NoError(t, err)
			assert.Equal(t, 1, code)
			for _, part := range c.want {
				assert.Contains(t, p.Log(), part)
			}
			assert.Equal(t, 1, strings.Count(p.Log(), "Error: "), "one message:\n%s", p.Log())
			assert.NotContains(t, p.Log(), "0123456789", "the key itself is never shown")
		})
	}
}

//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// TestRefusedConfigShowsNoSecret makes the mistakes that stand close to a
// secret, written down or from the environment, and searches all that the
// collector says about them.
func TestRefusedConfigShowsNoSecret(t *testing.T) {
	for _, secret := range []string{secrets["PIISCRUB_KEY"], `"${env:PIISCRUB_KEY}"`} {
		for name, processor := range map[string]string{
			"a misspelt key":      "{keys: [{id: k1, secert: " + secret + "}]}",
			"the id in its place": "{keys: [{id: " + secret + ", secret: k1}]}",
			"a list":              "{keys: [{id: k1, secret: [" + secret + "]}]}",
			"a map":               "{keys: [{id: k1, secret: {value: " + secret + "}}]}",
			"no list of keys":     "{keys: {id: k1, secret: " + secret + "}}",
			"a key by itself":     "{keys: [" + secret + "]}",
			"keys by itself":      "{keys: " + secret + "}",
			"the settings":        secret,
			"the same id twice":   "{keys: [{id: k1, secret: " + secret + "}, {id: k1, secret: " + secret + "}]}",
			"a number's place":    "{keys: [{id: k1, secret: " + secret + "}], ipv4_bits: " + secret + "}",
			"a bracket missing":   "{keys: [{id: k1, secret: " + secret + "}",
			"a quote missing":     `{keys: [{id: k1, secret: '` + secret + `}]}`,
			"an unknown action":   "{keys: [{id: k1, secret: " + secret + "}], identity: forget}",
		} {
			t.Run(name, func(t *testing.T) {
				out, err := startWith(t, "processors: {pii_scrub: "+processor+"}\n")
				require.Error(t, err, out)
				requireNoSecret(t, map[string]string{"output": out})
			})
		}
		t.Run("a path that is refused", func(t *testing.T) {
			out, err := startWith(t, "processors: {pii_scrub: {mode: audit, keys: [{id: k1, secret: "+secret+"}]}}\ntrusted_destinations: "+secret+"\n")
			require.Error(t, err, out)
			assert.Contains(t, out, "trusted_destinations: must be a list")
			requireNoSecret(t, map[string]string{"output": out})
		})
		t.Run("what print-config shows", func(t *testing.T) {
			config := "processors: {pii_scrub: {keys: [{id: k1, secret: " + secret + "}]}}\n"
			out, err := startWith(t, config, "print-config")
			require.NoError(t, err, out)
			requireNoSecret(t, map[string]string{"output": out})
			out, err = startWith(t, config, "print-config", "--mode", "unredacted")
			require.NoError(t, err, out)
			assert.Contains(t, out, secrets["PIISCRUB_KEY"], "the search has something to find")
		})
	}
}

// startWith runs a command of the collector, by default starting it, with the
// rest of a configuration around a piece of it.
func startWith(t *testing.T, piece string, command ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, []byte(piece+`
receivers: {auth_events: {stdin: {}}}
exporters: {nop: }
service: {pipelines: {logs: {receivers: [auth_events], processors: [pii_scrub], exporters: [nop]}}}
`), 0o600))
	cmd := exec.CommandContext(t.Context(), e2etest.Binary(t), append(command, "--config", path)...)
	cmd.Env = append(os.Environ(), "PIISCRUB_KEY="+secrets["PIISCRUB_KEY"])
	out, err := cmd.CombinedOutput()
	return string(out), err
}

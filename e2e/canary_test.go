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
)

// canariesPerKind is how many unique identities, e-mail addresses and IP
// addresses are planted, each.
const canariesPerKind = 200

// TestNoCanarySurvives plants canaries in every place that a line can hold
// them, and searches all that leaves the collector. The same search has to
// find all of them when pii_scrub is taken out of the pipeline: a search that
// finds nothing proves nothing by itself.
func TestNoCanarySurvives(t *testing.T) {
	lines, planted := plant()
	require.Len(t, planted, 3*canariesPerKind)
	input := filepath.Join(t.TempDir(), "canaries.ndjson")
	require.NoError(t, os.WriteFile(input, []byte(strings.Join(lines, "\n")+"\n"), 0o600))

	t.Run("scrubbed", func(t *testing.T) {
		r := newRun(t, input)
		found := search(outputs(t, r, len(lines)), planted)
		for _, c := range planted {
			if place, ok := found[c.needle]; ok {
				t.Errorf("the %s of place %q is found in %s", c.kind, c.place, place)
			}
		}
	})
	t.Run("without pii_scrub", func(t *testing.T) {
		r := newRun(t, input)
		r.config = withoutScrubbing(t)
		found := search(outputs(t, r, len(lines)), planted)
		for _, c := range planted {
			assert.Contains(t, found, c.needle, "the %s of place %q", c.kind, c.place)
		}
	})
}

// outputs runs the collector and returns all that it gave out, by name.
func outputs(t *testing.T, r *run, lines int) map[string]string {
	t.Helper()
	r.start(t)
	counts, own := r.drain(t, lines)
	r.stop(t)
	return map[string]string{
		"logs.jsonl":    readFile(t, filepath.Join(r.out, "logs.jsonl")),
		"metrics.jsonl": readFile(t, filepath.Join(r.out, "metrics.jsonl")),
		"counts":        labels(counts),
		"own metrics":   labels(own),
		"log":           r.Log(),
		"stdout":        r.Stdout(),
	}
}

func labels(samples []colproc.Sample) string {
	var b strings.Builder
	for _, s := range samples {
		b.WriteString(s.Name)
		for k, v := range s.Labels {
			b.WriteString(" " + k + "=" + v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// withoutScrubbing is the quickstart config without its pii_scrub.
func withoutScrubbing(t *testing.T) string {
	t.Helper()
	config := readFile(t, filepath.Join(root, "configs", "quickstart.yaml"))
	const processors = "      processors: [pii_scrub]\n"
	require.Equal(t, 1, strings.Count(config, processors))
	path := filepath.Join(t.TempDir(), "unscrubbed.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(config, processors, "", 1)), 0o600))
	return path
}

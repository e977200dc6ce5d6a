//go:build unix

package e2e

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// canariesPerKind is how many unique identities, e-mail addresses and IP
// addresses are planted, each, beside the spellings.
const canariesPerKind = 300

// secrets are what the collector is given to keep: no output may have them.
var secrets = map[string]string{
	"PIISCRUB_KEY": "pseudonym-key-canary-0123456789abcdef",
	"HTTP_TOKEN":   "http-token-canary-0123456789abcdef",
	"UID_KEY":      "uid-key-canary-0123456789abcdef0123456789",
}

// TestNoCanarySurvives plants canaries in every place that a line can hold
// them, sends the lines through every input at level debug, and searches all
// that leaves the collector or stays behind. The same search has to find all of
// them when pii_scrub is taken out of the pipeline: a search that finds nothing
// proves nothing by itself.
func TestNoCanarySurvives(t *testing.T) {
	lines, planted := plant()
	require.Len(t, planted, 3*canariesPerKind+len(spellings)*len(spelledIn))
	t.Run("scrubbed", func(t *testing.T) {
		found := search(everythingOf(t, lines), planted)
		for _, c := range planted {
			if place, ok := found[c.value]; ok {
				t.Errorf("the %s of place %q is found in %s: %s", c.kind, c.place, place, c.value)
			}
		}
	})
	t.Run("without pii_scrub", func(t *testing.T) {
		texts := everythingOf(t, lines, "e2e/testdata/unscrubbed.yaml")
		found := search(texts, planted)
		for _, c := range planted {
			assert.Contains(t, found, c.value, "the %s of place %q", c.kind, c.place)
		}
		// Beside the records nothing has values, scrubbed or not, but for the
		// counts, which are labelled by the event's name: docs/adr/0004.
		for _, name := range []string{"out/logs.jsonl", "out/metrics.jsonl", "counts"} {
			require.Contains(t, texts, name)
			delete(texts, name)
		}
		for value, place := range search(texts, planted) {
			t.Errorf("%s is found in %s", value, place)
		}
	})
}

// everythingOf sends the lines through the collector, a third by each input,
// and returns all that it gave out and left behind, by name. No secret is in it.
func everythingOf(t *testing.T, lines []string, overlays ...string) map[string]string {
	t.Helper()
	var parts [3][]string
	for i, line := range lines {
		parts[i%3] = append(parts[i%3], line)
	}
	text := func(lines []string) string { return strings.Join(lines, "\n") + "\n" }
	input := filepath.Join(t.TempDir(), "canaries.ndjson")
	require.NoError(t, os.WriteFile(input, []byte(text(parts[0])), 0o600))

	r := newRun(t, input)
	r.stdin = strings.NewReader(text(parts[1]))
	r.overlays = append([]string{"e2e/testdata/everything.yaml"}, overlays...)
	pages, posts := e2etest.FreePort(t), e2etest.FreePort(t)
	traces := newRecorder(t)
	r.env = append(r.env, "ZPAGES_PORT="+pages, "HTTP_PORT="+posts, "TRACES_URL="+traces.url)
	for name, value := range secrets {
		r.env = append(r.env, name+"="+value)
	}
	r.start(t)
	texts := map[string]string{}
	client := poster{t: t, url: "http://127.0.0.1:" + posts, texts: texts}
	client.await(r)
	client.post(parts[2])
	r.drain(t, len(lines))
	client.postBadly()
	pagesOf(t, "http://127.0.0.1:"+pages, texts)
	texts["counts"], texts["own metrics"] = get(t, r.MetricsURL), get(t, r.TelemetryURL)
	r.stop(t)
	texts["log"], texts["stdout"], texts["own traces"] = r.Log(), r.Stdout(), traces.text()
	filesBelow(t, "out", r.out, texts)
	filesBelow(t, "state", r.state, texts)
	requireNoSecret(t, texts)
	return texts
}

// requireNoSecret searches for what the collector was given to keep.
func requireNoSecret(t *testing.T, texts map[string]string) {
	t.Helper()
	var kept []canary
	for name, value := range secrets {
		kept = append(kept, canary{kind: name, value: value, needles: []string{value, value[:24]}})
	}
	for value, place := range search(texts, kept) {
		t.Errorf("the secret %q is found in %s", value, place)
	}
}

// filesBelow reads every file of a folder, of which there is one at least.
func filesBelow(t *testing.T, name, dir string, into map[string]string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		into[name+"/"+filepath.Base(path)] = path + "\n" + e2etest.ReadFile(t, path)
		return nil
	}))
	require.NotZero(t, files, dir)
}

// await waits until the collector serves.
func (p *poster) await(r *run) {
	p.t.Helper()
	_, err := colproc.Await(p.t.Context(), r.TelemetryURL, e2etest.Patience, func([]colproc.Sample) bool {
		c, err := (&net.Dialer{}).DialContext(p.t.Context(), "tcp", strings.TrimPrefix(p.url, "http://"))
		if err == nil {
			err = c.Close()
		}
		return err == nil
	})
	require.NoError(p.t, err, r.Log())
}

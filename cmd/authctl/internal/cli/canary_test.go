//go:build unix

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// ranWith runs authctl, and returns all that it says.
func ranWith(t *testing.T, in string, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	Run(t.Context(), args, strings.NewReader(in), &out, &errOut)
	return out.String() + "\n" + errOut.String()
}

// secrets are what the configurations are given.
const (
	pseudonymKey = "pseudonym-key-canary-0123456789abcdef"
	shortKey     = "short-canary"
)

// keepsAll changes nothing that it need not, copies what it has, and fails.
const keepsAll = `yaml:
receivers: {auth_events: {stdin: {}}}
processors:
  pii_scrub/audit: {mode: audit, keys: [{id: k1, secret: "` + pseudonymKey + `"}]}
  pii_scrub/keep: {preset: audit, keys: [{id: k1, secret: "` + pseudonymKey + `"}]}
  transform: {log_statements: [{context: log, statements: ['set(attributes["copy"], attributes["user.email"])', 'set(attributes["copied"], attributes["user.id"])']}]}
  transform/fails: {error_mode: propagate, log_statements: [{context: log, statements: ['set(attributes["x"], ParseXML(body))']}]}
service:
  pipelines:
    logs/a: {receivers: [auth_events], processors: [pii_scrub/audit, transform, pii_scrub/keep]}
    logs/b: {receivers: [auth_events], processors: [transform, pii_scrub/audit]}
    logs/c: {receivers: [auth_events], processors: [transform/fails, pii_scrub/keep]}
`

// configs are those of the project that load with the variables that the test sets.
func configs(t *testing.T) []string {
	t.Helper()
	for name, value := range map[string]string{
		"PIISCRUB_KEY": pseudonymKey, "DD_API_KEY": "x", "AWS_REGION": "eu-central-1", "OTLP_ENDPOINT": "x:1", "HONEYCOMB_API_KEY": "x",
		"POSTGRES_DSN": "postgres://x", "INSTANCE": "1", "REMOTE_WRITE_USER": "x", "REMOTE_WRITE_PASSWORD": "x", "SAMPLER_PERCENT": "10",
	} {
		t.Setenv(name, value)
	}
	files, err := filepath.Glob(filepath.Join(root, "configs", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var load []string
	for _, file := range files {
		if out := ranWith(t, "", "explain", "-c", file); strings.Contains(out, "standard input: has no line") {
			load = append(load, file)
		}
	}
	require.GreaterOrEqual(t, len(load), len(files)-1)
	return load
}

// calls of all commands on files of a folder. in is standard input.
type called struct {
	in   string
	args []string
}

func calledWith(dir string, files map[string]string, lines string, configs []string) (calls []called) {
	add := func(in string, args ...string) { calls = append(calls, called{in, args}) }
	both := func(in string, args ...string) {
		add(in, args...)
		add(in, append(args, "--json")...)
	}
	profile := filepath.Join(root, "cmd", "authctl", "internal", "profiles", "testdata", "acme.yaml")
	quick := filepath.Join(root, "configs", "quickstart.yaml")
	loki := filepath.Join(root, "configs", "loki.yaml")
	all := strings.SplitAfter(lines, "\n")
	both(lines, "explain")
	both(lines, "explain", "-c", keepsAll)
	odd := strings.Join(all[max(0, len(all)-150):], "")
	for i, config := range configs {
		add(odd, append([]string{"explain", "-c", config}, [][]string{nil, {"--json"}}[i%2]...)...)
	}
	for _, name := range []string{"lines.ndjson", "otlp.ndjson"} {
		both(files[name], "profile", "draft")
		both(files[name], "drift", "--lost-after", "1")
		both("", "profile", "test", profile, filepath.Join(dir, name))
		both("", "policy", "diff", loki, keepsAll, "--sample", filepath.Join(dir, name))
		both("", "bench", "-c", quick, "--duration", "1ms", filepath.Join(dir, name))
	}
	for _, line := range all[max(0, len(all)-40):] { // each by itself: what all lines have alike may tell a source
		add(line, "profile", "draft")
	}
	for name := range files {
		both("", "scan", "--max", "10000", filepath.Join(dir, name))
		add("", "scan", "--max", "10000", "-c", loki, filepath.Join(dir, name))
		add("", "profile", "test", filepath.Join(dir, name), filepath.Join(dir, "lines.ndjson"))
		for _, command := range []string{"keys", "explain"} {
			add("", command, "-c", filepath.Join(dir, name))
		}
		add("", "policy", "diff", filepath.Join(dir, name), loki, "--sample", filepath.Join(dir, "lines.ndjson"))
	}
	for _, kind := range []string{"identity", "email", "ip", "name"} {
		for line := range strings.Lines(files["wrong.txt"]) {
			add(line, "pseudonym", "-c", loki, "--kind", kind, "-")
		}
		add(lines, "pseudonym", "-c", loki, "--kind", kind, "-")
	}
	both("", "keys", "-c", loki)
	return calls
}

func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// canaryShapes find all that a planter may have planted.
var canaryShapes = regexp.MustCompile(`canary\d{5}q|ca11ab1e-[0-9a-f]{4}-4000-8000-[0-9a-f]{12}|11\.\d{3}\.\d{3}\.\d{3}|7\d{8}91`)

// foundIn are the places of the canaries that stand in an output, in any form.
func (p *planter) foundIn(output string) map[string]string {
	found := map[string]string{}
	for _, text := range e2etest.Forms(output) {
		for _, c := range canaryShapes.FindAllString(strings.ToLower(text), -1) {
			if place, ok := p.places[c]; ok {
				found[c] = place
			}
		}
	}
	return found
}

// TestNoCommandShowsValues plants a canary for every value of a person in the test data
// of all profiles, and wherever else a line may have one, and searches what all
// commands say. The same search finds canaries where --show-values asks for them.
//
// What the documentation excepts is not planted here but by TestNamesOfEventsAreShown.
func TestNoCommandShowsValues(t *testing.T) {
	p := &planter{places: map[string]string{}}
	lines := append(p.profiles(t), p.odd()...)
	require.Greater(t, len(p.places), 400)
	files := p.files(lines)
	files["wrong.txt"] = p.email("wrong") + "\n" + p.uuid("wrong") + "\n" + p.ip("wrong") + "/33\n" + p.word("wrong") + "\x00\n"
	dir := write(t, files)
	text := files["lines.ndjson"]
	for _, c := range calledWith(dir, files, text, configs(t)) {
		output := ranWith(t, c.in, c.args...)
		name := strings.Join(c.args, " ")
		assert.NotContains(t, output, pseudonymKey[:20], name)
		for canary, place := range p.foundIn(output) {
			if c.args[0] == "pseudonym" && strings.Contains(place, "wrong") {
				continue
			}
			i := strings.Index(output, canary)
			t.Errorf("%s: shows the %s: …%s", name, place, output[max(0, i-60):max(0, min(len(output), i+40))])
		}
	}
	assert.Greater(t, len(p.foundIn(ranWith(t, text, "explain", "--show-values"))), 300, "the search would find them")
}

// TestNamesOfEventsAreShown: the one exception, as docs/authctl.md has it. A name that
// looks like nobody's value is shown by those commands that are about names.
func TestNamesOfEventsAreShown(t *testing.T) {
	const name = "signed_by_mallory"
	const line = `{"type":"audit","event":"` + name + `","identity_id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","ts":"2026-08-21T08:00:00Z"}` + "\n"
	t.Setenv("PIISCRUB_KEY", pseudonymKey)
	loki := filepath.Join(root, "configs", "loki.yaml")
	dir := write(t, map[string]string{"line.ndjson": line})
	file := filepath.Join(dir, "line.ndjson")
	for want, calls := range map[bool][][]string{
		true:  {{"explain"}, {"drift"}, {"profile", "draft"}},
		false: {{"scan", file}, {"policy", "diff", loki, keepsAll, "--sample", file}, {"bench", "-c", loki, "--duration", "1ms", file}},
	} {
		for _, args := range calls {
			assert.Equal(t, want, strings.Contains(ranWith(t, line, args...), name), args)
		}
	}
}

// control characters and others that a terminal obeys, as a line may have them.
var control = []string{"\x1b[31m", "\x1b]0;owned\a", "\u009b31m", "\x9b31m", "\u202eevil", "\u2066x", "\u200b", "\x00", "\x7f", "\r", "\b\b", "\u2028", "\nforged: line", "\U000E0041", "\ufeff"}

// obeyed is the first character of an output that a terminal may obey; "" for none.
func obeyed(output string) string {
	for i, r := range output {
		bad := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\n' || strings.HasPrefix(output[i:], "\nforged")
		if _, size := utf8.DecodeRuneInString(output[i:]); bad || r == utf8.RuneError && size == 1 {
			return strconv.QuoteToASCII(output[max(0, i-40):min(len(output), i+20)])
		}
	}
	return ""
}

// TestNoCommandObeysALine: what a terminal would take for a command of somebody's never
// leaves, also where values are to be shown.
func TestNoCommandObeysALine(t *testing.T) {
	var lines strings.Builder
	for _, c := range control {
		for _, in := range []string{c, strings.Trim(strconv.QuoteToASCII(c), `"`)} {
			in = strings.NewReplacer(`\x`, `\u00`, `\a`, `\u0007`, `\U000e0041`, `\udb40\udc41`).Replace(in)
			const event = `{"type":"audit","ts":"2026-08-21T08:00:00Z",`
			for _, line := range []string{
				event + `"event":"login_` + in + `"}`,
				event + `"event":"login_success","` + in + `":{"a` + in + `":["` + in + `"]},"user_agent":"` + in + `","identity_id":"` + in + `","method":"` + in + `","outcome":"` + in + `"}`,
				event + `"event":"login_success","email":"a@example.org` + in + `","note":"b@example.org ` + in + `","b@example.org` + in + `":1}`,
				`{"what":"login` + in + `","` + in + `":"` + in + `","user_id":"a` + in + `","at":"2026-08-21T08:00:00Z"}`,
				`text ` + in + ` user_id=a` + in + ` email=b@example.org` + in,
				`{"level":"error","method":"POST","msg":"Unsuccessful 1FA authentication attempt by user '` + in + `'","path":"/api/firstfactor","remote_ip":"203.0.113.191","time":"2026-05-20T14:19:29+02:00"}`,
				event + `"event":"` + in,
			} {
				lines.WriteString(strings.ReplaceAll(line, "\n", "") + "\n")
			}
		}
	}
	text := lines.String()
	files := map[string]string{"lines.ndjson": text, "otlp.ndjson": `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"b@example.org"},"attributes":[{"key":"b\u001b[31m\u009b\u202e","value":{"stringValue":"b@example.org\u001b[31m\u009b"}}]}]}]}]}` + "\n", "wrong.txt": "\x1b[31m\u009b\n"}
	for i, c := range control {
		files["table"+strconv.Itoa(i)+".csv"] = "n" + c + ",user_id,na" + c + "me\n1" + c + ",a" + c + ",b@example.org\n"
	}
	dir := write(t, files)
	calls := calledWith(dir, files, text, configs(t)[:2])
	for _, show := range [][]string{{"explain"}, {"explain", "--json"}, {"drift"}, {"drift", "--json"}, {"profile", "draft"}, {"profile", "draft", "--json"}} {
		calls = append(calls, called{text, append(show, "--show-values")})
	}
	for _, c := range calls {
		if bad := obeyed(ranWith(t, c.in, c.args...)); bad != "" {
			t.Errorf("%s: gives %s", strings.Join(c.args, " "), bad)
		}
	}
	assert.NotEmpty(t, obeyed(text))
}

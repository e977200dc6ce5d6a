package cli

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asAuthctl in the environment has the test's binary be authctl, so that a shell can
// run it.
const asAuthctl = "AUTHCTL_TEST_EXAMPLES"

func TestMain(m *testing.M) {
	if os.Getenv(asAuthctl) != "" {
		os.Exit(Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// ran is what comes of an example: its exit code, and what stands in its output.
type ran struct {
	code int
	out  string
}

// examples are all lines of all commands' examples, run as they stand.
var examples = map[string]ran{
	"authctl explain <testdata/sample/hera.ndjson":                            {0, "hera takes it"},
	"head -n 3 testdata/sample/login_gov.ndjson | authctl explain":            {0, "line 3: login_gov takes it"},
	"authctl explain -c configs/loki.yaml --json events.ndjson | jq .profile": {0, `"profile":"login_gov"`},

	"authctl bench -c configs/quickstart.yaml":                                             {0, "built in: 248 lines"},
	"authctl bench -c configs/loki.yaml --duration 30s testdata/sample/login_gov.ndjson":   {0, "login_gov.ndjson: 199 lines"},
	"tail -n 100000 /var/log/idp/events.log | authctl bench -c configs/loki.yaml --json -": {0, `"lines": 199`},

	"authctl keys -c configs/loki.yaml":             {0, "makes pseudonyms"},
	"authctl keys -c configs/loki.yaml --json":      {0, `"id": "k1"`},
	"authctl keys -c /etc/otelcol-auth/config.yaml": {0, "makes pseudonyms"},
	"authctl pseudonym --help":                      {0, "Usage:"},
	"authctl pseudonym -c configs/loki.yaml --kind identity 7c9e6679-7425-40de-944b-e07fc1f90ae7": {0, "user.id: identity_k1_"},
	"authctl pseudonym -c configs/loki.yaml --kind email --json - <address.txt":                   {0, "email_k1_"},

	"authctl drift <testdata/sample/login_gov.ndjson":                {0, "# Drift"},
	"authctl drift --source hera --json testdata/sample/hera.ndjson": {1, `"drift": true`},
	"authctl profile draft --name acme <sample.ndjson >acme.yaml":    {0, ""},
	"authctl profile draft --json sample.ndjson":                     {0, `"yaml":`},
	"authctl profile test acme.yaml sample.ndjson":                   {1, "profile acme takes"},
	"authctl profile test --json acme.yaml - <sample.ndjson":         {1, `"profile": "acme"`},

	"authctl policy diff configs/loki.yaml new.yaml --sample testdata/sample/hera.ndjson":                                 {1, "generalized → dropped"},
	"git show main:collector.yaml >old.yaml && authctl policy diff old.yaml collector.yaml --sample events.ndjson --json": {1, `"differs": true`},

	"authctl scan out/logs.jsonl":                                                          {1, "1 value of personal data found"},
	"zcat export.gz | authctl scan --json -":                                               {1, `"found": `},
	`logcli query -q -o jsonl '{service_name="hera"}' | authctl scan -`:                    {1, "personal data found"},
	`psql -c "\copy (select * from security_audit) to stdout csv header" | authctl scan -`: {1, "/identity_id"},
	"authctl scan -c configs/loki.yaml --kinds identity,email,ip export.jsonl":             {0, "no personal data found"},

	"source <(authctl completion bash)":                                {0, ""},
	"authctl completion fish >~/.config/fish/completions/authctl.fish": {0, ""},
}

// notRun are those that can't be.
var notRun = map[string]string{
	`authctl completion zsh >"${fpath[1]}/_authctl"`: "fpath is zsh's, and bash would write into the root; TestCompletion has the script",
}

// shell is what the examples are run in: bench takes no longer than it must, the paths
// of a server are here, jq, which not every machine has, is the least of it, and what
// asks a server has its answer from a file.
const shell = `set -o pipefail
authctl() { if [ "$1" = bench ]; then "$SELF" "$@" --duration 20ms; else "$SELF" "$@"; fi; }
jq() { grep -o '"profile":"[a-z_]*"'; }
logcli() { cat logcli.jsonl; }
psql() { cat audit.csv; }
`

var paths = strings.NewReplacer("/var/log/idp/events.log", "events.ndjson", "/etc/otelcol-auth/config.yaml", "collector.yaml")

// folder has what the examples name. Of long files it has the beginning.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "configs"), os.DirFS(filepath.Join(root, "configs"))))
	read := func(parts ...string) string {
		text, err := os.ReadFile(filepath.Join(append([]string{root}, parts...)...))
		require.NoError(t, err)
		return string(text)
	}
	head := func(text string) string { return strings.Join(strings.SplitAfterN(text, "\n", 201)[:200], "") }
	loki := read("configs", "loki.yaml")
	stricter := strings.Replace(loki, "  pii_scrub:\n", "  pii_scrub:\n    ip: drop\n", 1)
	require.NotEqual(t, loki, stricter)
	const sample = "testdata/sample/"
	lines := head(read(sample, "login_gov.ndjson"))
	const acme = "cmd/authctl/internal/profiles/testdata"
	const exports = "cmd/authctl/internal/leakscan/testdata/exports"
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, err := w.Write([]byte(lines))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for name, text := range map[string]string{
		sample + "hera.ndjson":                  head(read(sample, "hera.ndjson")),
		sample + "login_gov.ndjson":             lines,
		"events.ndjson":                         lines,
		"export.gz":                             zipped.String(),
		"export.jsonl":                          `{"level":"info","msg":"ready"}` + "\n",
		"out/logs.jsonl":                        `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"user.email","value":{"stringValue":"ann@example.org"}}]}]}]}]}` + "\n",
		"address.txt":                           "ann@example.org\n",
		"sample.ndjson":                         read(acme, "acme.ndjson"),
		"acme.yaml":                             read(acme, "acme.yaml"),
		"logcli.jsonl":                          read(exports, "logcli.jsonl"),
		"audit.csv":                             read(exports, "psql.csv"),
		"new.yaml":                              stricter,
		"collector.yaml":                        loki,
		".config/fish/completions/authctl.fish": "",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	inShell(t, dir, `git init -q -b main && git add collector.yaml && git -c user.name=t -c user.email=t@example.org commit -qm x`)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "collector.yaml"), []byte(stricter), 0o600))
	return dir
}

// inShell runs a script, and returns what it writes to both outputs.
func inShell(t *testing.T, dir, script string) (out, errOut string, code int) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "bash", "-c", shell+script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asAuthctl+"=1", "SELF="+self, "HOME="+dir, "PIISCRUB_KEY=11111111111111111111111111111111")
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// TestExamplesRun: each does what it is there for, and nothing goes wrong beside it.
func TestExamplesRun(t *testing.T) {
	dir := folder(t)
	seen := map[string]bool{}
	for _, cmd := range every(newRoot(nil, nil, nil)) {
		for line := range strings.Lines(cmd.Example) {
			line = strings.TrimSpace(line)
			want, runs := examples[line]
			_, can := notRun[line]
			require.True(t, runs != can, "%s: put the example into one of the two lists: %s", cmd.CommandPath(), line)
			if seen[line] || !runs {
				seen[line] = true
				continue
			}
			seen[line] = true
			t.Run(line, func(t *testing.T) {
				out, errOut, code := inShell(t, dir, paths.Replace(line))
				assert.Equal(t, want.code, code)
				assert.Contains(t, out, want.out)
				assert.Empty(t, errOut)
			})
		}
	}
	assert.Len(t, seen, len(examples)+len(notRun), "a list has one that no help has")
	for name, want := range map[string]string{"acme.yaml": "A draft by authctl", ".config/fish/completions/authctl.fish": "__complete"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Contains(t, string(text), want)
	}
}

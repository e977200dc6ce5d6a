package policydiff

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
)

// config has one pii_scrub, with more settings of it.
func config(id, settings string) string {
	return `yaml:
receivers: {auth_events: {stdin: {}}}
processors:
  ` + id + `:
    keys: [{id: k1, secret: "11111111111111111111111111111111"}]
` + settings + `
service:
  pipelines:
    logs: {receivers: [auth_events], processors: [` + id + `]}
`
}

func run(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	cmd := New()
	var out bytes.Buffer
	cmd.SetArgs(append([]string{"diff"}, args...))
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err := cmd.Execute()
	return out.String(), err
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// settings that differ from the default in each direction.
const settings = `
    ip: drop
    user_agent: keep
    identity: redact
    email: keep_domain
    name: keep`

func TestGolden(t *testing.T) {
	old, next := config("pii_scrub", ""), config("pii_scrub", settings)
	out, err := run(t, "", old, next, "--sample", "testdata/events.ndjson")
	require.ErrorIs(t, err, output.ErrFound)
	golden(t, "diff.txt", out)
	asJSON, err := run(t, "", old, next, "--sample", "testdata/events.ndjson", "--json")
	require.ErrorIs(t, err, output.ErrFound)
	golden(t, "diff.json", asJSON)
	for _, raw := range []string{"7c9e6679", "198.51.100", "ann", "Mozilla", "example.org"} {
		assert.NotContains(t, strings.ToLower(out+asJSON), strings.ToLower(raw))
	}
}

func TestVerdicts(t *testing.T) {
	const line = `{"type":"audit","event":"login_success","identity_id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","source_ip":"198.51.100.7","ts":"2026-05-20T10:00:00Z"}`
	for _, tc := range []struct {
		name, old, new string
		place          string
		want           Field
	}{
		{"kept where it was a pseudonym", "", "    identity: keep", "attribute user.id", Field{Old: "pseudonym", New: "kept", Verdict: "weaker"}},
		{"pseudonym where it was dropped", "    identity: drop", "", "attribute user.id", Field{Old: "dropped", New: "pseudonym", Verdict: "weaker"}},
		{"dropped where it was a pseudonym", "", "    identity: drop", "attribute user.id", Field{Old: "pseudonym", New: "dropped", Verdict: "stricter"}},
		{"redacted where it was dropped", "    identity: drop", "    identity: redact", "attribute user.id", Field{Old: "dropped", New: "redacted", Verdict: "changed"}},
		{"another network", "", "    ipv4_bits: 16", "attribute client.address", Field{Old: "generalized", New: "generalized", Verdict: "changed"}},
		{"generalized where it was a pseudonym", "    ip: pseudonym", "", "attribute client.address", Field{Old: "pseudonym", New: "generalized", Verdict: "changed"}},
		{"another context", "", "    context: two", "attribute user.id", Field{Old: "pseudonym", New: "pseudonym", Verdict: "other pseudonyms"}},
		{"another shape", "", "    shape: preserve", "attribute user.id", Field{Old: "pseudonym", New: "pseudonym", Verdict: "other pseudonyms"}},
		{"audit", "", "    mode: audit", "body /identity_id", Field{Old: "pseudonym", New: "kept", Verdict: "weaker"}},
		{"in the body as well", "", "    ip: drop", "body /source_ip", Field{Old: "generalized", New: "dropped", Verdict: "stricter"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := diff(t, line+"\n"+line, config("pii_scrub", tc.old), config("pii_scrub", tc.new))
			tc.want.Place, tc.want.Records = tc.place, 2
			assert.Contains(t, p.Processors[0].Fields, tc.want)
			assert.Equal(t, 2, p.Records)
		})
	}
}

func diff(t *testing.T, in, old, next string) Result {
	t.Helper()
	out, err := run(t, in, old, next, "--sample", "-", "--json")
	var r Result
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	if r.Differs {
		require.ErrorIs(t, err, output.ErrFound)
	} else {
		require.NoError(t, err)
	}
	return r
}

func TestNothingDiffers(t *testing.T) {
	text, err := os.ReadFile("testdata/events.ndjson")
	require.NoError(t, err)
	r := diff(t, string(text), config("pii_scrub", ""), config("pii_scrub", ""))
	assert.False(t, r.Differs)
	assert.Positive(t, r.Records)
	assert.Empty(t, r.Processors[0].Fields)
	assert.Equal(t, 1, r.NotEvents)

	// Of a file that is none of events nothing differs, either.
	got, err := run(t, "receivers:\n  auth_events:\n", config("pii_scrub", ""), config("pii_scrub", ""), "--sample", "-")
	require.NoError(t, err)
	assert.Contains(t, got, "pii_scrub, on 2 records: nothing differs\n")
	assert.Contains(t, got, "\nlines that are no events (auth.parse.error): 2; see whether the sample is the right one\n")
}

// TestSameKeyID: a secret that was replaced under the id of the old one is told.
func TestSameKeyID(t *testing.T) {
	old := config("pii_scrub", "")
	r := diff(t, "", old, strings.ReplaceAll(old, "1111", "2222"))
	assert.Equal(t, []string{`key "k1": has another secret`}, r.Processors[0].Notes)
}

func TestMatching(t *testing.T) {
	one := config("pii_scrub/a", "")
	r := diff(t, `{"event":"login"}`, one, config("pii_scrub/b", ""))
	require.Len(t, r.Processors, 1, "the only ones are matched whatever they are called")
	assert.False(t, r.Differs)

	two := strings.Replace(strings.Replace(one, "  pii_scrub/a:", `  pii_scrub/b: {keys: [{id: k1, secret: "11111111111111111111111111111111"}]}
  pii_scrub/a:`, 1), "[pii_scrub/a]", "[pii_scrub/a, pii_scrub/b]", 1)
	r = diff(t, "", one, two)
	require.Len(t, r.Processors, 2)
	assert.Equal(t, "pii_scrub/b", r.Processors[1].New)
	assert.Equal(t, []string{"only the new configuration has it"}, r.Processors[1].Notes)
	r = diff(t, "", two, one)
	assert.Equal(t, []string{"only the old configuration has it"}, r.Processors[1].Notes)
}

// TestNamesThatAreValues: a name that is somebody's address stands in no place.
func TestNamesThatAreValues(t *testing.T) {
	for name, want := range map[string]string{
		"event": "event", "user.agent_2": "user.agent_2", "ann@example.org": "*", "198.51.100.7": "*", "91823745": "*",
		"7c9e6679-7425-40de-944b-e07fc1f90ae7": "*", "\x1b[31m": "*", strings.Repeat("x", maxName+1): "*",
	} {
		assert.Equal(t, want, shown(name))
	}
}

func TestErrors(t *testing.T) {
	ok := config("pii_scrub", "")
	_, err := run(t, "", ok, filepath.Join(t.TempDir(), "none.yaml"), "--sample", "-")
	require.ErrorContains(t, err, "none.yaml")
	none := filepath.Join(t.TempDir(), "none")
	_, err = run(t, "", ok, ok, "--sample", none)
	require.EqualError(t, err, "--sample: "+none+": no such file or directory")
	bare := `yaml:{receivers: {auth_events: {stdin: {}}}, service: {pipelines: {logs: {receivers: [auth_events]}}}}`
	_, err = run(t, "", bare, ok, "--sample", "-")
	require.ErrorContains(t, err, "old: no pipeline of logs has pii_scrub")
	_, err = run(t, "", ok, ok)
	require.ErrorContains(t, err, "sample")
	_, err = run(t, "\n", ok, ok, "--sample", "-")
	require.EqualError(t, err, "--sample: - holds no line: name a file with the identity provider's, or OTLP JSON of logs")
	_, err = run(t, "", ok, config("pii_scrub", "    ip: shred"), "--sample", "-")
	require.ErrorContains(t, err, `new: processors::pii_scrub: ip: must be`)
}

// TestDeepLines: a body that nests deeper than the scrubber reads is a text, as it is to
// that, and its places take no memory.
func TestDeepLines(t *testing.T) {
	const depth = 9000
	line := strings.Repeat(`{"`+strings.Repeat("a", 100)+`":`, depth) + "1" + strings.Repeat("}", depth)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := diff(t, line, config("pii_scrub", ""), config("pii_scrub", "    identity: drop"))
	runtime.ReadMemStats(&after)
	assert.Equal(t, 1, r.Records)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(500<<20))
}

package profiles

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/profiles/sample"
	"github.com/authevents/otelcol-auth/internal/authevent"
	"github.com/authevents/otelcol-auth/internal/pii"
)

func run(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	cmd := New()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestDraft(t *testing.T) {
	in := read(t, "testdata/acme.ndjson")
	for name, args := range map[string][]string{"acme.yaml": nil, "acme.json": {"--json"}} {
		got, err := run(t, in, append([]string{"draft", "--name", "acme"}, args...)...)
		require.NoError(t, err)
		golden(t, name, got)
		for _, value := range []string{"u-81", "Jo", "example.", "203.0", "448812", "555", "help desk", "s3cr3t", "curl", "2001:"} {
			assert.NotContains(t, got, value)
		}
	}
	got, err := run(t, in, "draft", "--name", "acme", "--show-values")
	require.NoError(t, err)
	assert.Contains(t, got, `such as "u-81", "u-82", "unknown"`)
}

// TestDraftShowsNothing: of no sample does a draft show a value that looks personal,
// or stands under a name that is.
func TestDraftShowsNothing(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata, "*.ndjson"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text := read(t, file)
		d, err := draftOf(strings.NewReader(text), "drafted", 10_000, false, authevent.Known())
		require.NoError(t, err)
		values := 0
		for line := range strings.Lines(text) {
			_ = sample.Walk([]byte(line), func(v sample.Value) {
				kind := kindOfName(sample.Name(v.Pointer))
				personal := v.Type == sample.Text && (sample.Personal(v.Text) || kind == pii.Identity || kind == pii.Name)
				switch strings.ToLower(v.Text) {
				case "unknown", "system", "anonymous-uuid", "anonymoususer", "user": // nobody
					return
				}
				if personal && len(v.Text) > 5 {
					values++
					assert.False(t, strings.Contains(d.YAML, v.Text), "%s: %s: %s", filepath.Base(file), v.Pointer, v.Text)
				}
			})
		}
		assert.Positive(t, values, file)
	}
}

// TestRoundTrip: what draft writes, test takes, and finds a class for every field.
func TestRoundTrip(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(testdata, "*.ndjson"))
	require.NoError(t, err)
	for _, file := range append(files, "testdata/acme.ndjson") {
		drafted, err := run(t, read(t, file), "draft")
		require.NoError(t, err)
		profile := filepath.Join(t.TempDir(), "profile.yaml")
		require.NoError(t, os.WriteFile(profile, []byte(drafted), 0o600))
		got, err := run(t, "", "test", "--json", profile, file)
		if err != nil {
			require.ErrorIs(t, err, output.ErrFound, file) // lines that are no JSON
		}
		var c Coverage
		require.NoError(t, json.Unmarshal([]byte(got), &c))
		assert.Empty(t, c.Unclassified, file)
		assert.Zero(t, c.NotTaken["no_event"], file)
		assert.Zero(t, c.NoTime-noTime[filepath.Base(file)], file)
	}
}

// noTime are the lines of the samples whose time cannot be read on purpose.
var noTime = map[string]int{}

func TestProfileTest(t *testing.T) {
	in := read(t, "testdata/acme.ndjson") + `{"app":"acme-login","what":"teleported","when":"soon","from":7,"colour":"blue","list":[{"x":1},{"x":2}]}` + "\n" + `{"app":"other"}` + "\n"
	for name, args := range map[string][]string{"acme_test.txt": nil, "acme_test.json": {"--json"}} {
		got, err := run(t, in, append([]string{"test", "testdata/acme.yaml", "-"}, args...)...)
		require.ErrorIs(t, err, output.ErrFound)
		golden(t, name, got)
		for _, value := range []string{"u-81", "ann@", "203.0", "soon"} {
			assert.NotContains(t, got, value)
		}
	}
	first, _, _ := strings.Cut(in, "\n")
	_, err := run(t, first, "test", "testdata/acme.yaml", "-")
	require.NoError(t, err, "all lines taken, all fields classified")
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for name, tc := range map[string]struct {
		args []string
		in   string
		want string
	}{
		"no JSON":      {[]string{"draft"}, "Ann Example\n", "no JSON object among its 1 lines"},
		"name":         {[]string{"draft", "--name", "a b"}, `{"a":1}`, "no name for a profile"},
		"no file":      {[]string{"test", "not-there.yaml", "-"}, "", "not-there.yaml"},
		"no YAML":      {[]string{"test", file("a.yaml", "a: [")}, "", "accepts 2 arg(s)"},
		"broken":       {[]string{"test", file("b.yaml", "a: ["), "-"}, "", "b.yaml: is no YAML"},
		"two":          {[]string{"test", file("c.yaml", "profiles: {a: {}, b: {}}"), "-"}, "", "has to hold one profile"},
		"no map":       {[]string{"test", file("d.yaml", "profiles: {a: 1}"), "-"}, "", "profiles.a: has to be a map"},
		"a collector":  {[]string{"test", file("f.yaml", "receivers: {auth_events: {}}"), "-"}, "", "f.yaml: is a collector's configuration: give"},
		"unknown key":  {[]string{"test", file("e.yaml", "colour: blue"), "-"}, "", "profiles.e: no such key: colour"},
		"no lines":     {[]string{"test", "testdata/acme.yaml", "-"}, "\n", "-: has no line"},
		"too few":      {[]string{"draft", "--lines", "0"}, `{"a":1}`, "--lines: must be at least 1 (got 0)"},
		"no such data": {[]string{"test", "testdata/acme.yaml", "not-there.ndjson"}, "", "not-there.ndjson"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, tc.in, tc.args...)
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), "Ann")
		})
	}
}

// FuzzDraft: whatever the lines are, a draft compiles, and no control character
// gets from them to the terminal.
func FuzzDraft(f *testing.F) {
	f.Add(`{"event":"login","time":"2026-05-20T10:00:00Z","user_id":"u1","ip":"203.0.113.9","outcome":"ok"}`)
	f.Add(`{"message":"type=\"LOGIN\", userId=\"a\", ipAddress=\"203.0.113.9\"","a/b":{"c~d":[1,{"":2}]}}`)
	f.Add(`{"type":": [","name":"# x","*":{"*":1},"time":1e999,"status":200,"method":"GET"}`)
	f.Add("{\"event\":\"a\u001b[31mb\",\"\\n\":1,\"a\\u2028b\":[[[]]]}")
	f.Add("{\"event\":\"a\xff\x7fmb\",\"\x7f\":1}")
	f.Add(`{"mail ann@example.org":"type=\"LOGIN\", userId=\"a\", ip=\"203.0.113.9\""}`)
	// One with templates and patterns: to compile all takes most of the time.
	known := slices.DeleteFunc(authevent.Known(), func(p authevent.ProfileInfo) bool { return p.Name != "keycloak" })
	f.Fuzz(func(t *testing.T, line string) {
		d, err := draftOf(strings.NewReader(line), "drafted", 100, false, known)
		if err != nil {
			require.Regexp(t, "no JSON object|no field by which", err.Error())
			return
		}
		for _, r := range d.YAML {
			require.False(t, r < ' ' && r != '\n' || r == 0x7f, "%q", d.YAML)
		}
	})
}

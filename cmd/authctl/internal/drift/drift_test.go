package drift

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
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

// TestMoved: a sample of a source that has changed in every way that is looked for.
func TestMoved(t *testing.T) {
	in := read(t, "testdata/moved.ndjson")
	for name, args := range map[string][]string{"moved.md": nil, "moved.json": {"--json"}} {
		got, err := run(t, in, args...)
		require.ErrorIs(t, err, output.ErrFound)
		golden(t, name, got)
		for _, value := range []string{"ann@example.org", "Ann Example", "203.0.113.9", "7c9e6679", "knows me"} {
			assert.NotContains(t, got, value)
		}
	}
	got, err := run(t, in, "--show-values")
	require.ErrorIs(t, err, output.ErrFound)
	assert.Contains(t, got, "`mail to ann@example.org`")
	assert.NotContains(t, got, "Ann Example", "values of fields are never shown")
}

// TestCompressed: a day's file as it was put away.
func TestCompressed(t *testing.T) {
	in := read(t, "testdata/moved.ndjson")
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(in))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	got, err := run(t, out.String())
	require.ErrorIs(t, err, output.ErrFound)
	golden(t, "moved.md", got)
	_, err = run(t, out.String()[:out.Len()-10])
	require.ErrorContains(t, err, "standard input: line 8: unpacking its gzip data: unexpected EOF")
}

// TestLost: what many lines should have, and none has.
func TestLost(t *testing.T) {
	line := `{"type":"audit","event":"pkce_failed","ts":"2026-05-20T10:00:00Z"}` + "\n"
	for args, want := range map[string][]string{
		"--lost-after=3": {"client.address", "user.email", "user.id"},
		"--lost-after=4": {},
	} {
		got, err := run(t, strings.Repeat(line, 3), args, "--json")
		var r Report
		require.NoError(t, json.Unmarshal([]byte(got), &r))
		lost := []string{}
		for _, l := range r.Sources[0].Lost {
			lost = append(lost, l.Attribute)
		}
		assert.Equal(t, want, lost)
		if len(want) > 0 {
			require.ErrorIs(t, err, output.ErrFound)
		} else {
			require.NoError(t, err)
		}
	}
	got, err := run(t, strings.Repeat(strings.Replace(line, `"ts"`, `"tz"`, 1), 3), "--lost-after=3")
	require.ErrorIs(t, err, output.ErrFound)
	assert.Contains(t, got, "| `(time)` | `/ts`, `/timestamp`, `/created_at` |")
}

// TestSamples: the files that every profile is held against have no drift but what
// is put there on purpose.
func TestSamples(t *testing.T) {
	dir := "../../../../internal/authevent/testdata"
	for source, want := range map[string][]string{
		"auth0": {"sqlogin"}, "authelia": nil, "authentik": nil, "caddy": nil, "hera": nil, "hera_tables": nil, "keycloak": nil,
		"login_gov": nil, "okta": nil, "ory": nil,
	} {
		name := strings.TrimSuffix(source, "_tables")
		got, err := run(t, read(t, filepath.Join(dir, source+".ndjson")), "--source", name, "--json")
		if err != nil {
			require.ErrorIs(t, err, output.ErrFound)
		}
		var r Report
		require.NoError(t, json.Unmarshal([]byte(got), &r))
		require.Len(t, r.Sources, 1, source)
		var events []string
		for _, e := range r.Sources[0].NewEvents {
			events = append(events, e.Name)
		}
		for _, event := range want {
			assert.Contains(t, events, event, source)
		}
		assert.Empty(t, r.Sources[0].NewFields, source)
	}
}

func TestErrors(t *testing.T) {
	_, err := run(t, "", "--source", "nobody")
	require.ErrorContains(t, err, `--source: unknown source "nobody": use auto or auth0`)
	// A sample that is empty by mistake has no drift, and says nothing of that.
	got, err := run(t, "\n")
	require.ErrorContains(t, err, "the sample has no line")
	assert.Empty(t, got)
}

// golden holds output against a file of testdata; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	assert.Equal(t, read(t, path), got, "UPDATE=1 go test writes the file anew")
}

package pseudonyms

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/cmd/authctl/internal/collector"
	"github.com/authevents/otelcol-auth/cmd/authctl/internal/output"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pii"
)

const (
	user = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	mail = "Ann.Example@example.org"
	ip   = "198.51.100.7"
)

// config has two destinations that can't be joined, a key that follows another,
// and a rule.
const config = `
receivers: {auth_events: {stdin: {}}}
processors:
  pii_scrub/one:
    email: pseudonym
    ip: pseudonym
    keys:
      - {id: k2, secret: "22222222222222222222222222222222"}
      - {id: k1, secret: "11111111111111111111111111111111", until: 2999-01-01}
      - {id: k0, secret: "00000000000000000000000000000000", until: 2020-01-01}
    rules:
      - {event_name: "login_*", email: drop}
  pii_scrub/two:
    context: two
    shape: preserve
    email: redact
    ip: keep
    keys: [{id: k2, secret: "22222222222222222222222222222222"}]
service:
  pipelines:
    logs/a: {receivers: [auth_events], processors: [pii_scrub/one]}
    logs/b: {receivers: [auth_events], processors: [pii_scrub/two]}
    logs/c: {receivers: [auth_events], processors: [pii_scrub/one]}
`

func run(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	cmd := NewPseudonym()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.ExecuteContext(t.Context())
	return out.String(), err
}

// TestAgreesWithTheCollector: what is said to leave is what leaves, of a line that
// goes through the pipelines.
func TestAgreesWithTheCollector(t *testing.T) {
	cfg, err := collector.Load(t.Context(), "yaml:"+config)
	require.NoError(t, err)
	line := `{"type":"audit","event":"mfa_verified","identity_id":"` + user + `","email":"` + mail + `","ip":"` + ip + `","ts":"2026-08-21T08:00:00Z"}`
	for _, p := range cfg.Pipelines {
		sources, err := cfg.Sources(p)
		require.NoError(t, err)
		chain, err := cfg.Chain(t.Context(), p)
		require.NoError(t, err)
		ld, err := sources[0].Decode([]byte(line))
		require.NoError(t, err)
		stages, err := chain.Run(t.Context(), ld)
		require.NoError(t, err)
		require.NoError(t, chain.Stop(t.Context()))
		left := stages[0].Logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)

		list, err := allLeavings(cfg, pii.Identity, user, time.Now())
		require.NoError(t, err)
		found := 0
		for _, l := range list {
			if l.KeyID != "k2" || l.Rule != "" || l.Scrubber != p.Processors[0].String() {
				continue
			}
			found++
			got, ok := left.Attributes().Get(attr.UserID)
			require.True(t, ok)
			assert.Equal(t, got.Str(), l.Text)
			assert.Contains(t, left.Body().Str(), l.Text)
		}
		assert.Equal(t, 1, found)
	}
}

func TestPseudonymText(t *testing.T) {
	for kind, value := range map[string]string{"identity": user, "email": mail, "ip": ip} {
		got, err := run(t, "", "-c", "yaml:"+config, "--kind", kind, value)
		require.NoError(t, err)
		golden(t, "pseudonym_"+kind+".txt", got)
		assert.NotContains(t, got, value, "the value is the asker's")
		assert.NotContains(t, got, "1111111", "a secret")
		assert.NotContains(t, got, "key k0", "a key that ended")
	}
}

func TestPseudonymJSON(t *testing.T) {
	got, err := run(t, user+"\n", "-c", "yaml:"+config, "--json", "-")
	require.NoError(t, err)
	var list []Leaving
	require.NoError(t, json.Unmarshal([]byte(got), &list))
	require.Len(t, list, 3)
	_, err = run(t, "", "-c", "yaml:"+config, "--kind", "identity", "ann@example.org")
	require.NoError(t, err, "it may be the user's id")
	assert.Equal(t, []string{"k2", "k1", "k2"}, []string{list[0].KeyID, list[1].KeyID, list[2].KeyID})
	assert.Equal(t, []string{"logs/a", "logs/c"}, list[0].Pipelines)
	assert.Equal(t, "two", list[2].Context)
	assert.Len(t, list[2].Text, len(user))
	assert.Equal(t, "SELECT * FROM security_audit WHERE identity_id = '"+list[2].Text+"';", list[2].Queries[4].Query)
}

func TestPseudonymErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"kind":      {[]string{"-c", "yaml:" + config, "--kind", "phone", "x"}, `there are pseudonyms of identity, email and ip (got "phone")`},
		"no config": {[]string{"x"}, `required flag(s) "config" not set`},
		"no value":  {[]string{"-c", "yaml:" + config, ""}, "the value is empty"},
		"no ip":     {[]string{"-c", "yaml:" + config, "--kind", "ip", "Ann"}, "the value is no IP address"},
		"an email":  {[]string{"-c", "yaml:" + config, "Ann@example.org"}, "the value looks like one of kind email: say --kind email, or --kind identity where"},
		"an ip":     {[]string{"-c", "yaml:" + config, "2001:db8::7"}, "one of kind ip"},
		"two lines": {[]string{"-c", "yaml:" + config, "--kind", "email", "-"}, "has more than one line"},
		"no file":   {[]string{"-c", "not-there.yaml", "x"}, "not-there.yaml"},
		"scrubless": {[]string{"-c", "yaml:service: {pipelines: {logs: {}}}", "x"}, "no pipeline of logs has pii_scrub"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, "Ann@example.org\nBo@example.org\n", tc.args...)
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), "Ann")
		})
	}
}

func TestKeys(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	require.NoError(t, os.WriteFile(there, []byte(strings.Repeat("s", 40)), 0o600))
	written := time.Now().UTC().Add(-100*24*time.Hour - time.Hour).Truncate(time.Second)
	require.NoError(t, os.Chtimes(there, time.Time{}, written))
	text := `
processors:
  pii_scrub:
    keys:
      - {id: k3, secret: "33333333333333333333333333333333"}
      - {id: k2, secret_file: ` + there + `, until: 2999-01-01, destroy_after: 2999-02-01}
      - {id: k1, secret_file: ` + filepath.Join(dir, "gone") + `, until: 2020-01-01, destroy_after: 2020-02-01}
      - {id: k0, secret: "00000000000000000000000000000000", until: 2020-01-01, destroy_after: 2020-02-01}
service: {pipelines: {logs: {processors: [pii_scrub]}}}
`
	for _, format := range []string{"text", "json"} {
		cmd := NewKeys()
		var out bytes.Buffer
		cmd.SetArgs([]string{"-c", "yaml:" + text, "--json=" + map[string]string{"text": "false", "json": "true"}[format]})
		cmd.SetOut(&out)
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		require.ErrorIs(t, cmd.ExecuteContext(t.Context()), output.ErrFound, "k0 is due")
		golden(t, "keys."+format, strings.NewReplacer(dir, "DIR", written.Format(time.RFC3339), "WRITTEN").Replace(out.String()))
	}
}

// golden holds output against a file of testdata; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "UPDATE=1 go test writes the file anew")
}

// TestEndlessValue: standard input that never ends a line is an error, and not all of
// the memory. It does not quote what came.
func TestEndlessValue(t *testing.T) {
	_, err := run(t, strings.Repeat("x", maxValue+1), "-c", "yaml:"+config, "-")
	require.EqualError(t, err, "standard input: has more than one line, or more than 65536 bytes: give one value at a time")
}

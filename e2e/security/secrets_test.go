//go:build linux

package security

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
)

// secret is one that is found by its first letters. It is long enough for each
// component that asks for a length, and has no letter that an URL would escape.
func secret(name string) string { return "c4n4ry" + name + "0123456789abcdef0123456789abcdef" }

var planted = regexp.MustCompile(`c4n4ry[a-z0-9]+`)

// secretsIn returns those that a text shows.
func secretsIn(text string) []string {
	found := planted.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// secretNames are the variables of testdata/secrets.yaml, one for each secret
// that a component of the distribution can be given.
func secretNames(t *testing.T) []string {
	t.Helper()
	names := regexp.MustCompile(`\$\{env:(SECRET_[A-Z_]+)\}`).FindAllStringSubmatch(e2etest.ReadFile(t, "testdata/secrets.yaml"), -1)
	var out []string
	for _, name := range names {
		out = append(out, name[1])
	}
	require.Greater(t, len(out), 15)
	return out
}

func secretOf(name string) string {
	return secret(strings.ToLower(strings.ReplaceAll(name[len("SECRET_"):], "_", "")))
}

// TestPrintConfigShowsNoSecret: of all secrets that a config can have, two are
// shown, by components that are not ours; docs/security.md names them.
func TestPrintConfigShowsNoSecret(t *testing.T) {
	var env, shown []string
	names := secretNames(t)
	for _, name := range names {
		env = append(env, name+"="+secretOf(name))
		if name == "SECRET_HTPASSWD" || strings.HasPrefix(name, "SECRET_KAFKA_") {
			shown = append(shown, secretOf(name))
		}
	}
	out, err := command(t, env, "print-config", "--config", "e2e/security/testdata/secrets.yaml")
	require.NoError(t, err, out)
	slices.Sort(shown)
	assert.Equal(t, shown, secretsIn(out))

	// The search has something to find. Even there, what stands in a component's
	// optional block, and what service::telemetry has, does not show.
	out, err = command(t, env, "print-config", "--mode", "unredacted", "--config", "e2e/security/testdata/secrets.yaml")
	require.NoError(t, err)
	for _, name := range names {
		if name != "SECRET_HTTP_UID" && !strings.HasPrefix(name, "SECRET_OWN_") {
			assert.Contains(t, secretsIn(out), secretOf(name))
		}
	}
}

// TestShippedConfigsShowNoSecret: print-config hides those of each config that
// users copy.
func TestShippedConfigsShowNoSecret(t *testing.T) {
	for _, config := range shipped(t) {
		env := append(environment(t), "PIISCRUB_KEY="+secret("key"))
		out, err := command(t, env, "print-config", "--config", config)
		require.NoError(t, err, out)
		assert.Empty(t, secretsIn(out), config)
	}
}

// TestErrorsShowNoSecret: the mistakes that stand close to one.
func TestErrorsShowNoSecret(t *testing.T) {
	dsn := secret("dsn")
	for name, tt := range map[string]struct{ piece, want string }{
		"a port that is none": {
			"exporters: {security_audit: {dsn: 'postgres://user:" + dsn + "@127.0.0.1:port/audit'}}",
			"dsn: can't be read",
		},
		"no URL": {
			"exporters: {security_audit: {dsn: 'postgres://user:" + dsn + "@['}}",
			"dsn: can't be read",
		},
		"a setting that is none": {
			"exporters: {security_audit: {dsn: 'host=127.0.0.1 password=" + dsn + " sslmode=perhaps'}}",
			"dsn: can't be read",
		},
		"a quote that is missing": {
			"exporters: {security_audit: {dsn: \"host=127.0.0.1 password='" + dsn + "\"}}",
			"dsn: can't be read",
		},
		"a name by itself": {
			"exporters: {security_audit: {dsn: '" + dsn + "'}}",
			"dsn: can't be read",
		},
		"TLS that is too weak": {
			"exporters: {security_audit: {dsn: 'postgres://user:" + dsn + "@db.example.com/audit?sslmode=disable'}}",
			"is not verified",
		},
		"a table that is none": {
			"exporters: {security_audit: {dsn: 'postgres://user:" + dsn + "@127.0.0.1/audit', layout: none}}",
			"unknown layout",
		},
		"a map for a token": {
			"extensions: {bearertokenauth: {token: {value: " + dsn + "}}}",
			"'token' expected",
		},
		"a misspelt token": {
			"extensions: {bearertokenauth: {tokne: " + dsn + "}}",
			"invalid keys: tokne",
		},
		"a list for a header": {
			"exporters: {otlp_http: {endpoint: 'http://127.0.0.1:1', headers: {x-api-key: [" + dsn + "]}}}",
			"'[x-api-key]' expected",
		},
		"a uid key that is short": {
			"receivers: {auth_events: {http: {uid_key: " + dsn[:20] + "}}}",
			"(got 20)",
		},
		"a seed that is short": {
			"processors: {event_sampler: {seed: " + dsn[:12] + "}}",
			"(got 12)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := command(t, nil, "validate", "--config", file(t, "config.yaml", tt.piece),
				"--config", "e2e/security/testdata/smallest.yaml")
			require.Error(t, err, out)
			assert.Contains(t, out, tt.want, "it is the mistake that was meant")
			assert.Empty(t, secretsIn(out), out)
		})
	}
}

// TestRunningShowsNoSecret runs all of them at level debug, against destinations
// that are not there, and reads the log until each exporter has failed.
func TestRunningShowsNoSecret(t *testing.T) {
	in := t.TempDir()
	require.NoError(t, os.WriteFile(in+"/hera.log", []byte(event(1)), 0o600))
	env := []string{
		"INCLUDE=" + in + "/*.log", "STATE_DIR=" + t.TempDir(), "NOBODY=127.0.0.1:" + e2etest.FreePort(t),
		"POSTGRES_PASSWORD=" + secret("dsn"), "TOKEN=" + secret("token"), "PIISCRUB_KEY=" + secret("key"),
	}
	p := start(t, "e2e/security/testdata/failing.yaml", env...)
	require.Eventually(t, func() bool {
		log := p.Log()
		return strings.Count(log, "Exporting failed.") >= 2
	}, e2etest.Patience, poll, "%s", p.Log())
	p.Kill()
	assert.Empty(t, secretsIn(p.Log()), p.Log())
	assert.Contains(t, p.Log(), "\tdebug\t", "the level is what it should be")
}

// event is a line of Hera about a user of that number.
func event(n int) string {
	return fmt.Sprintf(`{"type":"audit","event":"login_succeeded","identity_id":"7d4c3b2a-0000-4000-8000-%012d",`+
		`"source_ip":"203.0.113.%d","email":"c4n4ry%d@example.com","ts":"2026-05-20T10:00:00.000Z"}`+"\n", n, n, n)
}

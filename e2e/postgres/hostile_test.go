//go:build unix

package postgres

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// hostile are values that end a statement, or try to, each in every field that
// becomes a column and as a name that becomes part of one.
var hostile = []string{
	`'; DROP TABLE security_audit; --`, `\"; DROP TABLE security_audit; --`, `$1); DROP TABLE security_audit; --`,
	`\u0000'; DROP TABLE security_audit; --`, `\\'; DROP TABLE security_audit; --`, `{},{NULL}`, `\\N`, `%s%n`, `E'\\x27'`,
}

// password is what the role logs in with, in vain: the server asks for none.
const password = "dsn-password-canary"

// Whatever a line says is a value, in the table and in that of the refused rows.
// Secrets are in neither. The collector's own log and metrics, and Postgres' log as
// deploy/compose sets it, have nothing of the lines, nor of the DSN.
func TestHostileLines(t *testing.T) {
	t.Parallel()
	settings := []string{"log_error_verbosity=terse", "log_min_error_statement=panic"}
	for _, file := range []string{"deploy/compose/compose.yaml", "docs/destinations/postgres.md"} {
		for _, setting := range settings {
			name, value, _ := strings.Cut(setting, "=")
			assert.Regexp(t, name+"(=| = )"+value, e2etest.ReadFile(t, filepath.Join(e2etest.Root(t), file)), file)
		}
	}
	s := pgtest.Start(t, pgtest.Options{Settings: settings})
	database := s.Database(t, `CREATE TABLE security_audit (id uuid PRIMARY KEY, domain text NOT NULL, identity_id uuid, event_type text NOT NULL CHECK (event_type <> 'refused'),
		source_ip inet, user_agent text, metadata jsonb NOT NULL, created_at timestamptz NOT NULL)`)
	dir := t.TempDir()
	var lines strings.Builder
	const secrets = `"access_token":"secret-canary-1","metadata":{"code":"secret-canary-2","x":"token=secret-canary-3"},"redirect_uri":"https://a.example/?code=secret-canary-4"`
	n := 0
	for _, v := range hostile {
		for _, event := range []string{"login_failed", "refused", v} {
			n++
			fmt.Fprintf(&lines, `{"type":"audit","event":"%[1]s","ts":"2026-08-21T08:00:00Z","domain":"%[2]s","identity_id":"canary-of-%[3]d%[2]s","source_ip":"%[2]s","user_agent":"%[2]s","client_id":"%[2]s","%[2]s":1,"email":"canary%[3]d@nest.example",%[4]s}`+"\n",
				event, v, n, secrets)
		}
	}
	include := filepath.Join(dir, "hostile.log")
	require.NoError(t, os.WriteFile(include, []byte(lines.String()), 0o600))
	o := options(s, "postgres", database, dir, include)
	o.Env[0] = strings.Replace(o.Env[0], "postgres@", "postgres:"+password+"@", 1)
	require.Contains(t, o.Env[0], password)
	p := e2etest.Start(t, o)
	awaitRows(t, s, database, p, n-len(hostile))
	require.Eventually(t, func() bool {
		var there bool
		s.Scan(t, database, "SELECT to_regclass('security_audit_rejected') IS NOT NULL", &there)
		return there && s.Count(t, database, "security_audit_rejected") == len(hostile)
	}, e2etest.Patience, 50*time.Millisecond)
	s.Stop() // and the connection is refused
	require.NoError(t, os.WriteFile(include, []byte(lines.String()+lines.String()), 0o600))
	require.Eventually(t, func() bool { return strings.Contains(p.Log(), "failed to connect") }, e2etest.Patience, 50*time.Millisecond)
	own := get(t, p.TelemetryURL)
	require.NoError(t, s.Resume())
	awaitRows(t, s, database, p, 2*(n-len(hostile)))
	code, err := p.Stop(e2etest.Patience) // its log tells of the rows set aside as an error
	require.NoError(t, err)
	require.Zero(t, code)

	var tables string
	s.Scan(t, database, "SELECT concat((SELECT string_agg(s::text, ' ') FROM security_audit s), (SELECT string_agg(r::text, ' ') FROM security_audit_rejected r))", &tables)
	assert.Contains(t, tables, "canary1@nest.example", "identities are what the table is for")
	assert.Contains(t, tables, "DROP TABLE security_audit")
	assert.NotContains(t, tables, "secret-canary")
	for name, text := range map[string]string{"the collector's log": p.Log(), "its metrics": own, "the log of Postgres": s.Log(), "the file": e2etest.ReadFile(t, filepath.Join(dir, "out", "logs.jsonl"))} {
		assert.NotContains(t, text, "canary", name)
	}
	assert.Contains(t, s.Log(), "violates check constraint", "it does say what is wrong")
}

// get reads a page.
func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(text)
}

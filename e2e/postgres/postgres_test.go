//go:build unix

// Package postgres runs the built collector with configs/postgres.yaml against
// a real Postgres. `make e2e` builds it first.
package postgres

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

const config = "configs/postgres.yaml"

// options of a collector that writes to the database as the role.
func options(s *pgtest.Server, role, database, dir, include string) colproc.Options {
	return colproc.Options{Config: config, Env: []string{
		"POSTGRES_DSN=" + s.DSN(role, database), "AUTHEVENTS_INCLUDE=" + include,
		"STATE_DIR=" + filepath.Join(dir, "state"), "OUT_DIR=" + filepath.Join(dir, "out"),
	}}
}

// awaitRows waits until the table has so many rows.
func awaitRows(t *testing.T, s *pgtest.Server, database string, p *colproc.Process, n int) {
	t.Helper()
	count := 0
	require.Eventually(t, func() bool {
		require.False(t, p.Ended(), p.Log())
		var there bool
		s.Scan(t, database, "SELECT to_regclass('security_audit') IS NOT NULL", &there)
		if there {
			count = s.Count(t, database, "security_audit")
		}
		return count >= n
	}, e2etest.Patience, 50*time.Millisecond, "%d rows are awaited", n)
	require.Equal(t, n, count)
}

// What a user gets who sets the secrets and runs the config: every event of the
// sample is a row, with its time and address as the line has them, and the
// file has the same events without.
func TestSample(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t, pgtest.Options{})
	database, dir := s.Database(t), t.TempDir()
	files := e2etest.Samples(t)
	plain := e2etest.CountPlainly(t, files...)
	records := plain.Events + plain.Unparsed
	want := records - plain.Duplicates
	unscrubbed := linesOf(t, files)

	p := e2etest.Start(t, options(s, pgtest.Superuser, database, dir, strings.Replace(files[0], filepath.Base(files[0]), "*.ndjson", 1)))
	awaitRows(t, s, database, p, want)
	out := filepath.Join(dir, "out", "logs.jsonl")
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(out)
		return err == nil && bytes.HasSuffix(text, []byte("\n")) && e2etest.RecordCount(t, string(text)) == records
	}, e2etest.Patience, 100*time.Millisecond)
	e2etest.Stop(t, p)

	ids := map[string]bool{}
	e2etest.EachRecord(t, e2etest.ReadFile(t, out), func(record map[string]any) { ids[rowID(attribute(record, "log.record.uid"))] = true })
	require.Len(t, ids, want, "the file and the table have the same events")
	known := 0
	eachRow(t, s, database, "SELECT id::text, host(source_ip), created_at FROM security_audit", func(row pgx.CollectableRow) error {
		var id string
		var address *string
		var at time.Time
		require.NoError(t, row.Scan(&id, &address, &at))
		require.True(t, ids[id], "a row that is not in the file: %s", id)
		if address != nil {
			require.True(t, unscrubbed[lineKey(at, *address)], "no line has this time and address")
			known++
		}
		return nil
	})
	require.Greater(t, known, 100, "addresses are kept")
	require.Contains(t, p.Log(), `"path": "on_conflict"`)
	var rejected int
	s.Scan(t, database, "SELECT count(*) FROM pg_class WHERE relname = 'security_audit_rejected'", &rejected)
	require.Zero(t, rejected, "no row was refused, so nothing had to be made for it")
}

// Row 22a: Olympus' own hardening, and a role that may do no more than INSERT: the
// collector and Postgres are killed in the middle, Postgres is restarted, and every
// line is one row.
func TestNothingLostNothingTwice(t *testing.T) {
	t.Parallel()
	row := book.Begin(t, "22a", "Postgres and the collector killed, Postgres restarted", table.Times(1, 10), 0)
	for range row.Runs {
		nothingLostNothingTwice(t, row)
	}
	book.Report(t, row)
}

func nothingLostNothingTwice(t *testing.T, row *ledger.Row) {
	t.Helper()
	s := pgtest.Start(t, pgtest.Options{})
	s.Role(t, "otelcol")
	database := s.Database(t, `CREATE TABLE security_audit (id uuid PRIMARY KEY, domain text NOT NULL, identity_id uuid, event_type text NOT NULL,
			source_ip inet, user_agent text, metadata jsonb NOT NULL, created_at timestamptz NOT NULL)`,
		"CREATE RULE no_update AS ON UPDATE TO security_audit DO INSTEAD NOTHING",
		"CREATE RULE no_delete AS ON DELETE TO security_audit DO INSTEAD NOTHING",
		"GRANT INSERT ON security_audit TO otelcol")
	dir := t.TempDir()
	log, err := os.Create(filepath.Join(dir, "hera.log"))
	require.NoError(t, err)
	defer func() { _ = log.Close() }()
	const step = 4000
	written := 0
	more := func() {
		var b bytes.Buffer
		for range step {
			fmt.Fprintf(&b, `{"type":"audit","event":"login_failed","client_id":"c%06d","identity_id":"%08x-0000-4000-8000-000000000000","domain":"ciam","source_ip":"203.0.113.9","ts":"2026-08-21T08:00:00.%03dZ"}`+"\n",
				written, written%50, written%1000)
			written++
		}
		_, err := log.Write(b.Bytes())
		require.NoError(t, err)
	}
	some := func(p *colproc.Process, n int) {
		t.Helper()
		require.Eventually(t, func() bool { return s.Count(t, database, "security_audit") >= n }, e2etest.Patience, 5*time.Millisecond, p.Log())
	}
	o := options(s, "otelcol", database, dir, filepath.Join(dir, "hera.log"))

	more()
	p := e2etest.Start(t, o)
	some(p, 200)
	p.Kill() // in the middle of the first lines
	require.Less(t, s.Count(t, database, "security_audit"), step+1)
	more()
	p = e2etest.Start(t, o)
	some(p, step+200)
	s.Kill()
	more()
	require.NoError(t, s.Resume())
	some(p, 2*step+200)
	s.Kill()
	p.Kill()
	require.NoError(t, s.Resume())
	more()
	p = e2etest.Start(t, o)
	some(p, 3*step+200)
	require.NoError(t, s.Restart())
	some(p, written)
	code, err := p.Stop(e2etest.Patience) // its log tells of the restart
	require.NoError(t, err)
	require.Zero(t, code)
	var rows, clients int
	s.Scan(t, database, "SELECT count(*), count(DISTINCT metadata ->> 'auth.client.id') FROM security_audit", &rows, &clients)
	row.Lost += written - clients // each line has its own client
	row.Duplicates += rows - clients
	row.Worst = max(row.Worst, rows-clients)
	require.Contains(t, p.Log(), `"path": "insert"`)
	require.NotContains(t, p.Log(), "203.0.113.9")
}

// linesOf has the times and addresses of the lines that say them, read with
// encoding/json alone: the test is not to share code with what wrote the rows.
func linesOf(t *testing.T, files []string) map[string]bool {
	t.Helper()
	keys := map[string]bool{}
	for _, file := range files {
		for line := range strings.Lines(e2etest.ReadFile(t, file)) {
			var fields map[string]any
			if json.Unmarshal([]byte(line), &fields) != nil {
				continue
			}
			at, ok := firstTime(fields, "ts", "timestamp", "time")
			if !ok {
				continue
			}
			for _, address := range texts(fields, nil) {
				keys[lineKey(at, address)] = true
			}
		}
	}
	return keys
}

func firstTime(fields map[string]any, names ...string) (time.Time, bool) {
	for _, name := range names {
		if text, ok := fields[name].(string); ok {
			if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// texts appends all strings in a JSON value.
func texts(value any, to []string) []string {
	switch v := value.(type) {
	case string:
		return append(to, v)
	case map[string]any:
		for _, inner := range v {
			to = texts(inner, to)
		}
	case []any:
		for _, inner := range v {
			to = texts(inner, to)
		}
	}
	return to
}

func lineKey(at time.Time, address string) string {
	return at.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano) + " " + address
}

func eachRow(t *testing.T, s *pgtest.Server, database, query string, visit func(pgx.CollectableRow) error) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), s.DSN(pgtest.Superuser, database))
	require.NoError(t, err)
	defer func() { _ = c.Close(t.Context()) }()
	rows, err := c.Query(t.Context(), query)
	require.NoError(t, err)
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) { return struct{}{}, visit(row) })
	require.NoError(t, err)
}

func attribute(record map[string]any, name string) string {
	attributes, _ := record["attributes"].([]any)
	for _, a := range attributes {
		pair := a.(map[string]any)
		if pair["key"] == name {
			text, _ := pair["value"].(map[string]any)["stringValue"].(string)
			return text
		}
	}
	return ""
}

// rowID is the id that docs/destinations/postgres.md promises for a uid: the
// uid itself if it is a UUID, else the version 5 UUID of it.
func rowID(uid string) string {
	if len(uid) == 36 && strings.Count(uid, "-") == 4 {
		return strings.ToLower(uid)
	}
	namespace, _ := hex.DecodeString("1646d4e3d4535db189535294c2cc7be3")
	sum := sha1.Sum(append(namespace, uid...))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

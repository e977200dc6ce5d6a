//go:build unix

package postgres

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/internal/colproc"
	"github.com/authevents/otelcol-auth/internal/e2etest"
	"github.com/authevents/otelcol-auth/internal/faults/ledger"
	"github.com/authevents/otelcol-auth/internal/faults/table"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// book has the rows of this package's tests: 22, and its parts.
var book table.Book

func TestMain(m *testing.M) { os.Exit(book.Run(m)) }

// inserter is a role that may do no more than INSERT.
const inserter = "otelcol"

// auditTable takes all rows but those of one event.
const auditTable = `CREATE TABLE security_audit (id uuid PRIMARY KEY, domain text NOT NULL, identity_id uuid,
	event_type text NOT NULL CHECK (event_type <> 'refused'),
	source_ip inet, user_agent text, metadata jsonb NOT NULL, created_at timestamptz NOT NULL)`

// audit is a Postgres with a table, a collector that writes to it, and the file
// that it reads. A duplicate is a line with two rows in the table.
type audit struct {
	t        *testing.T
	server   *pgtest.Server
	database string
	options  colproc.Options
	state    string
	file     string
	p        *colproc.Process

	written, refused int
}

// newAudit prepares it; role may do no more than INSERT, unless it is the superuser.
func newAudit(t *testing.T, s *pgtest.Server, role string) *audit {
	t.Helper()
	statements := []string{auditTable}
	if role != pgtest.Superuser {
		statements = append(statements, "GRANT INSERT ON security_audit TO "+role)
	}
	dir := t.TempDir()
	a := &audit{t: t, server: s, state: filepath.Join(dir, "state"), file: filepath.Join(dir, "hera.log")}
	a.database = s.Database(t, statements...)
	if role != pgtest.Superuser { // the table of refused rows is made by who may
		s.Exec(t, a.database, "CREATE TABLE security_audit_rejected (table_name text, sqlstate text, reason text, record text)",
			"GRANT INSERT ON security_audit_rejected TO "+role)
	}
	a.options = options(s, role, a.database, dir, a.file)
	return a
}

// write appends n lines, each with a client of its own; of every `refuse` lines one
// is refused, of 0 none.
func (a *audit) write(n, refuse int) {
	a.t.Helper()
	var lines bytes.Buffer
	for i := range n {
		event := "login_failed"
		if refuse > 0 && i%refuse == refuse/2 {
			event = "refused"
			a.refused++
		}
		fmt.Fprintf(&lines, `{"type":"audit","event":%q,"client_id":"c%06d","domain":"ciam","ts":"2026-08-21T08:00:00.%03dZ"}`+"\n", event, a.written, a.written%1000)
		a.written++
	}
	f, err := os.OpenFile(a.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(a.t, err)
	_, err = f.Write(lines.Bytes())
	require.NoError(a.t, err)
	require.NoError(a.t, f.Close())
}

func (a *audit) start() { a.p = e2etest.Start(a.t, a.options) }

// stop ends the collector well. Its log may tell of errors.
func (a *audit) stop() {
	a.t.Helper()
	code, err := a.p.Stop(e2etest.Patience)
	require.NoError(a.t, err)
	require.Zero(a.t, code, a.p.Log())
}

// rows counts those of a table, and the lines that they are of.
func (a *audit) rows() (rows, lines int) {
	a.t.Helper()
	a.server.Scan(a.t, a.database, "SELECT count(*), count(DISTINCT metadata ->> 'auth.client.id') FROM security_audit", &rows, &lines)
	return rows, lines
}

// until waits for a number of lines in the table, at least; it says if they came.
func (a *audit) until(lines int) bool {
	a.t.Helper()
	_, err := colproc.Await(a.t.Context(), a.p.TelemetryURL, e2etest.Patience, func([]colproc.Sample) bool {
		_, there := a.rows()
		return there >= lines
	})
	return err == nil
}

// result waits until so many rows had a result, by the exporter's own count.
func (a *audit) result(result string, n int) error {
	a.t.Helper()
	got := 0.0
	_, err := colproc.Await(a.t.Context(), a.p.TelemetryURL, e2etest.Patience, func(s []colproc.Sample) bool {
		got = colproc.Sum(s, "otelcol_security_audit_rows_total", "result", result)
		return got >= float64(n)
	})
	if err != nil || got != float64(n) {
		return fmt.Errorf("%v rows were counted as %s, of %d", got, result, n)
	}
	return nil
}

// finish waits for all lines, and closes the row.
func (a *audit) finish(row *ledger.Row) {
	a.t.Helper()
	a.until(a.written - a.refused)
	rows, lines := a.rows()
	row.Lost = a.written - a.refused - lines
	row.Duplicates = rows - lines
	row.Worst = row.Duplicates
	a.stop()
	book.Report(a.t, row)
}

func hold(row *ledger.Row, err error) {
	if err != nil {
		row.Problems = append(row.Problems, err.Error())
	}
}

// TestFaults is rows 22b to d, on one server; 22b in the full form alone.
func TestFaults(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t, pgtest.Options{})
	s.Role(t, inserter)
	if table.Full() {
		t.Run("22b", func(t *testing.T) { conflicts(t, newAudit(t, s, pgtest.Superuser), "22b", pgtest.Superuser) })
	}
	t.Run("22c", func(t *testing.T) { conflicts(t, newAudit(t, s, inserter), "22c", inserter) })
	t.Run("22d", func(t *testing.T) { refusals(t, newAudit(t, s, inserter)) })
}

// conflicts is row 22b and c: all lines are read again, by a role that may see the
// table and by one that may only insert. Each is counted as there already.
func conflicts(t *testing.T, a *audit, id, role string) {
	t.Helper()
	row := book.Begin(t, id, "Postgres: all rows are there already, role "+role, table.Times(1, 10), 0)
	for range row.Runs {
		before := a.written
		a.write(3000, 0)
		a.start()
		hold(row, a.result("written", a.written-before))
		hold(row, a.result("duplicate", before))
		a.stop()
		require.NoError(t, os.RemoveAll(a.state)) // the positions are lost
	}
	a.start()
	hold(row, a.result("duplicate", a.written))
	a.finish(row)
}

// refusals is row 22d: one row in a hundred breaks a check of the table. It is set
// aside and counted, and those beside it go in.
func refusals(t *testing.T, a *audit) {
	t.Helper()
	row := book.Begin(t, "22d", "Postgres refuses one row of a hundred", table.Times(1, 10), 0)
	for range row.Runs {
		a.write(3000, 100)
		if a.p == nil {
			a.start()
		}
		hold(row, a.result("written", a.written-a.refused))
		hold(row, a.result("rejected", a.refused))
	}
	if kept := a.server.Count(t, a.database, "security_audit_rejected"); kept != a.refused {
		hold(row, fmt.Errorf("%d refused rows were kept, of %d", kept, a.refused))
	}
	a.finish(row)
}

//go:build unix

package securityaudit

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// world is a table as an operator has it, and a role that writes to it.
type world struct {
	name    string
	monthly bool
	rules   bool
	reads   bool // the role may SELECT
	path    string
}

var worlds = []world{
	{name: "plain", reads: true, path: "on_conflict"},
	{name: "insert only", path: "on_conflict"},
	{name: "rules", rules: true, reads: true, path: "not_exists"},
	{name: "rules and insert only", rules: true, path: "insert"},
	{name: "by month", monthly: true, reads: true, path: "on_conflict"},
	{name: "by month and insert only", monthly: true, path: "on_conflict"},
	{name: "by month, rules and insert only", monthly: true, rules: true, path: "insert"},
	{name: "by month and rules", monthly: true, rules: true, reads: true, path: "not_exists"},
}

// build makes the database, and returns its name and that of the table.
func (w *world) build(t *testing.T, s *pgtest.Server, c *layout.Config) (database, table string) {
	t.Helper()
	tables, err := c.Compile()
	require.NoError(t, err)
	database = s.Database(t)
	s.Role(t, "writer")
	for _, to := range tables.All {
		var o ddl.Options
		if w.monthly {
			o.PartitionBy = ddl.Month
		}
		s.Exec(t, database, ddl.Create(to, o)...)
		if w.monthly {
			s.Exec(t, database, ddl.Partition(to, time.Now()))
		}
		if w.rules {
			s.Exec(t, database, ddl.Harden(to)...)
		}
		s.Exec(t, database, ddl.GrantWriter(to, "writer")...)
		if w.reads {
			s.Exec(t, database, ddl.GrantReader(to, "writer")...)
		}
	}
	return database, tables.All[0].Quoted()
}

// What is delivered again adds nothing, in every layout and however the table
// is protected: not to the same exporter, not to one that starts anew, not
// among rows that are new.
func TestRedeliveryAddsNothing(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	for name, worlds := range map[string][]world{
		layout.SecurityAudit: worlds,
		layout.CIAMLog:       worlds[1:], // its rows are told apart by the metadata
		layout.ActorLog:      worlds[1:4],
	} {
		for _, w := range worlds {
			t.Run(name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				c := layout.Config{Layout: name}
				database, table := w.build(t, s, &c)
				use := func(to *Config) { to.Table = c }
				first := start(t, s.DSN("writer", database), use)
				require.Equal(t, w.path, first.path(t))
				require.NoError(t, first.ConsumeLogs(t.Context(), events(0, 300)))
				require.NoError(t, first.ConsumeLogs(t.Context(), events(0, 300)))
				require.NoError(t, first.ConsumeLogs(t.Context(), events(150, 300)))
				require.Equal(t, 450, first.rows(t, "written"))
				require.Equal(t, 450, first.rows(t, "duplicate"))

				second := start(t, s.DSN("writer", database), use)
				twice := events(440, 20)
				events(440, 20).ResourceLogs().MoveAndAppendTo(twice.ResourceLogs())
				require.NoError(t, second.ConsumeLogs(t.Context(), twice), "one batch that holds rows twice")
				require.Equal(t, 460, s.Count(t, database, table))
				require.Equal(t, 10, second.rows(t, "written"))
				require.Equal(t, 30, second.rows(t, "duplicate"))
				require.Zero(t, second.rows(t, "rejected"))
			})
		}
	}
}

// Two collectors that have the same lines lose none to each other, and write
// none twice.
func TestTwoWritersAtOnce(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	const batches, size = 20, 50
	for _, w := range worlds[1:4] { // of every path one
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			c := layout.Config{}
			database, table := w.build(t, s, &c)
			var running sync.WaitGroup
			written := make([]int, 2)
			for i := range written {
				r := start(t, s.DSN("writer", database), func(c *Config) {
					c.Retry.Enabled, c.Retry.InitialInterval = true, 10*time.Millisecond
				})
				running.Go(func() {
					for n := range batches {
						if i == 1 {
							n = batches - 1 - n // so that they meet halfway
						}
						assert.NoError(t, r.ConsumeLogs(t.Context(), events(n*size, size)))
						// The batch in the middle is the same for both, again and again.
						assert.NoError(t, r.ConsumeLogs(t.Context(), events(batches*size+n/2*size, size)))
					}
					written[i] = r.rows(t, "written")
				})
			}
			running.Wait()
			require.Equal(t, batches*size+batches/2*size, s.Count(t, database, table))
			require.Equal(t, batches*size+batches/2*size, written[0]+written[1])
		})
	}
}

// A table without any key takes all there is, and the log says what that means.
func TestTableWithoutKey(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	database := s.Database(t, `CREATE TABLE ciam_security_audit_log (id bigserial PRIMARY KEY, event_type text NOT NULL,
		identifier text, identity_id text, admin_identity_id text, metadata jsonb, created_at timestamptz)`)
	s.Role(t, "writer")
	s.Exec(t, database, "GRANT INSERT ON ciam_security_audit_log TO writer", "GRANT USAGE ON SEQUENCE ciam_security_audit_log_id_seq TO writer")
	use := func(c *Config) { c.Table = layout.Config{Layout: layout.CIAMLog, Domains: []string{"ciam"}} }
	r := start(t, s.DSN("writer", database), use)
	require.Equal(t, "append", r.path(t))
	require.Contains(t, r.said(), "a record that is sent again is there twice")
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	require.Equal(t, 20, s.Count(t, database, "ciam_security_audit_log"), "all that an INSERT-only role can do")

	s.Exec(t, database, "TRUNCATE ciam_security_audit_log", "GRANT SELECT ON ciam_security_audit_log TO writer")
	r = start(t, s.DSN("writer", database), use)
	require.Equal(t, "not_exists", r.path(t))
	twice := events(0, 10)
	events(0, 10).ResourceLogs().MoveAndAppendTo(twice.ResourceLogs())
	require.NoError(t, r.ConsumeLogs(t.Context(), twice), "no index would refuse them")
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	require.Equal(t, 10, s.Count(t, database, "ciam_security_audit_log"))
}

// Rules that come while the exporter runs have it take another path.
func TestRulesComeLater(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	c := layout.Config{}
	database, table := worlds[0].build(t, s, &c)
	r := start(t, s.DSN("writer", database))
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	s.Exec(t, database, "CREATE RULE no_update AS ON UPDATE TO security_audit DO INSTEAD NOTHING")
	require.NoError(t, r.ConsumeLogs(t.Context(), events(5, 10)))
	require.Equal(t, 15, s.Count(t, database, table))
	require.Equal(t, "not_exists", r.path(t))
}

// Records go to the table of their domain.
func TestTablePerDomain(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	database := s.Database(t)
	r := start(t, s.DSN(pgtest.Superuser, database), func(c *Config) {
		c.CreateTable, c.Table.Layout = true, layout.CIAMLog
	})
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 30, func(i int, record plog.LogRecord) {
		if i%3 > 0 {
			record.Attributes().PutStr("auth.domain", []string{"ciam", "iam"}[i%3-1])
		}
	})))
	require.Equal(t, 20, s.Count(t, database, "ciam_security_audit_log"), "its own, and those that say none")
	require.Equal(t, 10, s.Count(t, database, "iam_security_audit_log"))
}

// create_table by month makes this month, the next, and what records need.
func TestPartitionsAreMade(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	database := s.Database(t)
	r := start(t, s.DSN(pgtest.Superuser, database), func(c *Config) { c.CreateTable, c.PartitionBy = true, ddl.Month })
	require.Equal(t, "on_conflict", r.path(t))
	old := func(_ int, record plog.LogRecord) { record.SetTimestamp(stamp(began().AddDate(0, -7, 0))) }
	for range 2 {
		require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
		require.NoError(t, r.ConsumeLogs(t.Context(), events(10, 10, old)))
	}
	require.Equal(t, 20, s.Count(t, database, "security_audit"))
	for _, months := range []int{-7, 0, 1} {
		var n int
		s.Scan(t, database, fmt.Sprintf("SELECT count(*) FROM pg_class WHERE relname = 'security_audit_%s'",
			began().AddDate(0, months, 0).Format("y2006m01")), &n)
		require.Equal(t, 1, n, "%d months from now", months)
	}
}

// What a column could not take as it came is counted once, however often the
// batch is tried.
func TestAlteredValuesAreCounted(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	database := s.Database(t)
	s.Role(t, "writer")
	r := start(t, s.DSN("writer", database), func(c *Config) {
		c.Table = layout.Config{Layout: layout.Custom, Table: "own", Columns: []layout.ColumnConfig{
			{Name: "id", Type: layout.UUID, From: "id"},
			{Name: "user_id", Type: layout.UUID, From: "attribute:user.id"},
			{Name: "agent", Type: layout.Text, From: "attribute:user_agent.original", MaxLength: 7},
			{Name: "rest", Type: layout.JSONB, From: "metadata"},
		}}
	})
	logs := func() plog.Logs {
		return events(0, 10, func(i int, record plog.LogRecord) {
			a := record.Attributes()
			a.PutStr(attr.UserAgentOriginal, map[bool]string{true: canary + " is longer", false: "short"}[i < 5])
			if i < 3 {
				a.PutStr(attr.UserID, canary+" is no UUID")
			}
			if i < 2 {
				a.PutStr(attr.Flow, "\x00")
			}
		})
	}
	require.Error(t, r.ConsumeLogs(t.Context(), logs()), "there is no table yet")
	s.Exec(t, database, "CREATE TABLE own (id uuid PRIMARY KEY, user_id uuid, agent text, rest jsonb)", "GRANT INSERT ON own TO writer")
	require.NoError(t, r.ConsumeLogs(t.Context(), logs()))
	for change, want := range map[string]int{"cut": 5, "unfit": 3, "repaired": 2} {
		require.Equal(t, want, r.sum(t, "otelcol_security_audit_altered_values", "change", change), change)
	}
	requireQuiet(t, r)
}

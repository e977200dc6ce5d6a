//go:build unix

package securityaudit

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// refuses is a trigger that refuses events called unwanted by what it raises.
func refuses(when, raise string) string {
	return fmt.Sprintf(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
		IF NEW.event_type = 'unwanted' THEN %s; END IF; RETURN NEW; END $$; CREATE %s FOR EACH ROW EXECUTE FUNCTION refuse()`, raise, when)
}

// A row that the table will never take is set aside, in whatever way the
// operator has the table say so, and the others of its batch go in.
func TestRefusedInOtherWays(t *testing.T) {
	const before = "TRIGGER refuse BEFORE INSERT ON security_audit"
	const deferred = "CONSTRAINT TRIGGER refuse AFTER INSERT ON security_audit DEFERRABLE INITIALLY DEFERRED"
	kinds := []struct{ name, sql, class string }{
		{"check_violation raised", refuses(before, "RAISE EXCEPTION '%', NEW.metadata USING ERRCODE = 'check_violation'"), "23"},
		{"state of its own", refuses(before, "RAISE EXCEPTION '%', NEW.metadata USING ERRCODE = 'AU001'"), "other"},
		{"assertion", refuses(before, "ASSERT false, NEW.metadata::text"), "P0"},
		{"no data found", refuses(before, "DECLARE x text; BEGIN SELECT 'x' INTO STRICT x WHERE false; END"), "P0"},
		{"case not found", refuses(before, "CASE NEW.domain WHEN 'none' THEN NULL; END CASE"), "other"},
		{"key of another table", "CREATE TABLE seen (event text PRIMARY KEY); INSERT INTO seen VALUES ('unwanted');" +
			refuses(before, "INSERT INTO seen VALUES (NEW.event_type)"), "23"},
		{"NULL in another table", "CREATE TABLE seen (tenant text NOT NULL);" + refuses(before, "INSERT INTO seen VALUES (NULL)"), "23"},
		{"at the commit", refuses(deferred, "RAISE EXCEPTION '%', NEW.metadata"), "P0"},
		{"row level security", `ALTER TABLE security_audit ENABLE ROW LEVEL SECURITY;
			CREATE POLICY wanted ON security_audit FOR INSERT TO writer WITH CHECK (event_type <> 'unwanted');
			CREATE POLICY seen ON security_audit FOR SELECT USING (true)`, "other"},
	}
	s := sharedServer(t)
	t.Parallel()
	for _, kind := range kinds {
		for _, w := range []world{worlds[1], worlds[6]} {
			t.Run(kind.name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				c := layout.Config{}
				database, table := w.build(t, s, &c)
				s.Exec(t, database, kind.sql)
				r := start(t, s.DSN("writer", database))
				require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 100, func(i int, record plog.LogRecord) {
					if i == 61 {
						record.SetEventName("unwanted")
					}
				})))
				require.Equal(t, 99, s.Count(t, database, table))
				require.Equal(t, 99, r.rows(t, "written"))
				require.Zero(t, r.rows(t, "duplicate"))
				require.Equal(t, 1, r.rows(t, "rejected"))
				require.Equal(t, 1, r.sum(t, "otelcol_security_audit_rejected_rows", "class", kind.class))
				requireQuiet(t, r)
			})
		}
	}
}

// A table that lets nobody write loses nothing: no policy for INSERT is the
// operator's fault, and so is a column that the database makes itself.
func TestTableThatTakesNothing(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	for name, c := range map[string]struct{ before, says, after string }{
		"no policy": {"ALTER TABLE security_audit ENABLE ROW LEVEL SECURITY; CREATE POLICY other ON security_audit FOR SELECT USING (true)",
			"row-level security", "CREATE POLICY wanted ON security_audit FOR INSERT WITH CHECK (true)"},
		"generated": {"ALTER TABLE security_audit DROP user_agent; ALTER TABLE security_audit ADD user_agent text GENERATED ALWAYS AS ('x') STORED",
			"made by the database", "ALTER TABLE security_audit ALTER user_agent DROP EXPRESSION"},
		"dropped while it runs": {"", "create_table: true", strings.Join(ddl.Create(compiled(t), ddl.Options{}), ";") + "; GRANT INSERT ON security_audit TO writer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var l layout.Config
			database, table := worlds[1].build(t, s, &l)
			if c.before == "" {
				r := start(t, s.DSN("writer", database))
				require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
				s.Exec(t, database, "DROP TABLE security_audit")
				err := r.ConsumeLogs(t.Context(), events(0, 10))
				require.ErrorContains(t, err, c.says)
				s.Exec(t, database, c.after)
				require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
				require.Equal(t, 10, s.Count(t, database, table))
				return
			}
			s.Exec(t, database, c.before)
			r := start(t, s.DSN("writer", database))
			for range 2 {
				err := r.ConsumeLogs(t.Context(), events(0, 10))
				require.ErrorContains(t, err, c.says)
				requireQuiet(t, r, err)
			}
			require.Zero(t, r.rows(t, "rejected"))
			s.Exec(t, database, c.after)
			require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
			require.Equal(t, 10, s.Count(t, database, table))
		})
	}
}

// Postgres refuses ON CONFLICT where a unique constraint is checked at the
// commit alone.
func TestDeferrableKey(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	for _, w := range worlds[:2] {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			var l layout.Config
			database, table := w.build(t, s, &l)
			s.Exec(t, database, "ALTER TABLE security_audit DROP CONSTRAINT security_audit_pkey",
				"ALTER TABLE security_audit ADD PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED")
			r := start(t, s.DSN("writer", database))
			require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 100)))
			require.NoError(t, r.ConsumeLogs(t.Context(), events(50, 100)))
			require.Equal(t, 150, s.Count(t, database, table))
			require.Equal(t, 150, r.rows(t, "written"))
			require.Equal(t, 50, r.rows(t, "duplicate"))
		})
	}
}

// A login that the server refuses from some time on has the batches wait.
func TestPasswordIsChanged(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var l layout.Config
	database, table := worlds[1].build(t, s, &l)
	var hba string
	s.Scan(t, "postgres", "SHOW hba_file", &hba)
	old, err := os.ReadFile(hba)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(hba, append([]byte("host all writer all scram-sha-256\n"), old...), 0o600))
	s.Exec(t, "postgres", "SELECT pg_reload_conf()", "ALTER ROLE writer PASSWORD '"+canary+"'")
	r := start(t, s.DSN("writer", database), func(c *Config) { c.Password = canary })
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	s.Exec(t, "postgres", "ALTER ROLE writer PASSWORD 'another'")
	require.NoError(t, r.ConsumeLogs(t.Context(), events(10, 10)), "a connection goes on")
	s.Exec(t, "postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'writer'")
	require.Eventually(t, func() bool {
		err = r.ConsumeLogs(t.Context(), events(20, 10))
		return err != nil && strings.Contains(err.Error(), "SQLSTATE 28P01: the server refuses the login")
	}, patience, 10*time.Millisecond)
	requireQuiet(t, r, err)
	s.Exec(t, "postgres", "ALTER ROLE writer PASSWORD '"+canary+"'")
	require.NoError(t, r.ConsumeLogs(t.Context(), events(20, 10)))
	require.Equal(t, 30, s.Count(t, database, table))
}

// A view that rows can be inserted through will do, and so will names that have
// to be quoted, in a schema that is not searched.
func TestTableUnderAnotherName(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	var l layout.Config
	for name, reads := range map[string]bool{"reads": true, "insert only": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, table := worlds[1].build(t, s, &l)
			s.Exec(t, database, `CREATE SCHEMA "Au_Dit"; GRANT USAGE ON SCHEMA "Au_Dit" TO writer`,
				`CREATE VIEW "Au_Dit"."Order" AS SELECT * FROM security_audit`, `GRANT INSERT ON "Au_Dit"."Order" TO writer`)
			if reads {
				s.Exec(t, database, `GRANT SELECT ON "Au_Dit"."Order" TO writer`)
			}
			r := start(t, s.DSN("writer", database), func(c *Config) { c.Table.Schema, c.Table.Table = "Au_Dit", "Order" })
			require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 100)))
			require.NoError(t, r.ConsumeLogs(t.Context(), events(50, 100)))
			require.Equal(t, 150, s.Count(t, database, table))
			require.Equal(t, 50, r.rows(t, "duplicate"))
		})
	}
}

// Lines that are large or odd in every way have a row, and stop nobody's.
func TestLargeAndOddRecords(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	var keys strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&keys, `,"k%d":%d`, i, i)
	}
	odd := []func(plog.LogRecord){
		func(r plog.LogRecord) { r.Body().SetStr(`{"event":"x"` + keys.String() + `}`) },
		func(r plog.LogRecord) { r.Body().SetStr(`{"event":"` + strings.Repeat("y", 1<<20) + `"}`) },
		func(r plog.LogRecord) { r.SetTimestamp(1<<64 - 1); r.SetObservedTimestamp(0) },
		func(r plog.LogRecord) { r.SetTimestamp(0); r.SetObservedTimestamp(1<<64 - 1) },
		func(r plog.LogRecord) { r.SetEventName(strings.Repeat("z", 1<<20)) },
		func(r plog.LogRecord) { r.Attributes().PutStr(attr.UserAgentOriginal, strings.Repeat("u", 1<<20)) },
		func(r plog.LogRecord) { r.Attributes().PutStr(attr.LogRecordUID, strings.Repeat("v", 1<<20)) },
		func(r plog.LogRecord) { r.Attributes().PutStr(strings.Repeat("n", 1<<20), "") },
	}
	for _, name := range []string{layout.SecurityAudit, layout.CIAMLog, layout.ActorLog} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := layout.Config{Layout: name}
			database, table := worlds[1].build(t, s, &c)
			r := start(t, s.DSN("writer", database), func(to *Config) { to.Table = c })
			require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 100, func(i int, record plog.LogRecord) {
				if i%10 == 3 && i/10 < len(odd) {
					odd[i/10](record)
				}
			})))
			require.Equal(t, 100, s.Count(t, database, table))
			require.Zero(t, r.rows(t, "rejected"))
			requireQuiet(t, r)
		})
	}
}

// A rejected_table that the role can neither use nor make is said at the start,
// not with the first row that needs it.
func TestRejectedTableIsLookedAt(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	const shelf = "CREATE TABLE refused (table_name text, sqlstate text, reason text, record text)"
	for name, c := range map[string]struct{ before, says string }{
		"may not make it": {"", "create it, or grant CREATE on the schema"},
		"may not use it":  {shelf, "INSERT on the table"},
		"lacks a column":  {shelf + "; GRANT INSERT ON refused TO writer; ALTER TABLE refused DROP reason", "column reason"},
		"right":           {shelf + "; GRANT INSERT ON refused TO writer", ""},
		"may make it":     {"GRANT CREATE ON SCHEMA public TO writer", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var l layout.Config
			database, _ := worlds[1].build(t, s, &l)
			if c.before != "" {
				s.Exec(t, database, c.before)
			}
			r := start(t, s.DSN("writer", database), func(to *Config) { to.CreateTable, to.RejectedTable = true, "refused" })
			r.path(t) // it is looked at before
			if c.says == "" {
				require.NotContains(t, r.said(), "rejected_table")
				return
			}
			require.Contains(t, r.said(), c.says)
		})
	}
	database := s.Database(t)
	r := start(t, s.DSN(pgtest.Superuser, database), func(to *Config) { to.CreateTable, to.RejectedTable = true, "refused" })
	require.Equal(t, "on_conflict", r.path(t))
}

// A batch of a thousand lines of a megabyte each is more than a message of the
// protocol may be.
func TestStatementsAreBounded(t *testing.T) {
	line := strings.Repeat("x", 1<<20)
	rows := make([][]any, 200)
	for i := range rows {
		rows[i] = []any{"id", nil, line}
	}
	n := fitting(rows)
	require.Less(t, n*len(line), 2*maxStatement)
	require.Greater(t, n, 1)
	require.Equal(t, 1, fitting([][]any{{strings.Repeat("x", maxStatement+1)}, {"x"}}), "one row goes in, or is refused")
	require.Equal(t, 10, fitting(rows[:10]))
}

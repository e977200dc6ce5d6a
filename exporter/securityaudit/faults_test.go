//go:build unix

package securityaudit

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// requireQuiet fails if an error or the log shows anything of a record.
func requireQuiet(t *testing.T, r *rig, errs ...error) {
	t.Helper()
	said := r.said()
	for _, err := range errs {
		said += fmt.Sprintln(err)
	}
	for _, secret := range []string{canary, "203.0.113.", "00000000-0000-4000", "Failing row", "login_failed"} {
		require.NotContains(t, said, secret)
	}
}

// The one row of a batch that the table refuses is set aside, kept in the
// table for such rows, and all others go in, by each path.
func TestOneBadRow(t *testing.T) {
	const n, bad = 1000, 617
	long := func(record plog.LogRecord) {
		record.Attributes().PutStr(attr.UserAgentOriginal, canary+strings.Repeat("x", 900))
	}
	kinds := []struct {
		name, sql, state, class string
		spoil                   func(plog.LogRecord)
	}{
		{"check", "ALTER TABLE security_audit ADD CONSTRAINT short_agent CHECK (length(user_agent) < 500)", "23514", "23", long},
		{"too long", "ALTER TABLE security_audit ALTER user_agent TYPE varchar(200)", "22001", "22", long},
		{"foreign key", `CREATE TABLE identities (id uuid PRIMARY KEY);
			INSERT INTO identities SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid FROM generate_series(0, 99) i;
			ALTER TABLE security_audit ADD FOREIGN KEY (identity_id) REFERENCES identities;
			GRANT SELECT, REFERENCES ON identities TO writer`, "23503", "23",
			func(record plog.LogRecord) {
				record.Attributes().PutStr(attr.UserID, "00000000-0000-4000-9999-000000000000")
			}},
		{"trigger", `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF NEW.event_type = 'unwanted' THEN RAISE EXCEPTION 'not this one: %', NEW.metadata; END IF; RETURN NEW; END $$;
			CREATE TRIGGER refuse BEFORE INSERT ON security_audit FOR EACH ROW EXECUTE FUNCTION refuse()`, "P0001", "P0",
			func(record plog.LogRecord) { record.SetEventName("unwanted") }},
		{"missing value", "ALTER TABLE security_audit ALTER identity_id SET NOT NULL", "23502", "23",
			func(record plog.LogRecord) { record.Attributes().Remove(attr.UserID) }},
		{"index", "CREATE INDEX ON security_audit (CAST(metadata AS text))", "54000", "54",
			func(record plog.LogRecord) {
				var b strings.Builder // that does not compress
				for i := range 20_000 {
					fmt.Fprintf(&b, "%x", i*7919)
				}
				record.Attributes().PutStr("auth.flow", b.String())
			}},
	}
	s := sharedServer(t)
	t.Parallel()
	for _, kind := range kinds {
		for _, w := range worlds[1:4] { // of every path one
			t.Run(kind.name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				c := layout.Config{}
				database, table := w.build(t, s, &c)
				s.Exec(t, database, kind.sql, `CREATE TABLE refused (id bigserial, table_name text, sqlstate text, reason text, record text)`,
					"GRANT INSERT ON refused TO writer", "GRANT USAGE ON refused_id_seq TO writer")
				r := start(t, s.DSN("writer", database), func(c *Config) { c.RejectedTable = "refused" })
				spoilt := func(i int, record plog.LogRecord) {
					if i == bad {
						kind.spoil(record)
					}
				}
				require.NoError(t, r.ConsumeLogs(t.Context(), events(0, n, spoilt)))
				require.Equal(t, n-1, s.Count(t, database, table))
				require.Equal(t, n-1, r.rows(t, "written"))
				require.Equal(t, 1, r.rows(t, "rejected"))
				require.Zero(t, r.rows(t, "duplicate"))
				require.Equal(t, 1, r.sum(t, "otelcol_security_audit_rejected_rows", "class", kind.class))
				require.Contains(t, r.said(), "SQLSTATE "+kind.state)
				var state, record string
				s.Scan(t, database, "SELECT sqlstate, record FROM refused", &state, &record)
				require.Equal(t, kind.state, state)
				require.Contains(t, record, `"n":617`, "the row, as an object")
				requireQuiet(t, r)
			})
		}
	}
}

// A batch of bad rows alone ends, too.
func TestAllRowsBad(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	c := layout.Config{}
	database, table := worlds[1].build(t, s, &c)
	s.Exec(t, database, "ALTER TABLE security_audit ADD CHECK (length(user_agent) < 3)")
	r := start(t, s.DSN("writer", database))
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 2000)))
	require.Zero(t, s.Count(t, database, table))
	require.Equal(t, 2000, r.rows(t, "rejected"))
	require.Equal(t, 1, strings.Count(r.said(), "A row was set aside"), "said once")
	requireQuiet(t, r)
}

// A record without a value that its row has to have is set aside by the
// exporter itself, and the line is kept.
func TestNoRowForRecord(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	database := s.Database(t)
	r := start(t, s.DSN(pgtest.Superuser, database), func(c *Config) {
		c.CreateTable, c.RejectedTable = true, "refused"
		c.Table = layout.Config{Layout: layout.Custom, Table: "own", Columns: []layout.ColumnConfig{
			{Name: "id", Type: layout.UUID, From: "id"},
			{Name: "flow", Type: layout.Text, From: "attribute:auth.flow", Required: true},
		}}
	})
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10, func(i int, record plog.LogRecord) {
		if i != 4 {
			record.Attributes().PutStr("auth.flow", "login")
		}
	})))
	require.Equal(t, 9, s.Count(t, database, "own"))
	var record string
	s.Scan(t, database, "SELECT record FROM refused", &record)
	require.Contains(t, record, `"n":4`)
	require.Contains(t, r.said(), "flow")
	requireQuiet(t, r)
}

// What an operator has to see to is said with its remedy; the batch stays, and
// goes in once it is seen to.
func TestOperatorsFault(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	create := strings.Join(ddl.Create(compiled(t), ddl.Options{}), ";")
	grant := strings.Join(ddl.GrantWriter(compiled(t), "writer"), ";")
	cases := []struct {
		name, before, remedy, after string
	}{
		{"no table", "", "create_table: true", create + ";" + grant},
		{"no privilege", create, "GRANT USAGE on the schema and INSERT on the table", grant},
		{"no column", create + ";" + grant + "; ALTER TABLE security_audit DROP domain, DROP user_agent", "column domain, user_agent",
			"ALTER TABLE security_audit ADD domain text, ADD user_agent text"},
		{"other type", create + ";" + grant + "; ALTER TABLE security_audit ALTER user_agent TYPE bytea USING NULL", "not of the layout's type",
			"ALTER TABLE security_audit ALTER user_agent TYPE text USING NULL"},
		{"foreign column", create + ";" + grant + "; ALTER TABLE security_audit ADD tenant text NOT NULL", "column tenant",
			"ALTER TABLE security_audit ALTER tenant SET DEFAULT 'x'"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s.Role(t, "writer")
			database := s.Database(t, c.before)
			r := start(t, s.DSN("writer", database))
			err := r.ConsumeLogs(t.Context(), events(0, 100))
			require.ErrorContains(t, err, c.remedy)
			require.ErrorContains(t, r.ConsumeLogs(t.Context(), events(0, 100)), c.remedy, "as often as it is tried")
			requireQuiet(t, r, err)
			s.Exec(t, database, c.after)
			require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 100)))
			require.Equal(t, 100, s.Count(t, database, "security_audit"))
			require.Zero(t, r.rows(t, "rejected"))
		})
	}
}

func compiled(t *testing.T) *layout.Table {
	t.Helper()
	tables, err := new(layout.Config).Compile()
	require.NoError(t, err)
	return tables.All[0]
}

// A table by month of the operator's own lacks a partition: the batch stays.
// Times that nobody makes a partition for are set aside.
func TestPartitionIsMissing(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	c := layout.Config{}
	w := world{monthly: true}
	database, table := w.build(t, s, &c)
	s.Exec(t, database, "DROP TABLE security_audit_default")
	r := start(t, s.DSN("writer", database))
	at := func(when time.Time) func(int, plog.LogRecord) {
		return func(i int, record plog.LogRecord) {
			if i == 7 {
				record.SetTimestamp(stamp(when))
			}
		}
	}
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10, at(time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)))))
	require.NoError(t, r.ConsumeLogs(t.Context(), events(10, 10)))
	require.Equal(t, 19, s.Count(t, database, table))
	require.Equal(t, 1, r.rows(t, "rejected"))

	last := began().AddDate(0, -1, 0)
	err := r.ConsumeLogs(t.Context(), events(0, 10, at(last)))
	require.ErrorContains(t, err, "create the partition")
	requireQuiet(t, r, err)
	s.Exec(t, database, ddl.Partition(compiled(t), last))
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10, at(last))))
	require.Equal(t, 20, s.Count(t, database, table))
}

// The database comes late, and nothing is lost.
func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := layout.Config{}
	database, table := worlds[1].build(t, s, &c)
	s.Stop()
	r := start(t, s.DSN("writer", database))
	err := r.ConsumeLogs(t.Context(), events(0, 10))
	require.ErrorContains(t, err, "connection refused")
	requireQuiet(t, r, err)
	require.NoError(t, s.Resume())
	require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
	require.Equal(t, 10, s.Count(t, database, table))
	require.NoError(t, r.Shutdown(t.Context()))
	require.NoError(t, r.Shutdown(t.Context()), "twice")
}

// The server is killed and started in the middle of the load, by each path:
// every row is there, and once.
func TestServerDiesUnderLoad(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const writers, batches, size = 3, 60, 50
	for _, w := range worlds[1:4] { // of every path one
		t.Run(w.name, func(t *testing.T) {
			c := layout.Config{}
			database, table := w.build(t, s, &c)
			r := start(t, s.DSN("writer", database), func(c *Config) {
				c.Retry.Enabled, c.Retry.InitialInterval, c.Retry.MaxInterval = true, 10*time.Millisecond, 100*time.Millisecond
			})
			var done atomic.Int64
			finished := make(chan struct{}, writers)
			for writer := range writers {
				go func() {
					defer func() { finished <- struct{}{} }()
					for n := range batches {
						assert.NoError(t, r.ConsumeLogs(context.WithoutCancel(t.Context()), events((writer*batches+n)*size, size)))
						done.Add(1)
					}
				}()
			}
			for _, after := range []int64{20, 80, 130} {
				require.Eventually(t, func() bool { return done.Load() >= after }, patience, time.Millisecond)
				s.Kill()
				require.NoError(t, s.Resume())
			}
			for range writers {
				<-finished
			}
			require.Equal(t, writers*batches*size, s.Count(t, database, table))
			require.Zero(t, r.rows(t, "rejected"))
			requireQuiet(t, r)
		})
	}
}

// A statement that takes too long is tried again, whoever ends it.
func TestLockedTable(t *testing.T) {
	s := sharedServer(t)
	t.Parallel()
	for name, change := range map[string]struct {
		dsn  string
		with func(*Config)
		says string
	}{
		"statement_timeout": {"&statement_timeout=100", func(*Config) {}, "57014"},
		"timeout":           {"", func(c *Config) { c.Timeout.Timeout = 200 * time.Millisecond }, "no answer within the timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := layout.Config{}
			database, table := worlds[0].build(t, s, &c)
			r := start(t, s.DSN("writer", database)+change.dsn, change.with)
			require.NoError(t, r.ConsumeLogs(t.Context(), events(0, 10)))
			conn, err := pgx.Connect(t.Context(), s.DSN(pgtest.Superuser, database))
			require.NoError(t, err)
			defer func() { _ = conn.Close(context.Background()) }()
			tx, err := conn.Begin(t.Context())
			require.NoError(t, err)
			_, err = tx.Exec(t.Context(), "LOCK TABLE security_audit")
			require.NoError(t, err)
			err = r.ConsumeLogs(t.Context(), events(10, 10))
			require.ErrorContains(t, err, change.says)
			requireQuiet(t, r, err)
			require.NoError(t, tx.Rollback(t.Context()))
			require.NoError(t, r.ConsumeLogs(t.Context(), events(10, 10)))
			require.Equal(t, 20, s.Count(t, database, table))
		})
	}
}

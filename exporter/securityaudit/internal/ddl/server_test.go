//go:build unix

package ddl

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// Every layout, in one piece and by month: what Create makes can be made again,
// takes a row, refuses the same row, and lets nobody change it once hardened.
func TestTablesOnServer(t *testing.T) {
	server := pgtest.Start(t, pgtest.Options{})
	server.Role(t, "writer")
	server.Role(t, "reader")
	custom := layout.Config{Layout: layout.Custom, Table: `odd name; DROP`, Schema: "idp", Columns: []layout.ColumnConfig{
		{Name: `a "quoted" id`, Type: layout.Text, From: "uid"}, {Name: "AT", Type: layout.TimestampTZ, From: "time"},
		{Name: "n", Type: layout.Double, From: "attribute:auth.duration"}, {Name: "j", Type: layout.JSONB, From: "metadata"}}}
	long := layout.Config{Layout: layout.CIAMLog, Table: strings.Repeat("x", 63), Schema: "idp"}
	for _, c := range []layout.Config{{Schema: "idp"}, {Layout: layout.CIAMLog}, {Layout: layout.ActorLog}, custom, long} {
		for _, by := range []string{"", Month} {
			t.Run(c.Layout+c.Table+by, func(t *testing.T) {
				table := compiled(t, c)
				database := server.Database(t, "CREATE SCHEMA idp")
				for range 2 {
					server.Exec(t, database, Create(table, Options{PartitionBy: by})...)
					if by == Month {
						server.Exec(t, database, Partition(table, month), Partition(table, month.AddDate(0, 1, 0)))
					}
				}
				server.Exec(t, database, append(append(GrantWriter(table, "writer"), GrantReader(table, "reader")...), Harden(table)...)...)
				checkUse(t, server, database, table)
			})
		}
	}
}

func checkUse(t *testing.T, server *pgtest.Server, database string, table *layout.Table) {
	statement, values := insertion(table)
	writer, reader := connect(t, server, "writer", database), connect(t, server, "reader", database)
	_, err := writer.Exec(t.Context(), statement, values...)
	require.NoError(t, err, "an INSERT-only role")
	_, err = writer.Exec(t.Context(), statement, values...)
	assert.Equal(t, "23505", code(err), "the same row")

	var n int
	require.NoError(t, reader.QueryRow(t.Context(), "SELECT count(*) FROM "+table.Quoted()).Scan(&n))
	assert.Equal(t, 1, n)
	_, err = reader.Exec(t.Context(), statement, values...)
	assert.Equal(t, "42501", code(err), "a reader writes nothing")
	err = writer.QueryRow(t.Context(), "SELECT count(*) FROM "+table.Quoted()).Scan(&n)
	assert.Equal(t, "42501", code(err), "a writer reads nothing")

	server.Exec(t, database, "DELETE FROM "+table.Quoted(), "UPDATE "+table.Quoted()+" SET "+layout.Quote(table.Columns[table.Time].Name)+" = now()")
	var kept int
	server.Scan(t, database, "SELECT count(*) FROM "+table.Quoted()+" WHERE "+layout.Quote(table.Columns[table.Time].Name)+" = '2026-05-20 00:00:00+00'", &kept)
	assert.Equal(t, 1, kept, "the rules keep it")
	var same int
	server.Scan(t, database, "SELECT count(*) FROM "+table.Quoted()+" a JOIN "+table.Quoted()+" b ON "+table.SameRow("a", "b"), &same)
	assert.Equal(t, 1, same)
}

// insertion is a statement for one row of the table, and its values.
func insertion(table *layout.Table) (string, []any) {
	var names, places []string
	var values []any
	for i := range table.Columns {
		column := &table.Columns[i]
		value, used := map[layout.Type]any{
			layout.UUID: [16]byte{1}, layout.Text: "text", layout.TimestampTZ: month, layout.JSONB: `{"log.record.uid":"u"}`,
		}[column.Type]
		if !used {
			continue
		}
		names, values = append(names, layout.Quote(column.Name)), append(values, value)
		places = append(places, "$"+string(rune('0'+len(values))))
	}
	return "INSERT INTO " + table.Quoted() + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")", values
}

func connect(t *testing.T, server *pgtest.Server, user, database string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), server.DSN(user, database))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

// code is the SQLSTATE of an error.
func code(err error) string {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return pgErr.Code
	}
	return ""
}

//go:build unix

package row

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// insert writes rows to the table, many statements at a time, each for one row,
// so that a failure tells which.
func insert(t *testing.T, c *pgx.Conn, table *layout.Table, rows [][]any) {
	t.Helper()
	names, places := make([]string, len(table.Columns)), make([]string, len(table.Columns))
	for i := range table.Columns {
		names[i] = layout.Quote(table.Columns[i].Name)
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING", table.Quoted(),
		strings.Join(names, ", "), strings.Join(places, ", "))
	for chunk := range slices.Chunk(rows, 200) {
		batch := &pgx.Batch{}
		for _, row := range chunk {
			batch.Queue(statement, row...)
		}
		results := c.SendBatch(t.Context(), batch)
		for _, row := range chunk {
			_, err := results.Exec()
			require.NoError(t, err, "%s: %.300q", table.Name, row)
		}
		require.NoError(t, results.Close())
	}
}

// What the fuzz target's invariants take for fit, Postgres takes: every hostile
// text as every part of a record, in every layout.
func TestPostgresTakesHostileRecords(t *testing.T) {
	server := pgtest.Start(t, pgtest.Options{})
	database := server.Database(t)
	c, err := pgx.Connect(t.Context(), server.DSN(pgtest.Superuser, database))
	require.NoError(t, err)
	defer func() { assert.NoError(t, c.Close(t.Context())) }()
	for _, table := range layouts(t) {
		server.Exec(t, database, ddl.Create(table, ddl.Options{})...)
		m := New(table)
		var rows [][]any
		for i, body := range hostile {
			for j, text := range hostile {
				if (i+j)%3 != 0 && i != 0 { // a third of the pairs, and each text once
					continue
				}
				logs, lr := record(body, text, text, uint64(j)<<58, uint64(i), float64(i)*1e17)
				rl := logs.ResourceLogs().At(0)
				rows, err = m.Append(rows, rl.Resource(), rl.ScopeLogs().At(0).Scope(), lr)
				require.NoError(t, err)
				checkRow(t, table, rows[len(rows)-1])
			}
		}
		insert(t, c, table, rows)
		want := map[string]bool{}
		for _, row := range rows {
			if id := table.Column("id"); id >= 0 {
				want[fmt.Sprint(row[id])] = true
			}
		}
		if len(want) > 0 {
			assert.Equal(t, len(want), server.Count(t, database, table.Quoted()), table.Name)
		}
	}
}

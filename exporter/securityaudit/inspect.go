package securityaudit

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// facts are what the catalogue says of a table: all of it is open to a role
// that may only INSERT.
type facts struct {
	exists      bool
	partitioned bool
	// rewritten: rules for INSERT or UPDATE, with which ON CONFLICT is refused.
	rewritten bool
	// readable: the role may SELECT.
	readable bool
	// unique: an index refuses a row that is there, whatever it stands on.
	unique bool
	// deferrable: a unique constraint that may be checked at the commit, with
	// which ON CONFLICT is refused.
	deferrable bool
	// denied: row-level security lets the role insert nothing.
	denied  bool
	columns []string
}

// A unique index tells rows apart if all that it stands on is written by us: a
// serial number is not. 0 is an expression, such as the uid in the metadata.
const lookAt = `
SELECT c.relkind = 'p',
       EXISTS (SELECT FROM pg_catalog.pg_rewrite r
                WHERE r.ev_class = c.oid AND r.ev_type IN ('2', '3') AND r.ev_enabled <> 'D'),
       has_table_privilege(c.oid, 'SELECT'),
       EXISTS (SELECT FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
                  AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) AS k (attnum)
                                   JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                                  WHERE k.attnum <> 0 AND a.attname <> ALL ($2::text[]))),
       EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND NOT i.indimmediate),
       row_security_active(c.oid) AND NOT EXISTS
           (SELECT FROM pg_catalog.pg_policy p, unnest(p.polroles) AS r (role)
             WHERE p.polrelid = c.oid AND p.polcmd IN ('a', '*') AND p.polpermissive
               AND (r.role = 0 OR pg_has_role(r.role, 'USAGE'))),
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
  FROM pg_catalog.pg_class c
 WHERE c.oid = to_regclass($1)`

// inspect reads the catalogue. Its statement is not prepared: that fails
// behind some poolers.
func inspect(ctx context.Context, conn *pgxpool.Conn, t *layout.Table) (facts, error) {
	written := make([]string, len(t.Columns))
	for i := range t.Columns {
		written[i] = t.Columns[i].Name
	}
	rows, err := conn.Query(ctx, lookAt, pgx.QueryExecModeExec, t.Quoted(), written)
	if err != nil {
		return facts{}, failed("look at", t.Quoted(), err)
	}
	f, err := pgx.CollectOneRow(rows, func(row pgx.CollectableRow) (f facts, err error) {
		return f, row.Scan(&f.partitioned, &f.rewritten, &f.readable, &f.unique, &f.deferrable, &f.denied, &f.columns)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return facts{}, nil
	}
	f.exists = err == nil
	return f, failed("look at", t.Quoted(), err)
}

// missing are the layout's columns that the table lacks.
func (f *facts) missing(t *layout.Table) string {
	var names []string
	for i := range t.Columns {
		if !slices.Contains(f.columns, t.Columns[i].Name) {
			names = append(names, t.Columns[i].Name)
		}
	}
	return strings.Join(names, ", ")
}

// path chooses how rows go in. refused are the paths that the server did not
// take although the catalogue said so.
func (f *facts) path(t *layout.Table, conflictRefused bool) path {
	conflict := !f.rewritten && !f.deferrable && !conflictRefused
	switch {
	case f.unique && conflict:
		return onConflict
	case f.readable && t.SameRow("old", "new") != "":
		// Without an index the search is slow, but nothing comes twice.
		return notExists
	case f.unique:
		return plainInsert
	}
	return appendOnly
}

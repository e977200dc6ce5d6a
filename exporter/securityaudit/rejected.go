package securityaudit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// shelf is the table that rows go to which their own refuses. It has texts
// alone, so that nothing about a row can be wrong for it.
type shelf struct {
	table  layout.Table
	create bool
}

var shelfColumns = []string{"table_name", "sqlstate", "reason", "record"}

// lookAtShelf asks of the table that is there, or of the schema that it would
// be made in. What the role may do is open to it.
const lookAtShelf = `
SELECT to_regclass($1) IS NOT NULL,
       CASE WHEN to_regclass($1) IS NULL THEN coalesce(has_schema_privilege(coalesce(nullif($2, ''), current_schema()), 'CREATE'), false)
            ELSE has_any_column_privilege(to_regclass($1), 'INSERT') END,
       ARRAY(SELECT name FROM unnest($3::text[]) AS wanted (name)
              WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                                 WHERE a.attrelid = to_regclass($1) AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped))`

// look says what will keep rows from going in, before there are any.
func (s *shelf) look(ctx context.Context, pool *pgxpool.Pool) error {
	var there, may bool
	var lacks []string
	err := pool.QueryRow(ctx, lookAtShelf, queryMode, s.table.Quoted(), s.table.Schema, shelfColumns).Scan(&there, &may, &lacks)
	f := &failure{fault: operator, doing: "write to", table: s.table.Quoted(), state: "42501"}
	switch {
	case err != nil:
		return failed("look at", s.table.Quoted(), err)
	case !there && s.create && !may:
		f.cause = "the table does not exist, and the role may not make it: create it, or grant CREATE on the schema"
	case !there && !s.create:
		f.state = "42P01"
	case there && !may:
	case there && len(lacks) > 0:
		f.state, f.column, f.cause = "42703", strings.Join(lacks, ", "), "the table lacks it"
	default:
		return nil
	}
	return f
}

// keep writes the rows that were set aside. A batch that is sent again may
// bring one twice.
func (s *shelf) keep(ctx context.Context, pool *pgxpool.Pool, of *layout.Table, rejected []rejection) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return failed("connect for", s.table.Quoted(), err)
	}
	defer conn.Release()
	n := len(rejected)
	tables, states, reasons, records := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, r := range rejected {
		tables[i], states[i], reasons[i] = of.Quoted(), r.why.state, clean(r.why.Error())
		records[i] = clean(r.record(of))
	}
	insert := fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])",
		s.table.Quoted(), strings.Join(shelfColumns, ", "))
	_, err = conn.Exec(ctx, insert, queryMode, tables, states, reasons, records)
	if f := failureOf(failed("write to", s.table.Quoted(), err)); f != nil && f.state == "42P01" && s.create {
		if err := s.make(ctx, conn); err != nil {
			return err
		}
		_, err = conn.Exec(ctx, insert, queryMode, tables, states, reasons, records)
	}
	return failed("write to", s.table.Quoted(), err)
}

func (s *shelf) make(ctx context.Context, conn *pgxpool.Conn) error {
	return locked(ctx, conn, &s.table, fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %s (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	rejected_at timestamptz NOT NULL DEFAULT now(),
	table_name text NOT NULL,
	sqlstate text NOT NULL,
	reason text NOT NULL,
	record text NOT NULL
)`, s.table.Quoted()))
}

// record is the row as a JSON object of its columns; or the line, where no row
// could be made of it.
func (r *rejection) record(of *layout.Table) string {
	if r.values == nil {
		return r.text
	}
	object := make(map[string]any, len(r.values))
	for i, value := range r.values {
		object[of.Columns[i].Name] = readable(value, of.Columns[i].Type)
	}
	text, err := json.Marshal(object)
	if err != nil { // a JSON column that holds none
		return fmt.Sprint(object)
	}
	return string(text)
}

func readable(value any, t layout.Type) any {
	switch v := value.(type) {
	case [16]byte:
		return pgtype.UUID{Bytes: v, Valid: true}.String()
	case string:
		if t == layout.JSONB && json.Valid([]byte(v)) {
			return json.RawMessage(v)
		}
	}
	return value
}

// clean makes any text one that Postgres takes.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

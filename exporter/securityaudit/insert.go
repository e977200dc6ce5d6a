package securityaudit

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// outcome is what became of a batch's rows.
type outcome struct {
	written, duplicates int
	rejected            []rejection
}

// rejection is a row that can never go in, and why.
type rejection struct {
	values []any // of the table's columns; nil where there is no row
	text   string
	why    *failure
}

const (
	// fewRows is how many rows go in one by one, rather than by halves: each
	// is a transaction, but all of them go to the server at once.
	fewRows = 64
	// again is how often a statement is repeated at once when two writers
	// stood in each other's way.
	again = 3
)

// inserter puts rows into one table over one connection. It is used by one
// goroutine.
type inserter struct {
	conn       *pgxpool.Conn
	table      *layout.Table
	path       path
	sql        string
	parameters *parameters
	// policies: the table lets the role insert some rows, so that one which
	// row-level security refuses is bad.
	policies bool
	out      outcome
}

func newInserter(conn *pgxpool.Conn, t *layout.Table, p path) *inserter {
	return &inserter{conn: conn, table: t, path: p, sql: insertion(t, p), parameters: newParameters(conn.Conn().TypeMap(), t.Columns)}
}

// all puts rows in by one statement. Where the server refuses it for one of
// them, the others go in by smaller statements.
func (i *inserter) all(ctx context.Context, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if n := fitting(rows); n < len(rows) {
		if err := i.all(ctx, rows[:n]); err != nil {
			return err
		}
		return i.all(ctx, rows[n:])
	}
	f := i.statement(ctx, rows)
	for n := 1; f != nil && i.contended(f) && n < again; n++ {
		f = i.statement(ctx, rows)
	}
	switch {
	case f == nil:
		return nil
	case i.foreignColumn(f):
		f.fault = operator
		return f
	case f.fault != badRow && f.fault != duplicate:
		return f
	case len(rows) <= fewRows:
		return i.each(ctx, rows)
	}
	half := len(rows) / 2
	if err := i.all(ctx, rows[:half]); err != nil {
		return err
	}
	return i.all(ctx, rows[half:])
}

// maxStatement is about how many bytes of rows go in by one statement. The
// server ends a connection that sends a message of 1 GB, however often it comes.
const maxStatement = 64 << 20

// fitting is how many of the rows go in by one statement, at least one.
func fitting(rows [][]any) int {
	size := 0
	for n, row := range rows {
		for _, value := range row {
			if text, ok := value.(string); ok { // all others are small
				size += len(text)
			}
		}
		if size > maxStatement && n > 0 {
			return n
		}
	}
	return len(rows)
}

// contended: another writer had the same rows at the same time. Once that one
// is done, they are there to be seen.
func (i *inserter) contended(f *failure) bool {
	return f.state == "40001" || f.state == "40P01" || f.fault == duplicate && i.path == notExists || f.state == "23505" && f.nested
}

// foreignColumn: no row can go in, since the table wants a value that the
// layout does not have.
func (i *inserter) foreignColumn(f *failure) bool {
	return f.state == "23502" && !f.nested && f.column != "" && i.table.Column(f.column) < 0
}

// statement puts all rows in or none, and counts them.
func (i *inserter) statement(ctx context.Context, rows [][]any) *failure {
	values, err := i.parameters.encode(rows)
	if err != nil {
		return &failure{fault: badRow, doing: "write to", table: i.table.Quoted(), cause: err.Error()}
	}
	result := i.conn.Conn().PgConn().ExecParams(ctx, i.sql, values, i.parameters.oids, i.parameters.formats, nil).Read()
	if result.Err != nil {
		return i.failure(result.Err)
	}
	i.count(len(rows), result.CommandTag)
	return nil
}

func (i *inserter) count(rows int, tag pgconn.CommandTag) {
	written := int(tag.RowsAffected())
	i.out.written += written
	i.out.duplicates += rows - written
}

// each puts rows in one by one, each by a transaction of its own. They go out
// together: a row of its own for each round trip would take too long for a
// batch that is there already.
func (i *inserter) each(ctx context.Context, rows [][]any) error {
	pipeline := i.conn.Conn().PgConn().StartPipeline(ctx)
	sent := make([][]any, 0, len(rows))
	for _, row := range rows {
		values, err := i.parameters.encode([][]any{row})
		if err != nil {
			i.reject(row, &failure{doing: "write to", table: i.table.Quoted(), cause: err.Error()})
			continue
		}
		pipeline.SendQueryParams(i.sql, values, i.parameters.oids, i.parameters.formats, nil)
		pipeline.SendPipelineSync()
		sent = append(sent, row)
	}
	err := pipeline.Flush()
	var first error
	for n := 0; err == nil && n < len(sent); n++ {
		var result *failure
		if result, err = i.result(pipeline); err == nil {
			if refused := i.settle(sent[n], result); first == nil {
				first = refused
			}
		}
	}
	if closed := pipeline.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return i.failure(err)
	}
	return first
}

// result reads what the server says of one row. The error is the connection's.
func (i *inserter) result(pipeline *pgconn.Pipeline) (*failure, error) {
	var refused *failure
	var done pgconn.CommandTag
	for {
		answer, err := pipeline.GetResults()
		var server *pgconn.PgError
		switch {
		case errors.As(err, &server):
			refused = i.failure(err)
			continue
		case err != nil:
			return nil, err
		}
		switch answer := answer.(type) {
		case *pgconn.ResultReader:
			tag, err := answer.Close()
			if err == nil {
				done = tag // unless a check at the commit refuses it
			} else if errors.As(err, &server) {
				refused = i.failure(err)
			} else {
				return nil, err
			}
		case *pgconn.PipelineSync:
			if refused == nil {
				i.count(1, done)
			}
			return refused, nil
		case nil:
			return nil, errors.New("the server answered less than it was asked")
		}
	}
}

// settle says what becomes of a row that stands alone.
func (i *inserter) settle(row []any, f *failure) error {
	switch {
	case f == nil:
	case f.fault == duplicate:
		i.out.duplicates++
	case f.fault == badRow:
		i.reject(row, f)
	default:
		return f
	}
	return nil
}

func (i *inserter) reject(row []any, f *failure) {
	i.out.rejected = append(i.out.rejected, rejection{values: row, why: f})
}

func (i *inserter) failure(err error) *failure {
	f := failureOf(failed("write to", i.table.Quoted(), err))
	if f.fault == policy && i.policies {
		f.fault = badRow
	}
	return f
}

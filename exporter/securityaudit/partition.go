package securityaudit

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/ddl"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// oldest is how many years a record may be old to get a partition: a source
// with a broken clock is not to make thousands of them.
const oldest = 10

// months are those whose partitions are known to be there: at most those of
// the oldest years, and two.
type months map[time.Time]struct{}

func (m *months) forget() { *m = nil }

// span are the times that have partitions, or may get them: up to the end of
// the next month.
func (t *target) span() (from, until time.Time) {
	now := ddl.MonthOf(t.now())
	return now.AddDate(-oldest, 0, 0), now.AddDate(0, 2, 0)
}

// timely divides the rows into those whose time may have a partition, and
// those that no operator would make one for.
func (t *target) timely(rows [][]any) (in [][]any, out []rejection) {
	from, until := t.span()
	for _, row := range rows {
		at, ok := t.time(row)
		if ok && (at.Before(from) || !at.Before(until)) {
			out = append(out, rejection{values: row, why: &failure{fault: badRow, doing: "write to", table: t.table.Quoted(), state: "23514"}})
			continue
		}
		in = append(in, row)
	}
	return in, out
}

func (t *target) time(row []any) (time.Time, bool) {
	if t.table.Time < 0 {
		return time.Time{}, false
	}
	at, ok := row[t.table.Time].(time.Time)
	return at, ok
}

// partition makes the partitions of this month, the next, and those of the
// rows, as far as they are not known to be there.
func (t *target) partition(ctx context.Context, conn *pgxpool.Conn, rows [][]any) error {
	from, until := t.span()
	now := ddl.MonthOf(t.now())
	if err := t.partitionOf(ctx, conn, now); err != nil {
		return err
	}
	if err := t.partitionOf(ctx, conn, now.AddDate(0, 1, 0)); err != nil {
		return err
	}
	for _, row := range rows {
		at, ok := t.time(row)
		if !ok || at.Before(from) || !at.Before(until) {
			continue // the server refuses it, and then it is set aside
		}
		if err := t.partitionOf(ctx, conn, ddl.MonthOf(at)); err != nil {
			return err
		}
	}
	return nil
}

func (t *target) partitionOf(ctx context.Context, conn *pgxpool.Conn, month time.Time) error {
	if _, known := t.months[month]; known {
		return nil
	}
	err := locked(ctx, conn, t.table, ddl.Partition(t.table, month))
	if f := failureOf(err); f != nil && (f.state == "42P17" || f.state == "23514") {
		// Another partition takes the month's rows: one of the operator's own,
		// or the default one, which has some of them already.
		t.log.Warn("The rows of a month go into another partition", zap.String("table", t.table.Quoted()),
			zap.String("month", month.Format("2006-01")), zap.String("sqlstate", f.state))
	} else if err != nil {
		return err
	}
	if t.months == nil {
		t.months = months{}
	}
	t.months[month] = struct{}{}
	return nil
}

// createTable makes the table as the layout has it.
func createTable(ctx context.Context, conn *pgxpool.Conn, table *layout.Table, monthly bool) error {
	var o ddl.Options
	if monthly {
		o.PartitionBy = ddl.Month
	}
	return locked(ctx, conn, table, ddl.Create(table, o)...)
}

// locked runs statements in one transaction, one collector at a time: two that
// make the same table at once get in each other's way, IF NOT EXISTS or not.
func locked(ctx context.Context, conn *pgxpool.Conn, table *layout.Table, statements ...string) error {
	const lock = 0x6f74656c61757468 // "otelauth", for whoever finds it in pg_locks
	tx, err := conn.Begin(ctx)
	if err != nil {
		return failed("make", table.Quoted(), err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // of no effect after Commit
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", queryMode, int64(lock)); err != nil {
		return failed("make", table.Quoted(), err)
	}
	for _, statement := range statements {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return failed("make", table.Quoted(), err)
		}
	}
	return failed("make", table.Quoted(), tx.Commit(ctx))
}

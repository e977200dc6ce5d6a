package securityaudit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// target is one table and what is known of it. Its methods may be called by
// several goroutines.
type target struct {
	table *layout.Table
	// create makes the table, and its partitions by month if monthly.
	create, monthly bool
	log             *zap.Logger
	now             func() time.Time

	mu              sync.Mutex
	known           bool // path and facts are those of the table
	facts           facts
	path            path
	conflictRefused bool
	said            bool
	months          months
}

// attempts is how often a batch is tried at once, when what the server answers
// says of the table what was not known before.
const attempts = 3

// write puts rows in that are not there. What it returns of the outcome holds
// beside an error, too: those rows are in.
func (t *target) write(ctx context.Context, pool *pgxpool.Pool, rows [][]any) (outcome, path, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return outcome{}, 0, failed("connect for", t.table.Quoted(), err)
	}
	defer conn.Release()
	var total outcome
	policies := false
	for n := 1; ; n++ {
		p, err := t.prepare(ctx, conn, rows)
		if err != nil {
			return total, p, err
		}
		i := newInserter(conn, t.table, p)
		i.policies = policies
		err = i.all(ctx, rows)
		total.written += i.out.written
		if err == nil {
			total.duplicates += i.out.duplicates
			total.rejected = append(total.rejected, i.out.rejected...)
			return total, p, nil
		}
		if f := failureOf(err); f != nil && f.fault == policy {
			policies = true // after the look at the table that comes next
		}
		var late []rejection
		rows, late, err = t.learn(rows, p, err)
		total.rejected = append(total.rejected, late...)
		if err != nil || n == attempts {
			return total, p, err
		}
	}
}

// learn takes from the server's answer what is not as it was thought to be,
// and returns the rows to try again; or the error, if that would not help.
func (t *target) learn(rows [][]any, p path, err error) ([][]any, []rejection, error) {
	f := failureOf(err)
	if f == nil {
		return rows, nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.fault != transient || f.state == "55000" { // ON CONFLICT, and a key that has become deferrable
		t.known = false // somebody has changed the table, or is about to
	}
	switch {
	case f.fault == unsupported && p == onConflict:
		t.conflictRefused = true
		return rows, nil, nil
	case f.fault == policy, f.state == "55000" && p == onConflict:
		return rows, nil, nil
	case f.fault == noPartition:
		t.months.forget()
		in, out := t.timely(rows)
		if len(out) > 0 || t.create && t.monthly {
			return in, out, nil
		}
	}
	return rows, nil, err
}

// prepare looks at the table, if that is not done yet, and has it and the
// partitions that the rows need made, if that is wanted.
func (t *target) prepare(ctx context.Context, conn *pgxpool.Conn, rows [][]any) (path, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.known {
		if err := t.look(ctx, conn); err != nil {
			return 0, err
		}
	}
	if t.create && t.monthly && t.facts.partitioned {
		if err := t.partition(ctx, conn, rows); err != nil {
			return 0, err
		}
	}
	return t.path, nil
}

func (t *target) look(ctx context.Context, conn *pgxpool.Conn) error {
	f, err := inspect(ctx, conn, t.table)
	if err == nil && !f.exists && t.create {
		if err = createTable(ctx, conn, t.table, t.monthly); err == nil {
			t.log.Info("made the table", zap.String("table", t.table.Quoted()))
			f, err = inspect(ctx, conn, t.table)
		}
	}
	if err != nil {
		return err
	}
	if !f.exists {
		return &failure{fault: operator, doing: "write to", table: t.table.Quoted(), state: "42P01"}
	}
	if names := f.missing(t.table); names != "" {
		return &failure{fault: operator, doing: "write to", table: t.table.Quoted(), state: "42703", column: names}
	}
	if f.denied {
		return &failure{fault: operator, doing: "write to", table: t.table.Quoted(), state: "42501",
			cause: "row-level security is on, and no policy lets the role insert: CREATE POLICY … FOR INSERT"}
	}
	t.tell(&f)
	t.facts, t.known = f, true
	return nil
}

// tell chooses the path, and says so once; and again if it is another.
func (t *target) tell(f *facts) {
	p := f.path(t.table, t.conflictRefused)
	if t.said && p == t.path {
		return
	}
	t.path, t.said = p, true
	table := zap.String("table", t.table.Quoted())
	t.log.Info("rows go in", table, zap.Stringer("path", p))
	if !f.unique {
		t.log.Warn(fmt.Sprintf("The table has no unique index that tells records apart: %s. Remedy: the index that docs/destinations/postgres.md has for this layout",
			map[bool]string{true: "a record that is sent again is there twice", false: "each row is searched for, and two collectors at once may write one twice"}[p == appendOnly]), table)
	}
	if t.monthly && !f.partitioned {
		t.log.Warn("The table was there, and is not partitioned: partition_by has no effect", table)
	}
}

//go:build unix

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/collector/pdata/plog"
	"golang.org/x/sync/errgroup"

	"github.com/authevents/otelcol-auth/internal/pgtest"
)

// way writes one batch, the n-th of all.
type way func(ctx context.Context, n int, logs plog.Logs) error

// benchCase is one line of the result.
type benchCase struct {
	name           string
	batch, writers int
	hardened       []string // statements run on the table before
	start          func(ctx context.Context, dsn string) (way, func(context.Context) error, error)
}

func cases() []benchCase {
	rule := []string{"CREATE RULE no_update AS ON UPDATE TO security_audit DO INSTEAD NOTHING"}
	insertOnly := []string{rule[0], "CREATE ROLE writer LOGIN", "GRANT INSERT ON security_audit TO writer"}
	return []benchCase{
		{"security_audit, ON CONFLICT", 200, 1, nil, startExporter},
		{"security_audit, ON CONFLICT", 1000, 1, nil, startExporter},
		{"security_audit, ON CONFLICT", 1000, 4, nil, startExporter},
		{"security_audit, ON CONFLICT", 5000, 1, nil, startExporter},
		{"security_audit, NOT EXISTS", 1000, 1, rule, startExporter},
		{"security_audit, plain INSERT", 1000, 1, insertOnly, asWriter(startExporter)},
		{"a statement a row, pipelined", 1000, 1, nil, startStatements},
		{"COPY into a temporary table", 1000, 1, nil, startCopy},
	}
}

type result struct {
	perSecond float64
	metadata  int
}

// run makes the table anew, and times its rows from the first record to the
// last commit. The records are made before.
func (c *benchCase) run(ctx context.Context, server *pgtest.Server, rows, metadata int) (result, error) {
	dsn := server.DSN(pgtest.Superuser, "postgres")
	if err := reset(ctx, dsn, c.hardened); err != nil {
		return result{}, err
	}
	write, stop, err := c.start(ctx, dsn)
	if err != nil {
		return result{}, err
	}
	batches := make([]plog.Logs, (rows+c.batch-1)/c.batch)
	for n := range batches {
		batches[n] = records(n*c.batch, min(c.batch, rows-n*c.batch), metadata)
	}
	var next sync.Mutex
	taken := 0
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range c.writers {
		group.Go(func() error {
			for {
				next.Lock()
				n := taken
				taken++
				next.Unlock()
				if n >= len(batches) {
					return nil
				}
				if err := write(ctx, n, batches[n]); err != nil {
					return err
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		return result{}, err
	}
	took := time.Since(began)
	if err := stop(context.WithoutCancel(ctx)); err != nil {
		return result{}, err
	}
	size, err := check(context.WithoutCancel(ctx), dsn, rows)
	return result{perSecond: float64(rows) / took.Seconds(), metadata: size}, err
}

// reset makes the table as create_table does, with its indexes.
func reset(ctx context.Context, dsn string, hardened []string) error {
	return connected(ctx, dsn, func(c *pgx.Conn) error {
		for _, statement := range append([]string{
			"DROP TABLE IF EXISTS security_audit", "DROP ROLE IF EXISTS writer",
			`CREATE TABLE security_audit (id uuid PRIMARY KEY, domain text NOT NULL, identity_id uuid, event_type text NOT NULL,
				source_ip inet, user_agent text, metadata jsonb NOT NULL, created_at timestamptz NOT NULL)`,
			"CREATE INDEX ON security_audit (created_at)",
			"CREATE INDEX ON security_audit (identity_id, created_at)",
			"CREATE INDEX ON security_audit (event_type, created_at)",
			"CHECKPOINT",
		}, hardened...) {
			if _, err := c.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

// check fails unless every row is there, and returns how long their metadata
// is on average.
func check(ctx context.Context, dsn string, rows int) (size int, err error) {
	return size, connected(ctx, dsn, func(c *pgx.Conn) error {
		var n int
		if err := c.QueryRow(ctx, "SELECT count(*), avg(length(metadata::text))::int FROM security_audit").Scan(&n, &size); err != nil {
			return err
		}
		if n != rows {
			return fmt.Errorf("%d rows are there, and %d were written", n, rows)
		}
		return nil
	})
}

func connected(ctx context.Context, dsn string, do func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }() // what it did is done
	return do(c)
}

package securityaudit

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/row"
)

// auditExporter writes log records to the tables of one configuration.
type auditExporter struct {
	config    *Config
	telemetry *telemetry
	log       *zap.Logger
	tables    *layout.Tables
	targets   []*target // beside tables.All
	shelf     *shelf    // nil where rejected rows are dropped
	// mappers are *[]*row.Mapper, one a table: each serves one batch at a time.
	// What they keep of a batch they bound themselves.
	mappers sync.Pool

	pool   *pgxpool.Pool // set by start
	cancel context.CancelFunc
	looked chan struct{} // closed when the look at start is over
}

func newExporter(set exporter.Settings, c *Config) (*auditExporter, error) {
	tables, err := c.tables()
	if err != nil {
		return nil, err
	}
	t, err := newTelemetry(set.ID, set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	e := &auditExporter{config: c, telemetry: t, log: set.Logger, tables: tables}
	for _, table := range tables.All {
		e.targets = append(e.targets, &target{
			table: table, create: c.CreateTable, monthly: c.PartitionBy != "", log: set.Logger, now: time.Now,
		})
	}
	if c.RejectedTable != "" {
		e.shelf = &shelf{table: layout.Table{Schema: c.Table.Schema, Name: c.RejectedTable}, create: c.CreateTable}
	}
	e.mappers.New = func() any {
		mappers := make([]*row.Mapper, len(tables.All))
		for i, table := range tables.All {
			mappers[i] = row.New(table)
		}
		return &mappers
	}
	return e, nil
}

// start does not wait for the database: it may be away, and come later. What
// is wrong with the tables is said right away all the same.
func (e *auditExporter) start(context.Context, component.Host) error {
	config, err := e.config.pool()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	if e.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		cancel()
		return failed("connect", "", err)
	}
	e.cancel, e.looked = cancel, make(chan struct{})
	go func() {
		defer close(e.looked)
		e.look(ctx)
	}()
	return nil
}

// look has each target say how rows go in, or what keeps them from it.
func (e *auditExporter) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if e.shelf != nil {
		// What is no fault of the operator's is said of the targets, too.
		if f := failureOf(e.shelf.look(ctx, e.pool)); f != nil && f.fault == operator {
			e.log.Warn("The rejected_table takes no rows. A batch with a row that its own table refuses would be kept and tried again", zap.Error(f))
		}
	}
	for _, t := range e.targets {
		if _, _, err := t.write(ctx, e.pool, nil); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
			e.log.Warn("No row can go in yet. Batches are kept and tried again", zap.Error(err))
		}
	}
}

// shutdown waits for what is under way. It may be called without start, and twice.
func (e *auditExporter) shutdown(context.Context) error {
	if e.cancel == nil {
		return nil
	}
	e.cancel()
	<-e.looked
	e.pool.Close()
	e.telemetry.builder.Shutdown()
	return nil
}

// push writes a batch. None of its errors is permanent: what can never go in
// is set aside, and all else is worth another try. What went in of a batch
// that comes again is there already.
func (e *auditExporter) push(ctx context.Context, logs plog.Logs) error {
	b := e.rows(logs)
	var errs []error
	for i, t := range e.targets {
		if len(b.rows[i]) > 0 || len(b.rejected[i]) > 0 {
			err := e.write(ctx, t, b.rows[i], b.rejected[i])
			if err == nil { // else the batch comes again
				e.telemetry.altered(ctx, b.stats[i])
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (e *auditExporter) write(ctx context.Context, t *target, rows [][]any, rejected []rejection) error {
	began := time.Now()
	out, p, err := t.write(ctx, e.pool, rows)
	e.telemetry.wrote(ctx, out.written)
	if err != nil {
		return err
	}
	rejected = append(rejected, out.rejected...)
	if len(rejected) > 0 && e.shelf != nil {
		if err := e.shelf.keep(ctx, e.pool, t.table, rejected); err != nil {
			return err
		}
	}
	e.telemetry.batch(ctx, out, p, time.Since(began))
	e.telemetry.rejected(ctx, rejected)
	return nil
}

// batch is what the records of one call are made into, by table.
type batch struct {
	rows     [][][]any
	rejected [][]rejection
	stats    []row.Stats
}

func (e *auditExporter) rows(logs plog.Logs) batch {
	lent := e.mappers.Get().(*[]*row.Mapper)
	defer e.mappers.Put(lent)
	mappers := *lent
	b := batch{rows: make([][][]any, len(mappers)), rejected: make([][]rejection, len(mappers)), stats: make([]row.Stats, len(mappers))}
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				i := e.tables.For(row.Domain(record))
				rows, err := mappers[i].Append(b.rows[i], rl.Resource(), sl.Scope(), record)
				if err != nil {
					b.rejected[i] = append(b.rejected[i], unmade(e.tables.All[i], record, err))
					continue
				}
				b.rows[i] = rows
			}
		}
	}
	for i, m := range mappers {
		b.stats[i] = m.TakeStats()
	}
	return b
}

// unmade is a record that has no value for a column that needs one.
func unmade(t *layout.Table, record plog.LogRecord, err error) rejection {
	f := &failure{fault: badRow, doing: "make a row for", table: t.Quoted(), cause: "the record has no value for a column that needs one"}
	var missing *row.MissingError
	if errors.As(err, &missing) {
		f.column = missing.Column
		f.cause = missing.Error()
	}
	return rejection{text: record.Body().AsString(), why: f}
}

//go:build unix

package main

import (
	"context"
	"encoding/binary"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit"
)

type starter func(ctx context.Context, dsn string) (way, func(context.Context) error, error)

// startExporter is the exporter as the collector runs it.
func startExporter(ctx context.Context, dsn string) (way, func(context.Context) error, error) {
	factory := securityaudit.NewFactory()
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(map[string]any{"dsn": dsn}).Unmarshal(config); err != nil {
		return nil, nil, err
	}
	e, err := factory.CreateLogs(ctx, exportertest.NewNopSettings(factory.Type()), config)
	if err != nil {
		return nil, nil, err
	}
	if err := e.Start(ctx, componenttest.NewNopHost()); err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, _ int, logs plog.Logs) error { return e.ConsumeLogs(ctx, logs) }, e.Shutdown, nil
}

// asWriter has the role that may only INSERT.
func asWriter(start starter) starter {
	return func(ctx context.Context, dsn string) (way, func(context.Context) error, error) {
		return start(ctx, strings.Replace(dsn, "postgres@", "writer@", 1))
	}
}

var columns = []string{"id", "domain", "identity_id", "event_type", "source_ip", "user_agent", "metadata", "created_at"}

// values are rows of the same sizes, made with next to no work: what these
// ways take is the database's time.
func values(n int, logs plog.Logs) [][]any {
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	rows := make([][]any, 0, records.Len())
	for i, record := range records.All() {
		var id, user [16]byte
		binary.BigEndian.PutUint64(id[:], uint64(n*records.Len()+i)*0x9e3779b97f4a7c15)
		binary.BigEndian.PutUint64(id[8:], uint64(n*records.Len()+i))
		of := (n*records.Len() + i) % users
		binary.BigEndian.PutUint32(user[:], uint32(of)*2654435761)
		binary.BigEndian.PutUint64(user[8:], uint64(of))
		body := record.Body().Str()
		metadata := body[:len(body)-1] + `,"rest":"` + strings.Repeat("y", 138) + `"}`
		rows = append(rows, []any{id, "ciam", user, record.EventName(), netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}),
			"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", metadata, record.Timestamp().AsTime().UTC().Truncate(time.Microsecond)})
	}
	return rows
}

// startStatements sends an INSERT a row, all of a batch at once.
func startStatements(ctx context.Context, dsn string) (way, func(context.Context) error, error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, n int, logs plog.Logs) error {
		var batch pgx.Batch
		for _, row := range values(n, logs) {
			batch.Queue("INSERT INTO security_audit VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING", row...)
		}
		return c.SendBatch(ctx, &batch).Close()
	}, c.Close, nil
}

// startCopy copies a batch into a temporary table, and from there into the
// table: COPY itself knows no ON CONFLICT.
func startCopy(ctx context.Context, dsn string) (way, func(context.Context) error, error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	if _, err := c.Exec(ctx, "CREATE TEMPORARY TABLE batch (LIKE security_audit) ON COMMIT DELETE ROWS"); err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, n int, logs plog.Logs) error {
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"batch"}, columns, pgx.CopyFromRows(values(n, logs))); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO security_audit SELECT * FROM batch ON CONFLICT DO NOTHING")
			return err
		})
	}, c.Close, nil
}

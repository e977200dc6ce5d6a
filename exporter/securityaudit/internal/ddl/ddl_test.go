package ddl

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// month is that of the rows.
var month = time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)

func compiled(t *testing.T, c layout.Config) *layout.Table {
	t.Helper()
	tables, err := c.Compile()
	require.NoError(t, err)
	return tables.All[0]
}

func TestCreate(t *testing.T) {
	for _, c := range []struct {
		config  layout.Config
		options Options
		want    []string
	}{
		{layout.Config{}, Options{}, []string{
			`CREATE TABLE IF NOT EXISTS "security_audit" (
  "id" uuid NOT NULL,
  "domain" text NOT NULL,
  "identity_id" uuid,
  "event_type" text NOT NULL,
  "source_ip" inet,
  "user_agent" text,
  "metadata" jsonb NOT NULL DEFAULT '{}',
  "created_at" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("id")
)`,
			`CREATE INDEX IF NOT EXISTS "security_audit_created_at_idx" ON "security_audit" ("created_at")`,
			`CREATE INDEX IF NOT EXISTS "security_audit_identity_id_created_at_idx" ON "security_audit" ("identity_id", "created_at")`,
			`CREATE INDEX IF NOT EXISTS "security_audit_event_type_created_at_idx" ON "security_audit" ("event_type", "created_at")`,
		}},
		{layout.Config{Layout: layout.CIAMLog, Schema: "idp"}, Options{PartitionBy: Month}, []string{
			`CREATE TABLE IF NOT EXISTS "idp"."ciam_security_audit_log" (
  "id" bigserial,
  "event_type" text NOT NULL,
  "identifier" text,
  "identity_id" text,
  "admin_identity_id" text,
  "metadata" jsonb NOT NULL DEFAULT '{}',
  "created_at" timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY ("id", "created_at")
) PARTITION BY RANGE ("created_at")`,
			`CREATE TABLE IF NOT EXISTS "idp"."ciam_security_audit_log_default" PARTITION OF "idp"."ciam_security_audit_log" DEFAULT`,
			`CREATE UNIQUE INDEX IF NOT EXISTS "ciam_security_audit_log_uid_idx" ON "idp"."ciam_security_audit_log" (("metadata" ->> 'log.record.uid'), "created_at")`,
		}},
	} {
		statements := Create(compiled(t, c.config), c.options)
		require.GreaterOrEqual(t, len(statements), len(c.want))
		assert.Equal(t, c.want, statements[:len(c.want)])
	}
}

func TestCheck(t *testing.T) {
	timeless := compiled(t, layout.Config{Layout: layout.Custom, Table: "t", Columns: []layout.ColumnConfig{{Name: "id", Type: layout.UUID, From: "id"}}})
	require.NoError(t, Check(timeless, Options{}))
	require.EqualError(t, Check(timeless, Options{PartitionBy: Month}),
		`partition_by: the table "t" has no column with the record's time: add one, of type timestamptz from time`)
	require.EqualError(t, Check(compiled(t, layout.Config{}), Options{PartitionBy: "week"}),
		`partition_by: unknown period "week": use month, or leave it out`)
}

func TestPartition(t *testing.T) {
	table := compiled(t, layout.Config{})
	east := time.FixedZone("east", 14*3600)
	assert.Equal(t, `CREATE TABLE IF NOT EXISTS "security_audit_y2026m12" PARTITION OF "security_audit" FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00')`,
		Partition(table, time.Date(2027, 1, 1, 3, 0, 0, 0, east)), "the month in UTC")
}

// Names that Postgres would cut at 63 bytes stay apart.
func TestLongNames(t *testing.T) {
	table := compiled(t, layout.Config{Table: strings.Repeat("é", 31)})
	seen := map[string]bool{}
	for _, statement := range append(Create(table, Options{PartitionBy: Month}), Partition(table, time.Unix(0, 0)), Partition(table, time.Unix(1e9, 0))) {
		name := strings.Split(statement, `"`)[1]
		assert.LessOrEqual(t, len(name), 63)
		assert.False(t, seen[name], "%s stands for two", name)
		seen[name] = true
	}
}

// Package ddl writes the SQL that makes the tables of security_audit. It is
// valid on Postgres 13 and later, and does nothing where it was run before.
package ddl

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// Month is a value of Options.PartitionBy.
const Month = "month"

// Options of Create.
type Options struct {
	// PartitionBy is Month, or empty for a table in one piece.
	PartitionBy string
}

// Check says whether a table can be made as the options say.
func Check(t *layout.Table, o Options) error {
	switch {
	case o.PartitionBy == "":
		return nil
	case o.PartitionBy != Month:
		return fmt.Errorf("partition_by: unknown period %q: use %s, or leave it out", o.PartitionBy, Month)
	case t.Time < 0:
		return fmt.Errorf("partition_by: the table %q has no column with the record's time: add one, of type timestamptz from time", t.Name)
	}
	return nil
}

// Create returns the statements that make the table and its indexes, in order.
// A table by month gets a partition for what no month's partition takes; those
// of the months are made by Partition.
func Create(t *layout.Table, o Options) []string {
	byMonth := o.PartitionBy == Month
	statements := []string{createTable(t, byMonth)}
	if byMonth {
		statements = append(statements, fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s PARTITION OF %s DEFAULT", part(t, "default"), t.Quoted()))
	}
	if index := uniqueUID(t, byMonth); index != "" {
		statements = append(statements, index)
	}
	for _, columns := range t.Indexes {
		statements = append(statements, fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s ON %s (%s)",
			indexName(t, columns), t.Quoted(), quoted(columns)))
	}
	return statements
}

func createTable(t *layout.Table, byMonth bool) string {
	var lines []string
	if t.Serial != "" {
		line := layout.Quote(t.Serial) + " bigserial"
		if !byMonth {
			line += " PRIMARY KEY"
		}
		lines = append(lines, line)
	}
	for i := range t.Columns {
		lines = append(lines, column(t, i))
	}
	if key := primaryKey(t, byMonth); len(key) > 0 {
		lines = append(lines, "PRIMARY KEY ("+quoted(key)+")")
	}
	statement := fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s (\n  %s\n)", t.Quoted(), strings.Join(lines, ",\n  "))
	if byMonth {
		statement += fmt.Sprintf(" PARTITION BY RANGE (%s)", layout.Quote(t.Columns[t.Time].Name))
	}
	return statement
}

func column(t *layout.Table, i int) string {
	c := &t.Columns[i]
	line := layout.Quote(c.Name) + " " + c.Type.SQL()
	if c.Required {
		line += " NOT NULL"
	}
	// For the rows that the application itself may write.
	switch i {
	case t.Time:
		line += " DEFAULT now()"
	case t.Metadata:
		line += " DEFAULT '{}'"
	}
	return line
}

// primaryKey holds the time as well where the table is partitioned by it, which
// Postgres demands.
func primaryKey(t *layout.Table, byMonth bool) []string {
	key := slices.Clone(t.Key)
	if byMonth {
		if len(key) == 0 && t.Serial != "" {
			key = []string{t.Serial}
		}
		if at := t.Columns[t.Time].Name; len(key) > 0 && !slices.Contains(key, at) {
			key = append(key, at)
		}
	}
	return key
}

// uniqueUID is what tells rows apart in a table without a key of records. Rows
// of the application, which have no uid, are not in it.
func uniqueUID(t *layout.Table, byMonth bool) string {
	if !t.UID() {
		return ""
	}
	columns := t.UIDExpression("")
	if byMonth {
		columns += ", " + layout.Quote(t.Columns[t.Time].Name)
	}
	return fmt.Sprintf("CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (%s)", indexName(t, []string{"uid"}), t.Quoted(), columns)
}

// Partition returns the statement that makes the partition of a month, that of
// month in UTC. It fails where the default partition has rows of the month.
func Partition(t *layout.Table, month time.Time) string {
	from := MonthOf(month)
	return fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s PARTITION OF %s FOR VALUES FROM ('%s') TO ('%s')",
		part(t, from.Format("y2006m01")), t.Quoted(), bound(from), bound(from.AddDate(0, 1, 0)))
}

// MonthOf is the beginning of the month, in UTC.
func MonthOf(at time.Time) time.Time {
	at = at.UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// bound is a time as it stands in SQL, whatever the session's time zone.
func bound(at time.Time) string { return at.Format("2006-01-02 15:04:05+00") }

// maxName is the length in bytes at which Postgres cuts names off.
const maxName = 63

// part is the quoted name of a partition, in the table's schema.
func part(t *layout.Table, suffix string) string {
	p := *t
	p.Name = shortened(t.Name, "_"+suffix)
	return p.Quoted()
}

func indexName(t *layout.Table, columns []string) string {
	return layout.Quote(shortened(t.Name, "_"+strings.Join(columns, "_")+"_idx"))
}

// shortened makes room for the suffix, so that no two names are cut to one.
func shortened(name, suffix string) string {
	if len(suffix) >= maxName {
		suffix = suffix[len(suffix)-maxName+1:]
	}
	if room := maxName - len(suffix); len(name) > room {
		name = strings.ToValidUTF8(name[:room], "")
	}
	return name + strings.ToValidUTF8(suffix, "")
}

func quoted(columns []string) string {
	list := make([]string, len(columns))
	for i, name := range columns {
		list[i] = layout.Quote(name)
	}
	return strings.Join(list, ", ")
}

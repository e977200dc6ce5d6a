// Package layout describes the tables that security_audit writes to: three
// that are in use, as data, and those that a user describes in YAML.
package layout

import (
	"strings"

	"github.com/jackc/pgx/v5"
)

// Table is one table of the database. It is immutable.
type Table struct {
	// Schema is empty where the connection's search_path decides.
	Schema, Name string
	// Domain is that of records which say none.
	Domain string
	// Columns are those that are written, in the order of a row's values. What
	// the database makes by itself is not among them.
	Columns []Column
	// Key names the columns that tell one record's row from every other's; it
	// is empty where the table has none, see UID.
	Key []string
	// Serial names a BIGSERIAL primary key that the database fills; "" for none.
	Serial string
	// Metadata is the index in Columns of the JSONB column that a record goes
	// to with all that has no column of its own; -1 for none.
	Metadata int
	// Time is the index in Columns of the time that the table may be
	// partitioned by; -1 for none.
	Time int
	// Indexes are those that create_table makes, each the columns in order.
	Indexes [][]string
}

// Column is one column of a Table.
type Column struct {
	Name   string
	Type   Type
	Source Source
	// Default takes the place of a value that the record does not have, or that
	// is none of Type; nil for NULL.
	Default any
	// Required: NULL is not accepted.
	Required bool
	// MaxLength is the most bytes of a text; 0 for any number.
	MaxLength int
}

// UID reports whether a row without a Key is told from others by the member
// UIDMember of its metadata.
func (t *Table) UID() bool { return len(t.Key) == 0 && t.Metadata >= 0 }

// UIDMember is the member of the metadata that holds log.record.uid.
const UIDMember = "log.record.uid"

// Quoted is the table's name as it stands in SQL.
func (t *Table) Quoted() string {
	if t.Schema == "" {
		return Quote(t.Name)
	}
	return pgx.Identifier{t.Schema, t.Name}.Sanitize()
}

// Quote makes an identifier of SQL of a name.
func Quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// UIDExpression is the SQL expression of the record's uid in the table's
// metadata, of the row called alias; without one for alias "".
func (t *Table) UIDExpression(alias string) string {
	return "(" + qualified(alias, t.Columns[t.Metadata].Name) + " ->> '" + UIDMember + "')"
}

// SameRow is the SQL condition that the rows a and b, two aliases, are of one
// record. It is empty where nothing tells rows apart.
func (t *Table) SameRow(a, b string) string {
	if len(t.Key) == 0 {
		if !t.UID() {
			return ""
		}
		return t.UIDExpression(a) + " = " + t.UIDExpression(b)
	}
	parts := make([]string, len(t.Key))
	for i, name := range t.Key {
		parts[i] = qualified(a, name) + " = " + qualified(b, name)
	}
	return strings.Join(parts, " AND ")
}

func qualified(alias, column string) string {
	if alias == "" {
		return Quote(column)
	}
	return pgx.Identifier{alias, column}.Sanitize()
}

// Column returns the index of the named column, or -1.
func (t *Table) Column(name string) int {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

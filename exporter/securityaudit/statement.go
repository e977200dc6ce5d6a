package securityaudit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// path is a way in which a table takes rows so that a row that comes again
// adds nothing.
type path uint8

const (
	// onConflict: ON CONFLICT DO NOTHING, without naming the key: naming it
	// needs the right to SELECT.
	onConflict path = iota
	// notExists: for a table with rules for UPDATE, which takes no ON CONFLICT.
	// It needs the right to SELECT.
	notExists
	// plainInsert: for such a table without the right to SELECT. The server
	// refuses the whole statement for one row that is there, and then the rows
	// go in a few, and at last one, at a time.
	plainInsert
	// appendOnly: for a table without any unique key. A row that comes again is
	// there twice.
	appendOnly
)

var pathNames = [...]string{onConflict: "on_conflict", notExists: "not_exists", plainInsert: "insert", appendOnly: "append"}

func (p path) String() string { return pathNames[p] }

// insertion is the statement of a path; its parameters are one array a column.
func insertion(t *layout.Table, p path) string {
	names := columnNames(t)
	statement := fmt.Sprintf("INSERT INTO %s (%s) ", t.Quoted(), strings.Join(names, ", "))
	if p == notExists {
		given := newRows(t, names)
		if len(t.Key) == 0 {
			given += " OFFSET 0" // else the metadata is read anew wherever its uid is asked for
		}
		// The rows of one statement do not see each other.
		return statement + fmt.Sprintf("SELECT DISTINCT ON (%s) * FROM (%s) AS new WHERE NOT EXISTS (SELECT FROM %s AS old WHERE %s)",
			identity(t), given, t.Quoted(), t.SameRow("old", "new"))
	}
	statement += newRows(t, names)
	if p == onConflict {
		statement += " ON CONFLICT DO NOTHING"
	}
	return statement
}

// newRows is the query of the parameters as rows. JSON comes as texts, and each
// is read when its row goes in: an array of jsonb of a whole batch would be made
// before, and is large enough that the server takes a fifth longer.
func newRows(t *layout.Table, names []string) string {
	values := slices.Clone(names)
	for i := range t.Columns {
		if t.Columns[i].Type == layout.JSONB {
			values[i] += "::jsonb AS " + names[i]
		}
	}
	return fmt.Sprintf("SELECT %s FROM unnest(%s) AS given (%s)", strings.Join(values, ", "), casts(t.Columns), strings.Join(names, ", "))
}

func columnNames(t *layout.Table) []string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = layout.Quote(t.Columns[i].Name)
	}
	return names
}

// identity is what tells the new rows apart.
func identity(t *layout.Table) string {
	if len(t.Key) == 0 {
		return t.UIDExpression("new")
	}
	names := make([]string, len(t.Key))
	for i, name := range t.Key {
		names[i] = layout.Quote(name)
	}
	return strings.Join(names, ", ")
}

func writeCast(b *strings.Builder, n int, sql string) {
	b.WriteString("$" + strconv.Itoa(n) + "::" + sql + "[]")
}

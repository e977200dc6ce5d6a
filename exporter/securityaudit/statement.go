package securityaudit

import (
	"fmt"
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
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = layout.Quote(t.Columns[i].Name)
	}
	columns := strings.Join(names, ", ")
	rows := fmt.Sprintf("unnest(%s) AS new (%s)", casts(t.Columns), columns)
	statement := fmt.Sprintf("INSERT INTO %s (%s) ", t.Quoted(), columns)
	switch p {
	case onConflict:
		return statement + "SELECT * FROM " + rows + " ON CONFLICT DO NOTHING"
	case notExists:
		// The rows of one statement do not see each other.
		return statement + fmt.Sprintf("SELECT DISTINCT ON (%s) * FROM %s WHERE NOT EXISTS (SELECT FROM %s AS old WHERE %s)",
			identity(t), rows, t.Quoted(), t.SameRow("old", "new"))
	}
	return statement + "SELECT * FROM " + rows
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

// Package row makes rows of log records: the values of a table's columns, such
// that Postgres takes them. Texts are valid UTF-8 without NUL characters, JSON
// texts hold nothing that jsonb refuses, times are in range.
package row

import (
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
	"github.com/authevents/otelcol-auth/internal/attr"
)

// Mapper makes rows for one table. It is for one goroutine at a time, and keeps
// buffers between calls; the rows it returns do not share them.
type Mapper struct {
	table *layout.Table
	now   func() time.Time

	in    input
	used  []string // attributes that a column of this row holds, whole
	taken []taken  // what columns of this row hold, and may stand in the body too
	buf   []byte
	stats Stats
}

// maxKept is the largest buffer that a Mapper keeps: a single line of a
// megabyte should not stay in memory for good.
const maxKept = 64 << 10

// input is the record that a row is made of.
type input struct {
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
	record   plog.LogRecord
	attrs    pcommon.Map // of the record
	uid      string      // "" until it is asked for
	uidGiven bool        // the record has one
}

// Stats counts what had to be changed for the columns. Nothing of it is lost
// where the table has a metadata column.
type Stats struct {
	// Cut are texts that were longer than their column's max_length.
	Cut int
	// Unfit are values that are none of their column's type, such as a
	// pseudonym that is no UUID.
	Unfit int
	// Repaired are texts with NUL characters or invalid UTF-8.
	Repaired int
}

// New returns a Mapper for the table.
func New(table *layout.Table) *Mapper { return &Mapper{table: table, now: time.Now} }

// TakeStats returns what was counted since the last call.
func (m *Mapper) TakeStats() Stats {
	s := m.stats
	m.stats = Stats{}
	return s
}

// MissingError says that a record has no value for a column that needs one.
type MissingError struct{ Column string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("column %q is required, and the record has no value for it: set a default, or required: false", e.Column)
}

// Domain is what a record says of its identity domain; "" for nothing.
func Domain(record plog.LogRecord) string {
	v, ok := record.Attributes().Get(attr.Domain)
	if !ok || v.Type() != pcommon.ValueTypeStr {
		return ""
	}
	return v.Str()
}

// Append appends the record's row to rows: a value for each of the table's
// columns, nil for NULL, else of the Go type that layout's types name. The
// record is not changed. The error is a *MissingError, and rows is as it was.
func (m *Mapper) Append(rows [][]any, resource pcommon.Resource, scope pcommon.InstrumentationScope, record plog.LogRecord) ([][]any, error) {
	m.in = input{resource: resource, scope: scope, record: record, attrs: record.Attributes()}
	m.used, m.taken = m.used[:0], m.taken[:0]
	defer m.release()
	columns := m.table.Columns
	values := make([]any, len(columns))
	for i := range columns {
		if i == m.table.Metadata {
			continue
		}
		column := &columns[i]
		if values[i] = m.value(column); values[i] == nil {
			values[i] = column.Default
		}
		if values[i] == nil && column.Required {
			return rows, &MissingError{Column: column.Name}
		}
	}
	if m.table.Metadata >= 0 { // last, since it holds what no column does
		values[m.table.Metadata] = m.metadata()
	}
	return append(rows, values), nil
}

// release lets go of the record's data.
func (m *Mapper) release() {
	m.in = input{}
	clear(m.used)
	clear(m.taken)
	if cap(m.buf) > maxKept {
		m.buf = nil
	}
}

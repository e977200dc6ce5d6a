package securityaudit

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/authevents/otelcol-auth/exporter/securityaudit/internal/layout"
)

// arrayOIDs are the types of a statement's parameters: one array a column, so
// that a batch is one statement whatever its size.
var arrayOIDs = map[layout.Type]uint32{
	layout.UUID:        pgtype.UUIDArrayOID,
	layout.Text:        pgtype.TextArrayOID,
	layout.Inet:        pgtype.InetArrayOID,
	layout.JSONB:       pgtype.TextArrayOID, // see newRows
	layout.TimestampTZ: pgtype.TimestamptzArrayOID,
	layout.BigInt:      pgtype.Int8ArrayOID,
	layout.Boolean:     pgtype.BoolArrayOID,
	layout.Double:      pgtype.Float8ArrayOID,
}

// parameters encodes rows for one table's statements. It is used by one
// goroutine; what encode returns holds until its next call.
type parameters struct {
	types   *pgtype.Map // of the connection
	oids    []uint32
	formats []int16
	values  [][]byte
	buffers [][]byte
}

func newParameters(types *pgtype.Map, columns []layout.Column) *parameters {
	p := &parameters{
		types:   types,
		oids:    make([]uint32, len(columns)),
		formats: make([]int16, len(columns)),
		values:  make([][]byte, len(columns)),
		buffers: make([][]byte, len(columns)),
	}
	for i := range columns {
		p.oids[i] = arrayOIDs[columns[i].Type]
		p.formats[i] = pgtype.BinaryFormatCode
	}
	return p
}

// errUnencodable has no more to say: pgx shows the value in its own error.
var errUnencodable = errors.New("a value is not of its column's type")

// encode returns the values of a statement's parameters.
func (p *parameters) encode(rows [][]any) ([][]byte, error) {
	for i := range p.values {
		buffer, err := p.types.Encode(p.oids[i], pgtype.BinaryFormatCode, column{rows, i}, p.buffers[i][:0])
		if err != nil {
			return nil, errUnencodable
		}
		p.values[i], p.buffers[i] = buffer, buffer
	}
	return p.values, nil
}

// column is one column of the rows, as the array that pgtype.ArrayGetter asks
// for: nothing is copied.
type column struct {
	rows [][]any
	at   int
}

// Dimensions implements pgtype.ArrayGetter.
func (c column) Dimensions() []pgtype.ArrayDimension {
	return []pgtype.ArrayDimension{{Length: int32(len(c.rows)), LowerBound: 1}}
}

// Index implements pgtype.ArrayGetter.
func (c column) Index(i int) any { return c.rows[i][c.at] }

// IndexType implements pgtype.ArrayGetter: nil has each element say its own.
func (column) IndexType() any { return nil }

// casts are the parameters as they stand in SQL: $1::uuid[], $2::text[].
func casts(columns []layout.Column) string {
	var b strings.Builder
	for i := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		kind := columns[i].Type
		if kind == layout.JSONB {
			kind = layout.Text
		}
		writeCast(&b, i+1, kind.SQL())
	}
	return b.String()
}

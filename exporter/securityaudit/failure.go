package securityaudit

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// fault says whose it is that a statement failed, and so what is done next.
type fault uint8

const (
	// transient: the network's or the server's, for now. The batch is sent again.
	transient fault = iota
	// operator: the table, the role or the database is not as it has to be. The
	// batch is sent again, until somebody has seen to it.
	operator
	// badRow: the row can never go in. It is set aside.
	badRow
	// duplicate: the row is there.
	duplicate
	// noPartition: the table has no partition for the row's time.
	noPartition
	// unsupported: the table takes no statement of this kind.
	unsupported
	// policy: row-level security refuses the row, or all rows.
	policy
)

// failure is an error of the database that is fit to be shown. The texts of
// the server may hold values of a row, also in Detail and Where: none of them
// is taken over, only codes and the names of things.
type failure struct {
	fault              fault
	doing, table       string
	state              string // SQLSTATE; "" where no server answered
	constraint, column string
	nested             bool   // of a statement that a trigger runs, on whatever table
	cause              string // where no server answered, or more is known than the state says
}

func (f *failure) Error() string {
	var b strings.Builder
	b.WriteString(f.doing)
	if f.table != "" {
		b.WriteString(" table " + f.table)
	}
	b.WriteString(": ")
	if f.state == "" {
		b.WriteString(f.cause)
		return b.String()
	}
	b.WriteString("SQLSTATE " + f.state)
	if f.column != "" {
		b.WriteString(", column " + f.column)
	}
	if f.constraint != "" {
		b.WriteString(", constraint " + f.constraint)
	}
	if text := cmp.Or(f.cause, remedy(f.state)); text != "" {
		b.WriteString(": " + text)
	}
	return b.String()
}

// failed makes an error of pgx fit to be shown. Nil stays nil.
func failed(doing, table string, err error) error {
	if err == nil {
		return nil
	}
	if known := failureOf(err); known != nil {
		return known
	}
	f := &failure{doing: doing, table: table}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		f.state, f.constraint, f.column = server.Code, server.ConstraintName, server.ColumnName
		f.nested = server.Where != "" // its text is in the server's language
		switch f.fault = faultOf(server); {
		case f.fault == policy:
			f.cause = "a policy of row-level security refuses the row"
		case f.nested && (f.fault == duplicate || f.fault == noPartition):
			f.fault, f.cause = badRow, "a trigger refuses the row, for another table refuses what it writes there"
		}
		return f
	}
	f.cause = cause(err)
	return f
}

// failureOf is the failure that an error is, or nil.
func failureOf(err error) *failure {
	var f *failure
	errors.As(err, &f)
	return f
}

// cause names what a connection failed of.
func cause(err error) string {
	var connecting *pgconn.ConnectError
	var network *net.OpError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer within the timeout"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &connecting):
		// Nothing of a row was sent yet: user, database, address and reason.
		return strings.Join(strings.Fields(err.Error()), " ")
	case errors.As(err, &network):
		return "the connection was lost: " + network.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the server closed the connection"
	}
	return "the connection failed"
}

// faultOf sorts the server's answers by SQLSTATE
// (https://www.postgresql.org/docs/current/errcodes-appendix.html). What is
// not known to be a row's fault is sent again: waiting loses nothing.
func faultOf(err *pgconn.PgError) fault {
	switch err.Code {
	case "23505": // unique_violation
		return duplicate
	case "23514": // check_violation, also of a partitioned table without the partition, and of a trigger
		if err.ConstraintName == "" && (err.Routine == "ExecFindPartition" || err.Routine == "") {
			return noPartition
		}
		return badRow
	case "42501": // insufficient_privilege
		if err.Routine == "ExecWithCheckOptions" {
			return policy
		}
		return operator
	case "0A000": // feature_not_supported
		return unsupported
	case "20000", "21000": // a CASE or a subquery in a trigger has nothing, or too much, for the row
		return badRow
	case "54000": // program_limit_exceeded: a value too long for an index
		return badRow
	case "42P05", "26000": // statements of another session, behind a pooler
		return transient
	}
	switch err.Code[:min(2, len(err.Code))] {
	case "22", "23", "44", "P0": // data exception, integrity constraint, WITH CHECK OPTION, a trigger
		return badRow
	case "28", "3D", "3F", "42": // login, database, schema, names and privileges
		return operator
	}
	if err.Routine == "exec_stmt_raise" && !slices.Contains(serversOwn, err.Code[:min(2, len(err.Code))]) {
		return badRow // a trigger refuses it, by a state of the operator's own
	}
	return transient
}

// serversOwn are classes by which a trigger that raises them says what the
// server would say by them: that another time is better.
var serversOwn = []string{"08", "0A", "25", "26", "2D", "40", "53", "55", "57", "58", "72", "XX"}

// remedies say what an operator can do. What is not listed is looked up by its
// code.
var remedies = []struct{ state, text string }{
	{"08", "the connection failed"},
	{"23502", "a column that has to have a value got none"},
	{"23503", "the row that it refers to does not exist"},
	{"23505", "a row with this key is there"},
	{"23514", "a check refuses the row, or no partition takes its time: create the partition, or set create_table and partition_by"},
	{"23", "a constraint refuses the row"},
	{"22", "a value does not fit its column"},
	{"25006", "the server is read-only: point dsn at the primary, or add target_session_attrs=read-write"},
	{"28", "the server refuses the login: check user and password in dsn, and pg_hba.conf"},
	{"3D", "the database does not exist: create it, or correct dsn"},
	{"3F", "the schema does not exist: create it, or correct the key schema"},
	{"40", "two writers stood in each other's way"},
	{"42501", "the role may not do this: GRANT USAGE on the schema and INSERT on the table, for create_table also CREATE on the schema"},
	{"42P01", "the table does not exist: create it, or set create_table: true"},
	{"42703", "the table lacks a column of the layout: add it, or choose another layout"},
	{"428C9", "a column of the layout is made by the database itself: drop its expression or identity, or leave it out of columns"},
	{"42804", "a column is not of the layout's type: see the table in docs/destinations/postgres.md"},
	{"42P10", "no unique index fits"},
	{"53100", "the server's disk is full"},
	{"53300", "the server has no connection left: raise max_connections, or lower pool_max_conns in dsn"},
	{"54000", "a value is too long for an index"},
	{"55P03", "a lock was not to be had"},
	{"57014", "the statement was cancelled: statement_timeout may be too short"},
	{"57P", "the server stops or starts"},
	{"P0", "a trigger refuses the row"},
}

// remedy is the text of the first entry that the state begins with.
func remedy(state string) string {
	for _, r := range remedies { // few
		if strings.HasPrefix(state, r.state) {
			return r.text
		}
	}
	return ""
}

package projections

import (
	"context"
	"fmt"
)

// conn is a connection to where the views lie, with its prepared statements:
// a file of SQLite, or PostgreSQL. One goroutine uses it at a time.
//
// Statements are written as SQLite takes them, in the forms that package query
// knows to write for PostgreSQL. Nothing a user wrote is ever part of their
// text.
type conn interface {
	// query runs the statement and calls each for every row; nil when there is
	// nothing to be read. The row is good until each returns. Arguments are
	// string, int, int64, bool or []byte.
	query(sql string, args []any, each func(dbRow) error) error
	// prepare returns the statement for the text, made once. It is good until
	// the next one is prepared.
	prepare(sql string) (dbStmt, error)
	// statement returns a statement that is good until the connection closes.
	statement(sql string) (dbStmt, error)
	// begin begins a transaction, end ends it.
	begin(transaction) error
	end(commit bool) error
	// attach lets the end of ctx interrupt what runs, and returns the context
	// attached before.
	attach(ctx context.Context) context.Context
	close() error
}

// transaction is a kind of transaction.
type transaction int

const (
	// reading shows the views as they are at one moment, the first look.
	reading transaction = iota
	// writing is alone in changing them.
	writing
	// scratch changes a database that nobody else knows.
	scratch
)

// dbRow is a row that a query found. Columns count from 0; a column without a
// value reads as the zero value.
type dbRow interface {
	ColumnText(int) string
	ColumnInt(int) int
	ColumnInt64(int) int64
	ColumnBool(int) bool
	// ColumnBlob appends a column of bytes to buf.
	ColumnBlob(col int, buf []byte) []byte
	// ColumnRawText and ColumnRawBlob are good as long as the row.
	ColumnRawText(int) []byte
	ColumnRawBlob(int) []byte
}

// dbStmt is a statement that stores something. Parameters count from 1.
type dbStmt interface {
	BindText(int, string) error
	BindRawText(int, []byte) error
	BindInt(int, int) error
	BindInt64(int, int64) error
	BindBool(int, bool) error
	BindBlob(int, []byte) error
	BindNull(int) error
	Exec() error
}

func bind(stmt dbStmt, args []any) error {
	for i, arg := range args {
		var err error
		switch arg := arg.(type) {
		case string:
			err = stmt.BindText(i+1, arg)
		case int:
			err = stmt.BindInt(i+1, arg)
		case int64:
			err = stmt.BindInt64(i+1, arg)
		case bool:
			err = stmt.BindBool(i+1, arg)
		case []byte:
			err = stmt.BindBlob(i+1, arg)
		default:
			err = fmt.Errorf("cannot bind a %T", arg)
		}
		if err != nil {
			return fmt.Errorf("bind argument %d: %w", i+1, err)
		}
	}
	return nil
}

// queryInt returns the first column of the first row; 0 without a row.
func queryInt(c conn, sql string, args ...any) (n int64, err error) {
	err = c.query(sql, args, func(s dbRow) error {
		n = s.ColumnInt64(0)
		return nil
	})
	return n, err
}

package projections

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

const (
	// busyTimeout is how long a connection waits for another program.
	busyTimeout = 5 * time.Second

	// Page caches in KiB. A bulk load sorts indexes in as much memory again;
	// a reader's working set is small, and the operating system caches the
	// file anyway.
	readerCache = 4 << 10
	writerCache = 16 << 10
	bulkCache   = 24 << 10

	// stmtCache bounds the prepared statements of a connection. Their texts
	// do not depend on arguments, so there are few.
	stmtCache = 128
)

// sqliteConn is a connection to a file, or to a database in memory.
type sqliteConn struct {
	*sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

func connect(path string, flags sqlite3.OpenFlag, pragmas string) (*sqliteConn, error) {
	uri := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}
	c, err := sqlite3.OpenFlags(uri.String(), flags|sqlite3.OPEN_URI)
	if err != nil {
		return nil, openError(path, err)
	}
	err = errors.Join(c.BusyTimeout(busyTimeout), withTexts(c))
	if err == nil {
		err = c.Exec("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = OFF; " + pragmas)
	}
	if err != nil {
		return nil, errors.Join(openError(path, err), c.Close())
	}
	return &sqliteConn{c, map[string]*sqlite3.Stmt{}}, nil
}

// openError says in the words of the ledger why a file cannot be opened, so
// that callers can tell what to do about it.
func openError(path string, err error) error {
	var code sqlite3.ErrorCode
	var sentinel error
	switch _ = errors.As(err, &code); code {
	case sqlite3.FULL:
		sentinel = ledger.ErrFull
	case sqlite3.READONLY, sqlite3.CANTOPEN, sqlite3.PERM:
		sentinel = ledger.ErrReadOnly
	case sqlite3.BUSY, sqlite3.LOCKED:
		sentinel = ledger.ErrLocked
	case sqlite3.IOERR:
		return fmt.Errorf("open %s (is there room left on the disk?): %w", path, err)
	default:
		return fmt.Errorf("open %s: %w", path, err)
	}
	return fmt.Errorf("open %s: %w: %w", path, sentinel, err)
}

func (c *sqliteConn) close() error {
	for _, stmt := range slices.Collect(c.Stmts()) {
		// Closing reports the error of the last step again.
		_ = stmt.Close()
	}
	return c.Conn.Close()
}

func (c *sqliteConn) prepare(sql string) (dbStmt, error) { return c.prepared(sql) }

func (c *sqliteConn) statement(sql string) (dbStmt, error) {
	stmt, _, err := c.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("prepare the views for writing: %w", err)
	}
	return stmt, nil
}

func (c *sqliteConn) begin(t transaction) error {
	return c.Exec([...]string{reading: "BEGIN", writing: "BEGIN IMMEDIATE", scratch: "BEGIN"}[t])
}

func (c *sqliteConn) end(commit bool) error {
	if commit {
		return c.Exec("COMMIT")
	}
	// A request that was ended leaves its interrupt on the connection.
	defer c.SetInterrupt(c.SetInterrupt(context.WithoutCancel(c.GetInterrupt())))
	return c.Exec("ROLLBACK")
}

func (c *sqliteConn) attach(ctx context.Context) context.Context { return c.SetInterrupt(ctx) }

// prepared returns the statement for the text, made once.
func (c *sqliteConn) prepared(sql string) (*sqlite3.Stmt, error) {
	if stmt, ok := c.stmts[sql]; ok {
		return stmt, nil
	}
	if len(c.stmts) >= stmtCache {
		for _, stmt := range c.stmts {
			_ = stmt.Close()
		}
		clear(c.stmts)
	}
	stmt, _, err := c.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("prepare a query of the views: %w", err)
	}
	c.stmts[sql] = stmt
	return stmt, nil
}

func (c *sqliteConn) query(sql string, args []any, each func(dbRow) error) error {
	stmt, err := c.prepared(sql)
	if err != nil {
		return err
	}
	// Reset reports the error of the last step again.
	defer func() { _ = stmt.Reset() }()
	if err := bind(stmt, args); err != nil {
		return err
	}
	for stmt.Step() {
		if each == nil {
			continue
		}
		if err := each(stmt); err != nil {
			return err
		}
	}
	if err := stmt.Err(); err != nil {
		return fmt.Errorf("ask the views: %w", err)
	}
	return nil
}

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

var errClosed = errors.New("the views are closed")

// conn is a connection with its prepared statements. One goroutine uses it
// at a time.
type conn struct {
	*sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

func connect(path string, flags sqlite3.OpenFlag, pragmas string) (*conn, error) {
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
	return &conn{c, map[string]*sqlite3.Stmt{}}, nil
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

func (c *conn) close() error {
	for _, stmt := range slices.Collect(c.Stmts()) {
		// Closing reports the error of the last step again.
		_ = stmt.Close()
	}
	return c.Conn.Close()
}

// prepare returns the statement for the text, made once.
func (c *conn) prepare(sql string) (*sqlite3.Stmt, error) {
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

// query runs the statement and calls each for every row.
func (c *conn) query(sql string, args []any, each func(*sqlite3.Stmt) error) error {
	stmt, err := c.prepare(sql)
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

func bind(stmt *sqlite3.Stmt, args []any) error {
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
func (c *conn) queryInt(sql string, args ...any) (n int64, err error) {
	err = c.query(sql, args, func(s *sqlite3.Stmt) error {
		n = s.ColumnInt64(0)
		return nil
	})
	return n, err
}

// pool lends out a bounded number of connections, opened when first needed.
type pool struct {
	open func() (*conn, error)
	free chan *conn // nil stands for one that is not open
	// snapshots bounds those who hold a connection for a whole request, so
	// that one is always left for who asks and gives it back.
	snapshots chan struct{}
}

// newPool lends connections that read the file.
func newPool(path string, size int) *pool {
	return newPoolOf(func() (*conn, error) {
		return connect(path, sqlite3.OPEN_READONLY, fmt.Sprintf("PRAGMA cache_size = -%d", readerCache))
	}, size)
}

func newPoolOf(open func() (*conn, error), size int) *pool {
	p := &pool{open: open, free: make(chan *conn, size), snapshots: make(chan struct{}, max(1, size-1))}
	for range size {
		p.free <- nil
	}
	return p
}

// use lends a connection. A cancelled ctx interrupts what runs on it.
func (p *pool) use(ctx context.Context, fn func(*conn) error) error {
	var c *conn
	var open bool
	select {
	case c, open = <-p.free:
		if !open {
			return errClosed
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { p.free <- c }()
	if c == nil {
		var err error
		if c, err = p.open(); err != nil {
			return err
		}
	}
	defer c.SetInterrupt(c.SetInterrupt(ctx))
	err := fn(c)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// close waits for the connections that are lent out and closes all. It is
// called once.
func (p *pool) close() error {
	var errs []error
	for range cap(p.free) {
		if c := <-p.free; c != nil {
			errs = append(errs, c.close())
		}
	}
	close(p.free)
	return errors.Join(errs...)
}

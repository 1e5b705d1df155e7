package embedded

import (
	"context"
	"errors"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// reader is one reading connection with its statements.
type reader struct {
	conn                    *sqlite3.Conn
	head, all, stream, name *sqlite3.Stmt
}

func newReader(file opener) (*reader, error) {
	conn, err := file.readable()
	if err != nil {
		return nil, err
	}
	r := &reader{conn: conn}
	err = prepare(conn, map[**sqlite3.Stmt]string{
		&r.head: "SELECT position, events FROM head WHERE row = 1",
		&r.all: "SELECT position, revision, id, envelope, stream FROM events " +
			"WHERE position > ?1 ORDER BY position LIMIT ?2",
		&r.stream: "SELECT e.position, e.revision, e.id, e.envelope FROM streams s JOIN events e ON e.stream = s.id " +
			"WHERE s.name = ?3 AND e.revision >= ?1 ORDER BY e.revision LIMIT ?2",
		&r.name: "SELECT name FROM streams WHERE id = ?",
	})
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return r, nil
}

func (r *reader) close() error {
	return closeConn(r.conn)
}

// lastPosition reads how far the ledger reaches. Its statement is left open,
// which holds the snapshot for what is read next; the caller resets it.
func (r *reader) lastPosition() (last ledger.Position, events int64, err error) {
	if !r.head.Step() {
		if err := r.head.Err(); err != nil {
			return 0, 0, err
		}
		return 0, 0, &ledger.IntegrityError{What: "the head of the ledger is missing"}
	}
	return ledger.Position(r.head.ColumnInt64(0)), r.head.ColumnInt64(1), nil
}

// bind sets where a statement of events begins and at how many it ends.
func (r *reader) bind(stmt *sqlite3.Stmt, from int64, limit int) error {
	return errors.Join(stmt.BindInt64(1, from), stmt.BindInt64(2, int64(limit)))
}

// reset ends the snapshot. The errors it could report are those of the last
// step of each statement, which have been seen.
func (r *reader) reset() {
	for _, stmt := range []*sqlite3.Stmt{r.all, r.stream, r.name, r.head} {
		_ = stmt.Reset()
	}
}

// pool lends out a bounded number of readers, opened when first needed.
type pool struct {
	file    opener
	closing <-chan struct{}
	free    chan *reader // nil stands for one that is not open
}

func newPool(file opener, size int, closing <-chan struct{}) *pool {
	p := &pool{file: file, closing: closing, free: make(chan *reader, size)}
	for range size {
		p.free <- nil
	}
	return p
}

// use lends a reader to work. A reader that failed is closed, the next
// borrower gets a fresh one.
func (p *pool) use(ctx context.Context, work func(*reader) error) error {
	select {
	case <-p.closing:
		return ledger.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var r *reader
	select {
	case r = <-p.free:
	case <-ctx.Done():
		return ctx.Err()
	case <-p.closing:
		return ledger.ErrClosed
	}
	defer func() { p.free <- r }()
	if r == nil {
		fresh, err := newReader(p.file)
		if err != nil {
			return err
		}
		r = fresh
	}
	r.conn.SetInterrupt(ctx)
	err := work(r)
	r.conn.SetInterrupt(context.Background())
	if err != nil {
		// What went wrong is in err; a connection that will not close either
		// has nothing to add.
		_ = r.close()
		r = nil
		return readError(ctx, err)
	}
	return nil
}

// close waits for borrowed readers, each out for one chunk at most, and closes
// all. None is lent afterwards, because closing is closed.
func (p *pool) close() error {
	var err error
	for range cap(p.free) {
		if r := <-p.free; r != nil {
			err = errors.Join(err, r.close())
		}
	}
	return err
}

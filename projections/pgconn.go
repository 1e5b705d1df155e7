package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/probity-ledger/probity/projections/query"
)

const (
	// outage is how long a question waits for a server that went away, such as
	// one that is restarted.
	outage = 15 * time.Second

	// queued bounds the changes that wait to be sent together.
	queued = 256
)

// pgConn is a connection to PostgreSQL. It is made when first needed, and anew
// when it was lost: a question outside a transaction is then asked again.
// Changes within a transaction are sent together, before the next question or
// at the end.
type pgConn struct {
	server *pgServer
	c      *pgconn.PgConn // nil while there is none
	ctx    context.Context
	stmts  map[string]*pgconn.StatementDescription // by text and types
	within bool                                    // in a transaction, which ends with the connection
	count  int                                     // statements prepared by c

	queue   *pgconn.Batch
	waiting int
}

func newPgConn(s *pgServer) *pgConn {
	return &pgConn{server: s, ctx: context.Background(), stmts: map[string]*pgconn.StatementDescription{}}
}

func (c *pgConn) attach(ctx context.Context) context.Context {
	before := c.ctx
	c.ctx = ctx
	return before
}

func (c *pgConn) close() error {
	if c.c == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := c.c.Close(ctx)
	c.drop()
	return err
}

// drop forgets the connection and what was prepared on it.
func (c *pgConn) drop() {
	c.c, c.queue, c.waiting, c.count = nil, nil, 0, 0
	clear(c.stmts)
}

// connected makes a connection where there is none. A transaction that was
// lost with its connection is not taken up on another.
func (c *pgConn) connected() (err error) {
	if c.c != nil && c.c.IsClosed() {
		c.drop()
	}
	switch {
	case c.c != nil:
		return nil
	case c.within:
		return errLost
	}
	c.c, err = c.server.connect(c.ctx)
	return err
}

// errLost says that the connection broke; what was under way may have been done
// or not.
var errLost = fmt.Errorf("%w: the connection to PostgreSQL was lost", ErrUnavailable)

// failed tells what an error of the connection means.
func (c *pgConn) failed(err error) error {
	if err == nil {
		return nil
	}
	if c.ctx.Err() != nil {
		err = c.ctx.Err()
	} else if c.c == nil || c.c.IsClosed() || unreachable(err) {
		err = fmt.Errorf("%w: %w", errLost, c.server.error(err))
	} else {
		err = c.server.error(err)
	}
	if c.c != nil && (c.c.IsClosed() || unreachable(err)) {
		c.abandon()
	}
	return err
}

// abandon ends a connection that is of no use any more.
func (c *pgConn) abandon() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.c.Close(ctx) // it is lost already
	c.drop()
}

// again does what may be repeated until the server is there.
func (c *pgConn) again(do func() error) error {
	var until time.Time
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := c.connected()
		if err == nil {
			err = do()
		}
		if c.within || !errors.Is(err, errLost) {
			return err
		}
		if until.IsZero() {
			until = time.Now().Add(outage)
		}
		if time.Now().After(until) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-c.ctx.Done():
			return c.ctx.Err()
		}
	}
}

func (c *pgConn) begin(t transaction) error {
	sql := "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	if t != reading {
		sql = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
	}
	err := c.again(func() error { return c.run(sql) })
	c.within = err == nil
	if c.within && t == writing {
		// Nobody else writes until the end. Who reads goes on.
		err = c.run("LOCK TABLE projections IN SHARE ROW EXCLUSIVE MODE")
		if err != nil {
			err = errors.Join(err, c.end(false))
		}
	}
	return err
}

func (c *pgConn) end(commit bool) error {
	if commit {
		err := c.flush()
		if err == nil {
			err = c.run("COMMIT")
		}
		c.within = c.within && err != nil
		return err
	}
	defer func() { c.within = false }()
	if c.queue, c.waiting = nil, 0; c.c == nil || !c.within {
		return nil // it ended with the connection
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), 5*time.Second)
	defer cancel()
	defer c.attach(c.attach(ctx))
	if err := c.run("ROLLBACK"); err != nil && c.c != nil {
		c.abandon() // nobody gets a connection with a transaction left open
	}
	return nil
}

// run runs statements without arguments, as PostgreSQL takes them.
func (c *pgConn) run(sql string) error {
	if c.c == nil {
		return errLost
	}
	return c.failed(c.c.Exec(c.ctx, sql).Close())
}

func (c *pgConn) query(sql string, args []any, each func(dbRow) error) error {
	s := &pgStmt{conn: c, sql: sql}
	if err := bind(s, args); err != nil {
		return err
	}
	if each == nil {
		return s.Exec()
	}
	var rows pgRows
	err := c.again(func() error {
		rows = pgRows{}
		if err := c.flush(); err != nil {
			return err
		}
		return s.ask(&rows)
	})
	if err != nil {
		return fmt.Errorf("ask the views: %w", err)
	}
	// All rows are here before the first is looked at: what is asked for on
	// the way may use the connection.
	for rows.next() {
		if err := each(&rows); err != nil {
			return err
		}
	}
	return rows.err
}

func (c *pgConn) prepare(sql string) (dbStmt, error)   { return &pgStmt{conn: c, sql: sql}, nil }
func (c *pgConn) statement(sql string) (dbStmt, error) { return c.prepare(sql) }

// described prepares the statement for arguments of these types, once.
func (c *pgConn) described(sql string, types []uint32) (*pgconn.StatementDescription, error) {
	key := make([]byte, 0, len(sql)+len(types))
	for _, t := range types {
		key = append(key, byte(t))
	}
	key = append(key, sql...)
	if d, ok := c.stmts[string(key)]; ok {
		return d, nil
	}
	if len(c.stmts) >= 2*stmtCache {
		if err := c.flush(); err != nil {
			return nil, err
		}
		if err := c.run("DEALLOCATE ALL"); err != nil {
			return nil, err
		}
		clear(c.stmts)
	}
	c.count++
	d, err := c.c.Prepare(c.ctx, fmt.Sprintf("probity%d", c.count), query.Postgres(sql), slices.Clone(types))
	if err != nil {
		return nil, fmt.Errorf("prepare a query of the views: %w", c.failed(err))
	}
	c.stmts[string(key)] = d
	return d, nil
}

// flush sends the changes that wait.
func (c *pgConn) flush() error {
	if c.waiting == 0 {
		return nil
	}
	if c.c == nil {
		return errLost
	}
	queue := c.queue
	c.queue, c.waiting = nil, 0
	if err := c.c.ExecBatch(c.ctx, queue).Close(); err != nil {
		return fmt.Errorf("change the views: %w", c.failed(err))
	}
	return nil
}

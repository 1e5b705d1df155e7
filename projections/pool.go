package projections

import (
	"context"
	"errors"
)

var errClosed = errors.New("the views are closed")

// pool lends out a bounded number of connections, opened when first needed.
type pool struct {
	open func() (conn, error)
	free chan conn // nil stands for one that is not open
	// snapshots bounds those who hold a connection for a whole request, so
	// that one is always left for who asks and gives it back.
	snapshots chan struct{}
}

func newPool(open func() (conn, error), size int) *pool {
	p := &pool{open: open, free: make(chan conn, size), snapshots: make(chan struct{}, max(1, size-1))}
	for range size {
		p.free <- nil
	}
	return p
}

// use lends a connection. A cancelled ctx interrupts what runs on it.
func (p *pool) use(ctx context.Context, fn func(conn) error) error {
	var c conn
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
			c = nil
			return err
		}
	}
	defer c.attach(c.attach(ctx))
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

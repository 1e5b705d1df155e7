package embedded

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/probity-ledger/probity/ledger"
)

// ReadStream yields the events of stream from revision from on; see
// [ledger.Store]. A revision below 0 means 0. A hole in the revisions is an
// *IntegrityError.
func (s *Store) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		next := max(from, 0)
		c := newChunk(chunkEvents)
		for {
			err := s.readers.use(ctx, func(r *reader) error { return r.readStream(c, stream, next) })
			if !s.give(ctx, c, err, yield) || !c.more {
				return
			}
			next += ledger.Revision(len(c.events))
		}
	}
}

// ReadAll yields every event after a position; see [ledger.Store]. An event
// missing from the middle or from the end is an *IntegrityError.
func (s *Store) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		c, at := newChunk(firstEvents), after // a sequence may be read again
		for {
			err := s.readers.use(ctx, func(r *reader) error { return r.readAll(c, at, s.nameOf) })
			if !s.give(ctx, c, err, yield) || !c.more {
				return
			}
			at += ledger.Position(len(c.events))
			c.widen()
		}
	}
}

// give hands a chunk to the consumer, followed by err if there is one. It
// reports whether the sequence may go on.
func (s *Store) give(ctx context.Context, c *chunk, err error, yield func(ledger.Stored, error) bool) bool {
	for i := range c.events {
		if stop := s.stopped(ctx); stop != nil {
			yield(ledger.Stored{}, stop)
			return false
		}
		if !yield(c.events[i], nil) {
			return false
		}
	}
	if err != nil {
		yield(ledger.Stored{}, err)
		return false
	}
	return true
}

func (s *Store) stopped(ctx context.Context) error {
	if s.closed() {
		return ledger.ErrClosed
	}
	return ctx.Err()
}

// readAll fills c with the events after a position. It compares with the
// head, in the same snapshot, and so misses no event that should be there;
// what comes before a missing event is in c when it returns the error.
func (r *reader) readAll(c *chunk, after ledger.Position, nameOf func(*reader, int64) (string, error)) error {
	c.clear()
	defer r.reset()
	last, _, err := r.lastPosition()
	if err != nil || after >= last {
		return err
	}
	if err := r.bind(r.all, int64(after), c.limit); err != nil {
		return err
	}
	next := after + 1
	for r.all.Step() {
		if found := ledger.Position(r.all.ColumnInt64(0)); found != next {
			return &ledger.IntegrityError{Position: next, What: fmt.Sprintf("the event is missing; the next is at %s", found)}
		}
		name, err := nameOf(r, r.all.ColumnInt64(4))
		if err != nil {
			return err
		}
		if err := c.add(r.all, name); err != nil {
			return err
		}
		next++
		if c.full() {
			c.more = next <= last
			return nil
		}
	}
	if err := r.all.Err(); err != nil {
		return err
	}
	if next <= last {
		return &ledger.IntegrityError{Position: next, What: fmt.Sprintf("the event is missing; the ledger had reached %s", last)}
	}
	return nil
}

// readStream fills c with the events of a stream from revision next on.
func (r *reader) readStream(c *chunk, stream string, next ledger.Revision) error {
	c.clear()
	defer r.reset()
	if err := r.stream.BindText(3, stream); err != nil {
		return err
	}
	if err := r.bind(r.stream, int64(next), c.limit); err != nil {
		return err
	}
	for r.stream.Step() {
		if found := ledger.Revision(r.stream.ColumnInt64(1)); found != next {
			return &ledger.IntegrityError{
				Position: ledger.Position(r.stream.ColumnInt64(0)), Stream: stream, Revision: found,
				What: fmt.Sprintf("revision %d is missing before it", next),
			}
		}
		if err := c.add(r.stream, stream); err != nil {
			return err
		}
		next++
		if c.full() {
			c.more = true
			return nil
		}
	}
	return r.stream.Err()
}

// nameOf finds the name of a stream by its number, in memory or in the file.
func (s *Store) nameOf(r *reader, stream int64) (string, error) {
	if name, ok := s.names.Get(stream); ok {
		return name, nil
	}
	defer r.name.Reset()
	if err := r.name.BindInt64(1, stream); err != nil {
		return "", err
	}
	if !r.name.Step() {
		if err := r.name.Err(); err != nil {
			return "", err
		}
		return "", &ledger.IntegrityError{What: fmt.Sprintf("the name of stream number %d is missing", stream)}
	}
	name := r.name.ColumnText(0)
	s.names.Add(stream, name)
	return name, nil
}

// Streams lists the streams whose names begin with the prefix, in the order
// of their names. It reads their names alone, however large the ledger.
func (s *Store) Streams(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	err := s.readers.use(ctx, func(r *reader) error {
		stmt, _, err := r.conn.Prepare("SELECT name FROM streams WHERE name >= ?1 AND name < ?1 || ?2 ORDER BY name")
		if err != nil {
			return storeError("list streams", err)
		}
		defer stmt.Close()
		// No character of a name sorts behind the last code point.
		if err := errors.Join(stmt.BindText(1, prefix), stmt.BindText(2, "\U0010FFFF")); err != nil {
			return storeError("list streams", err)
		}
		for stmt.Step() {
			names = append(names, stmt.ColumnText(0))
		}
		return storeError("list streams", stmt.Err())
	})
	return names, err
}

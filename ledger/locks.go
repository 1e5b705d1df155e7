package ledger

import (
	"context"
	"errors"
)

// Locks keep streams still across processes that record into one store: they
// are to several replicas what the recorder's own locks are within one. The
// recorder asks for all the streams a command needs at once, gives all of
// them back when it must hold others as well, and asks again. Nobody asks for
// more while holding something.
//
// Order. An implementation takes the locks of one Hold in an order that is
// the same in every process (such as that of its lock keys), that of the
// rules before all streams; so no two holds ever wait for each other. Two
// streams may share a lock.
//
// Trust. The locks keep guards over several streams true. That nothing is
// recorded twice, and that a stream has no gap, never rests on them: the
// store's expected revisions see to that (see RecorderConfig.Locks for what
// lost locks mean).
//
// All methods are safe for concurrent use.
type Locks interface {
	// Hold waits until nobody else holds one of the streams, and holds them
	// until Release. The names are sorted and each is there once. It fails with
	// the error of ctx, or with what keeps it from locking; then nothing is
	// held.
	//
	// rules tells that the command changes the rules. Then it waits until
	// nobody holds anything at all, and nobody else is given anything until
	// Release. Such a hold must not wait for ever behind others that keep
	// coming.
	Hold(ctx context.Context, streams []string, rules bool) (Held, error)
}

// Held is what a Hold gave. It belongs to one goroutine.
type Held interface {
	// Rules counts the holds with rules, the present one included. Who sees
	// another number than at the hold before reads the rules again. The number
	// has risen for good before such a hold is given out, so that it has also
	// risen where the holder was killed right after it recorded a change.
	Rules() int64

	// Check fails with ErrLocksLost when the locks are, or may be, no longer
	// held, as after the session that held them broke. It asks the place that
	// keeps the locks, each time, and answers or fails within seconds.
	Check(ctx context.Context) error

	// Release gives the locks back. changed tells that the rules were changed;
	// an implementation may wake others by it, and must not need it. After an
	// error the locks are given back all the same, if need be with the session
	// that held them. The recorder does not look at the error, since what is
	// recorded is recorded: the implementation reports it.
	Release(changed bool) error
}

// ErrLocksLost: the locks on streams are, or may be, no longer held.
var ErrLocksLost = errors.New("the locks on the streams are lost")

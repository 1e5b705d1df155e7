package embedded

import (
	"context"
	"sync/atomic"

	"github.com/probity-ledger/probity/ledger"
)

// The life of a request: it waits until either the writer takes it or its
// caller withdraws it; whoever changes the state first has it.
const (
	waiting int32 = iota
	taken
	withdrawn
)

// request is one append on its way to the writer. Until the request is taken
// its caller owns it, from then until answered is closed the writer does.
type request struct {
	stream   string
	expected ledger.Revision
	entries  []ledger.Entry
	bytes    int

	state    atomic.Int32
	answered chan struct{}
	result   ledger.Appended
	err      error
}

func (r *request) answer(err error) {
	if err != nil {
		r.result, r.err = ledger.Appended{}, err
	}
	close(r.answered)
}

func (r *request) outcome() (ledger.Appended, error) {
	<-r.answered
	return r.result, r.err
}

// Append records entries at the end of stream; see [ledger.Store]. A context
// that ends after the writer has taken the append is not heeded any more.
func (s *Store) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if err := s.accept(ctx, stream, expected, entries); err != nil {
		return ledger.Appended{}, err
	}
	r := &request{stream: stream, expected: expected, entries: entries, answered: make(chan struct{})}
	for i := range entries {
		r.bytes += len(entries[i].Envelope)
	}
	select {
	case s.queue <- r:
	case <-ctx.Done():
		return ledger.Appended{}, ctx.Err()
	case <-s.closing:
		return ledger.Appended{}, ledger.ErrClosed
	}
	var gaveUp error
	select {
	case <-r.answered:
		return r.result, r.err
	case <-ctx.Done():
		gaveUp = ctx.Err()
	case <-s.written:
		gaveUp = ledger.ErrClosed
	}
	if r.state.CompareAndSwap(waiting, withdrawn) {
		return ledger.Appended{}, gaveUp
	}
	return r.outcome()
}

func (s *Store) accept(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) error {
	switch {
	case s.closed():
		return ledger.ErrClosed
	case s.lock == nil:
		return ledger.ErrReadOnly
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return ledger.CheckAppend(stream, expected, entries)
}

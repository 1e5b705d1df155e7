package ledgertest

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/probity-ledger/probity/ledger"
)

// broken is a store in memory that does something wrong now and then.
type broken struct {
	ledger.Store
	n       atomic.Int64
	append  func(b *broken, nth int64, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error)
	readAll func(b *broken, nth int64) []ledger.Stored

	mu  sync.Mutex
	old []ledger.Stored
}

func (b *broken) honest(stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	return b.Store.Append(context.Background(), stream, expected, entries)
}

// Append implements [ledger.Store].
func (b *broken) Append(_ context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if b.append == nil {
		return b.honest(stream, expected, entries)
	}
	return b.append(b, b.n.Add(1), stream, expected, entries)
}

// ReadAll implements [ledger.Store].
func (b *broken) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	if b.readAll == nil {
		return b.Store.ReadAll(ctx, after)
	}
	return func(yield func(ledger.Stored, error) bool) {
		for _, e := range b.readAll(b, b.n.Add(1)) {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Each wrong that a store could do is seen in a history of its calls.
func TestAHistoryShowsWhatIsWrong(t *testing.T) {
	tests := []struct {
		name  string
		store broken
		sound bool
	}{
		{"nothing", broken{}, true},
		{"outcomes that are unknown, some recorded and some not", broken{
			append: func(b *broken, nth int64, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
				if nth%7 == 0 {
					return ledger.Appended{}, ledger.ErrUnknownOutcome
				}
				done, err := b.honest(stream, expected, entries)
				if nth%5 == 0 {
					return ledger.Appended{}, ledger.ErrUnknownOutcome
				}
				return done, err
			}}, true},
		{"an append is acknowledged and not recorded", broken{
			append: func(b *broken, nth int64, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
				if nth%10 == 0 {
					return ledger.Appended{Revision: expected + ledger.Revision(len(entries)), Position: ledger.Position(1000 * nth)}, nil
				}
				return b.honest(stream, expected, entries)
			}}, false},
		{"an append is recorded and said to have done nothing", broken{
			append: func(b *broken, nth int64, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
				done, err := b.honest(stream, expected, entries)
				if nth%10 == 0 && err == nil {
					return ledger.Appended{}, errors.New("nothing was done")
				}
				return done, err
			}}, false},
		{"a repeat is recorded twice, at the present revision", broken{
			append: func(b *broken, nth int64, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
				done, err := b.honest(stream, expected, entries)
				if nth%5 == 0 && err == nil {
					return b.honest(stream, done.Revision, entries)
				}
				return done, err
			}}, false},
		{"a read of everything is old", broken{
			readAll: func(b *broken, nth int64) []ledger.Stored {
				b.mu.Lock()
				defer b.mu.Unlock()
				if nth%3 == 0 {
					return b.old
				}
				b.old, _ = collect(b.Store.ReadAll(context.Background(), ledger.Start))
				return b.old
			}}, false},
		{"a read of everything leaves out the last event", broken{
			readAll: func(b *broken, _ int64) []ledger.Stored {
				events, _ := collect(b.Store.ReadAll(context.Background(), ledger.Start))
				return events[:max(len(events)-1, 0)]
			}}, false},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			tt.store.Store = NewMemory()
			defer tt.store.Close()
			if err := proveOrder(t, &tt.store, 25, func() {}); (err == nil) != tt.sound {
				t.Errorf("the history was judged so: %v", err)
			}
		})
	}
}

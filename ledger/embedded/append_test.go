package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"github.com/probity-ledger/probity/ledger"
)

// unserved is a store without a writer, so that a test decides itself what
// becomes of a request and when.
func unserved() *Store {
	return &Store{
		lock:    new(os.File),
		queue:   make(chan *request, 1),
		closing: make(chan struct{}),
		written: make(chan struct{}),
	}
}

type outcome struct {
	done ledger.Appended
	err  error
}

func appendTo(ctx context.Context, s *Store) <-chan outcome {
	out := make(chan outcome, 1)
	go func() {
		done, err := s.Append(ctx, "a", ledger.NoStream, entries(1))
		out <- outcome{done, err}
	}()
	return out
}

func TestAWaitingAppendIsWithdrawnWithItsContext(t *testing.T) {
	s := unserved()
	ctx, cancel := context.WithCancel(t.Context())
	out := appendTo(ctx, s)
	r := <-s.queue
	cancel()
	if got := <-out; !errors.Is(got.err, context.Canceled) {
		t.Fatalf("got %+v", got)
	}
	w := &writer{store: s}
	if events, _ := w.take(r); events != 0 || len(w.group) != 0 {
		t.Fatal("the writer took an append that its caller had withdrawn")
	}
}

func TestATakenAppendGivesItsTrueOutcomeWhateverItsContext(t *testing.T) {
	s := unserved()
	ctx, cancel := context.WithCancel(t.Context())
	out := appendTo(ctx, s)
	r := <-s.queue
	w := &writer{store: s}
	if events, _ := w.take(r); events != 1 {
		t.Fatal("the writer could not take a waiting append")
	}
	cancel()
	r.result = ledger.Appended{Revision: 0, Position: 7}
	r.answer(nil)
	if got := <-out; got.err != nil || got.done.Position != 7 {
		t.Fatalf("got %+v", got)
	}
}

func TestAnAppendFailsWithItsContextWhenTheQueueIsFull(t *testing.T) {
	s := unserved()
	s.queue <- &request{}
	ctx, cancel := context.WithCancel(t.Context())
	out := appendTo(ctx, s)
	cancel()
	if got := <-out; !errors.Is(got.err, context.Canceled) {
		t.Fatalf("got %+v", got)
	}
}

func TestAnAppendTheWriterNeverTookFailsWithErrClosed(t *testing.T) {
	s := unserved()
	out := appendTo(t.Context(), s)
	<-s.queue
	close(s.written)
	if got := <-out; !errors.Is(got.err, ledger.ErrClosed) {
		t.Fatalf("got %+v", got)
	}
}

func TestHeadsAreReadAgainOnceForgotten(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	// The writer touches its heads only once an append has reached it.
	s.writer.heads.Resize(8)
	const streams = 100
	for round := range ledger.Revision(2) {
		for i := range streams {
			if _, err := s.Append(t.Context(), fmt.Sprintf("s-%d", i), round-1, entries(1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n, err := count(s, ledger.Start); n != 2*streams || err != nil {
		t.Fatalf("%d events are recorded, want %d, %v", n, 2*streams, err)
	}
}

func TestStoreErrorSpeaksTheWordsOfTheContract(t *testing.T) {
	for _, c := range []struct {
		err  error
		want error
	}{
		{sqlite3.FULL, ledger.ErrFull},
		{sqlite3.READONLY, ledger.ErrReadOnly},
		{sqlite3.READONLY_DIRECTORY, ledger.ErrReadOnly},
		{sqlite3.CANTOPEN, ledger.ErrReadOnly},
		{sqlite3.PERM, ledger.ErrReadOnly},
		{sqlite3.BUSY, ledger.ErrLocked},
		{sqlite3.BUSY_SNAPSHOT, ledger.ErrLocked},
		{sqlite3.LOCKED, ledger.ErrLocked},
	} {
		t.Run(c.err.Error(), func(t *testing.T) {
			err := storeError("append", c.err)
			if !errors.Is(err, c.want) || !errors.Is(err, c.err) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
		})
	}
	for _, damage := range []error{sqlite3.CORRUPT, sqlite3.CORRUPT_INDEX, sqlite3.NOTADB} {
		var integrity *ledger.IntegrityError
		if err := storeError("append", damage); !errors.As(err, &integrity) {
			t.Errorf("%v gave %v, want an IntegrityError", damage, err)
		}
	}
	if err := storeError("append", nil); err != nil {
		t.Errorf("no error became %v", err)
	}
	if err := storeError("append", sqlite3.IOERR_READ); errors.Is(err, ledger.ErrFull) || !errors.Is(err, sqlite3.IOERR_READ) {
		t.Errorf("a failed read became %v", err)
	}
}

package ledger_test

import (
	"context"
	"iter"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// replicas are several processes over one ledger of guards and rules: each
// with its own recorder, cache, rulebooks and way to the store.
type replicas struct {
	*lampBench
	place *ledgertest.Locks
}

// replica is one of them.
type replica struct {
	*ledger.Recorder
	locks    *ledgertest.Process
	counting *countingLocks
	store    *watched
	house    *parliament
	rereads  int
}

func newReplicas(t testing.TB) *replicas {
	b := &replicas{lampBench: newLampBench(t), place: ledgertest.NewLocks()}
	b.codec = ledger.NewCodec(domain.NewCatalog(guards, lamps,
		domain.NewAggregate("statute", "法", []domain.EventOf[statute]{enacted{}}, []domain.CommandOf[statute]{enacted{}}),
		domain.NewAggregate("ruled", "案", []domain.EventOf[ruled]{judged{}}, []domain.CommandOf[ruled]{judge{}}),
	), "probity.test/replicas")
	return b
}

func (b *replicas) start(t testing.TB, change ...func(*ledger.RecorderConfig)) *replica {
	r := &replica{locks: b.place.Process(), store: &watched{Store: b.memory}, house: &parliament{now: "0"}}
	r.counting = &countingLocks{Locks: r.locks}
	rules := r.house.rulemaking()
	read := func(ctx context.Context) error {
		r.house.mu.Lock()
		defer r.house.mu.Unlock()
		for s, err := range b.memory.ReadStream(ctx, "statute-S", 0) {
			if err != nil {
				return err
			}
			d, err := b.codec.Decode(s)
			if err != nil {
				return err
			}
			r.house.now = d.Event.(enacted).Version
		}
		return nil
	}
	rules.Reread = func(ctx context.Context) error { r.rereads++; return read(ctx) }
	rules.Enacted = func([]domain.Recorded) { // told of old ones as well, when they are repeated
		if err := read(context.Background()); err != nil {
			t.Error(err)
		}
	}
	r.Recorder = b.newRecorder(append([]func(*ledger.RecorderConfig){func(cfg *ledger.RecorderConfig) {
		cfg.Store, cfg.Locks, cfg.Book, cfg.Rulemaking = r.store, r.counting, r.house, rules
	}}, change...)...)
	return r
}

// countingLocks notes what was held.
type countingLocks struct {
	ledger.Locks
	mu    sync.Mutex
	held  [][]string
	first func() // called at the first hold, when set
}

func (c *countingLocks) Hold(ctx context.Context, streams []string, rules bool) (ledger.Held, error) {
	c.mu.Lock()
	c.held = append(c.held, streams)
	if len(c.held) == 1 && c.first != nil {
		c.first()
	}
	c.mu.Unlock()
	return c.Locks.Hold(ctx, streams, rules)
}

// watched notes what is read of streams, and fails appends to order.
type watched struct {
	ledger.Store
	mu     sync.Mutex
	reads  []string // stream and revision
	events int
	append func(do func() (ledger.Appended, error)) (ledger.Appended, error)
}

func (w *watched) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		w.mu.Lock()
		w.reads = append(w.reads, stream)
		w.mu.Unlock()
		for s, err := range w.Store.ReadStream(ctx, stream, from) {
			w.mu.Lock()
			w.events++
			w.mu.Unlock()
			if !yield(s, err) {
				return
			}
		}
	}
}

func (w *watched) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	do := func() (ledger.Appended, error) { return w.Store.Append(ctx, stream, expected, entries) }
	if w.append != nil {
		return w.append(do)
	}
	return do()
}

func (r *replica) must(t testing.TB, in domain.Instruction) ledger.Receipt {
	t.Helper()
	receipt, err := r.Record(t.Context(), in)
	if err != nil {
		t.Fatalf("%s: %v", in.ID, err)
	}
	return receipt
}

func (r *replica) refused(t testing.TB, in domain.Instruction, code domain.Code) {
	t.Helper()
	if _, err := r.Record(t.Context(), in); domain.RefusalCode(err) != code {
		t.Errorf("%s: got %v, want the refusal %s", in.ID, err, code)
	}
}

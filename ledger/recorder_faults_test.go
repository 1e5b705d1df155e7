package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
)

func TestRecordedTimesOfAStreamNeverRunBackwards(t *testing.T) {
	b := newLampBench(t)
	warm := b.newRecorder()
	for i := range 3 {
		for _, r := range []*ledger.Recorder{warm, b.newRecorder()} {
			if _, err := r.Record(t.Context(), onLamp(fmt.Sprintf("%d-%t", i, r == warm), light{"li", 1})); err != nil {
				t.Fatal(err)
			}
			b.clock.move(-time.Second)
		}
	}
	for _, d := range b.events(t) {
		if !d.Act.RecordedAt.Equal(domaintest.Now) {
			t.Errorf("revision %d recorded at %s, want the time of the first", d.Revision, d.Act.RecordedAt)
		}
	}
	b.clock.set(domaintest.Now.Add(time.Minute))
	if _, err := warm.Record(t.Context(), onLamp("later", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	if got := b.events(t)[6].Act.RecordedAt; !got.Equal(b.clock.Now()) {
		t.Errorf("a clock that caught up is not followed: %s", got)
	}
}

func TestAnEffectIsNotLostToAClockSetBack(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) {
		cfg.Reactions = []domain.Reaction{{Name: "next", On: "lamp.lit.v1", Then: func(e domain.Recorded) []domain.Instruction {
			if e.Act.Subject != "L1" {
				return nil
			}
			b.clock.move(-time.Minute)
			return []domain.Instruction{{Command: light{"next", 1}, Act: domain.Act{Subject: "L2"}}}
		}}}
		cfg.ReactionRefused = func(_ domain.Recorded, _ domain.Instruction, err error) { t.Errorf("reaction refused: %v", err) }
	})
	if _, err := r.Record(t.Context(), onLamp("1", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	events := b.events(t)
	if len(events) != 2 || events[1].Act.RecordedAt.Before(events[0].Act.RecordedAt) {
		t.Fatalf("events %+v, want the effect recorded no earlier than its cause", events)
	}
}

// A mistake in a room must cost one command, not the stream or what is
// decided on it afterwards.
func TestAPanicInARoomLeavesTheStreamUsable(t *testing.T) {
	for _, fault := range []string{"a fault in decide", "a fault in apply"} {
		t.Run(fault, func(t *testing.T) {
			b := newLampBench(t)
			r := b.newRecorder()
			if _, err := r.Record(t.Context(), onLamp("1", light{"li", 600})); !errors.Is(err, ledger.ErrTooLarge) {
				t.Fatalf("600 events at once: got %v", err)
			}
			for i := range 3 {
				if _, err := r.Record(t.Context(), onLamp(fmt.Sprint("good", i), light{"li", 200})); err != nil {
					t.Fatal(err)
				}
			}
			func() {
				defer func() {
					if recover() == nil {
						t.Error("the panic was swallowed")
					}
				}()
				r.Record(t.Context(), onLamp("bad", light{fault, 1}))
			}()
			if fault == "a fault in apply" {
				return // what is recorded cannot be folded; the lock is the matter of the next test
			}
			if _, err := r.Record(t.Context(), onLamp("last", light{"li", 250})); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Record(t.Context(), onLamp("over", light{"li", 250})); domain.RefusalCode(err) != domain.CodeState {
				t.Fatalf("the lamp should be worn out, got %v", err)
			}
			if n := len(b.events(t)); n != 850 {
				t.Errorf("%d events, want 850", n)
			}
		})
	}
}

func TestAFailedFoldHoldsNoLockAndIsNotBuiltUpon(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder()
	try := func(id, by string) (panicked any) {
		defer func() { panicked = recover() }()
		if _, err := r.Record(t.Context(), onLamp(id, light{by, 1})); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		return nil
	}
	if try("bad", "a fault in apply") == nil || try("good", "li") == nil {
		t.Error("an event that cannot be folded was folded")
	}
	if n := len(b.events(t)); n != 1 {
		t.Errorf("%d events, want only the one recorded before the fold failed", n)
	}
}

// faulty is a store that fails where it is told to.
type faulty struct {
	ledger.Store
	append  func() error
	read    func(n int) error // before the n-th event of a stream
	readAll func(n int)       // before the n-th event of all
}

func (f *faulty) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	if f.append != nil {
		if err := f.append(); err != nil {
			return ledger.Appended{}, err
		}
	}
	return f.Store.Append(ctx, stream, expected, entries)
}

func (f *faulty) ReadStream(ctx context.Context, stream string, from ledger.Revision) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		n := 0
		for s, err := range f.Store.ReadStream(ctx, stream, from) {
			if f.read != nil && err == nil {
				if err = f.read(n); err != nil {
					s = ledger.Stored{}
				}
			}
			n++
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func (f *faulty) ReadAll(ctx context.Context, after ledger.Position) iter.Seq2[ledger.Stored, error] {
	return func(yield func(ledger.Stored, error) bool) {
		n := 0
		for s, err := range f.Store.ReadAll(ctx, after) {
			if f.readAll != nil {
				f.readAll(n)
			}
			n++
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func TestAFailureHalfwayThroughLoadingIsForgotten(t *testing.T) {
	b := newLampBench(t)
	if _, err := b.newRecorder().Record(t.Context(), onLamp("1", light{"li", 200})); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the disk made a noise")
	store := &faulty{Store: b.memory, read: func(n int) error {
		if n == 100 {
			return broken
		}
		return nil
	}}
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Store = store })
	if _, err := r.Record(t.Context(), onLamp("2", light{"li", 1})); !errors.Is(err, broken) {
		t.Fatalf("got %v, want the store's own error", err)
	}
	store.read = nil
	if _, err := r.Record(t.Context(), onLamp("2", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	if n := len(b.events(t)); n != 201 {
		t.Errorf("%d events, want 201", n)
	}
}

func TestAnOutcomeThatStaysUnknownIsSaidAndTheRepeatFindsOut(t *testing.T) {
	b := newLampBench(t)
	tries := 0
	store := &faulty{Store: b.memory, append: func() error { tries++; return ledger.ErrUnknownOutcome }}
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Store = store })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Record(ctx, onLamp("1", light{"li", 1})); err == nil {
		t.Fatal("a cancelled command was recorded")
	}
	tries = 0
	if _, err := r.Record(t.Context(), onLamp("1", light{"li", 1})); !errors.Is(err, ledger.ErrUnknownOutcome) || tries < 2 {
		t.Fatalf("got %v after %d tries, want the unknown outcome after several", err, tries)
	}
	store.append = nil
	// It was recorded after all, by the append given up.
	if _, err := b.newRecorder().Record(t.Context(), onLamp("1", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	receipt, err := r.Record(t.Context(), onLamp("1", light{"li", 1}))
	if err != nil || !receipt.Repeated {
		t.Errorf("got %+v, %v; want the first result", receipt, err)
	}
	if n := len(b.events(t)); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

// The first append may have been recorded, so what a repeat of it fails with
// does not settle the outcome, unless somebody else has the revision.
func TestAnUnknownOutcomeIsNotHiddenByTheErrorOfARepeat(t *testing.T) {
	for _, c := range []struct {
		then    error
		unknown bool
	}{{ledger.ErrFull, true}, {ledger.ErrClosed, true}, {&ledger.IntegrityError{What: "a foreign event"}, true}, {ledger.ErrWrongRevision, false}} {
		b := newLampBench(t)
		tries := 0
		store := &faulty{Store: b.memory, append: func() error {
			if tries++; tries == 1 {
				return ledger.ErrUnknownOutcome
			}
			return c.then
		}}
		r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Store = store })
		_, err := r.Record(t.Context(), onLamp("1", light{"li", 1}))
		if c.unknown && (!errors.Is(err, ledger.ErrUnknownOutcome) || !errors.Is(err, c.then)) {
			t.Errorf("then %v: got %v, want both", c.then, err)
		}
		if !c.unknown && errors.Is(err, ledger.ErrUnknownOutcome) {
			t.Errorf("then %v: got %v", c.then, err)
		}
	}
}

func TestReactionsThatFollowEachOtherWithoutEndAreStopped(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) {
		cfg.Reactions = []domain.Reaction{{Name: "again", On: "lamp.lit.v1", Then: func(e domain.Recorded) []domain.Instruction {
			return []domain.Instruction{{Command: light{"again", 1}, Act: domain.Act{Subject: e.Act.Subject}}}
		}}}
	})
	for range 2 {
		receipt, err := r.Record(t.Context(), onLamp("1", light{"li", 1}))
		if err == nil || domain.RefusalCode(err) != "" || len(receipt.Events) != 1 {
			t.Fatalf("got %+v, %v; want an internal error and the receipt of the cause", receipt, err)
		}
	}
	if n := len(b.events(t)); n != 17 {
		t.Errorf("%d events, want the cause and 16 effects", n)
	}
}

func TestTheCacheMayBeTooSmallForAnything(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.CachedEvents = 1 })
	for i := range 50 {
		in := onLamp(fmt.Sprint(i), light{"li", 1})
		in.Act.Subject = fmt.Sprintf("L%d", i%5)
		if _, err := r.Record(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.events(t)); n != 50 {
		t.Errorf("%d events, want 50", n)
	}
}

package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/ledger"
)

// gate is a store whose appends wait for a sign.
type gate struct {
	*shelf
	open chan struct{}
	fail error
}

func (g *gate) Append(ctx context.Context, stream string, expected ledger.Revision, entries []ledger.Entry) (ledger.Appended, error) {
	<-g.open
	if g.fail != nil && stream == "reward-R1-x" {
		return ledger.Appended{}, g.fail
	}
	return g.shelf.Append(ctx, stream, expected, entries)
}

func TestSettleWaitsForWhatIsUnderWayAndForNothingElse(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	g := &gate{shelf: b.store, open: make(chan struct{})}
	r := b.newRecorder(g)
	if err := r.Settle(t.Context()); err != nil {
		t.Fatalf("with nothing under way: %v", err)
	}
	var recording sync.WaitGroup
	recording.Go(func() { r.Record(t.Context(), nominate("R1", 0)) })
	waitUntil(t, func() bool { // the recording has begun once Settle waits for it
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		return errors.Is(r.Settle(ctx), context.DeadlineExceeded)
	})
	settled := make(chan error, 1)
	go func() { settled <- r.Settle(t.Context()) }()
	select {
	case err := <-settled:
		t.Fatalf("settled while an instruction is under way: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(g.open)
	if err := <-settled; err != nil {
		t.Fatal(err)
	}
	recording.Wait()
}

func waitUntil(t *testing.T, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it never came to that")
}

func TestSettleSaysWhenAChainWasCutShort(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	g := &gate{shelf: b.store, open: make(chan struct{}), fail: ledger.ErrFull}
	close(g.open)
	book := domain.CN2024()
	book.Authority = map[domain.CommandName][]domain.Role{"reward.import": {domain.RoleSystem}}
	r := ledger.NewRecorder(ledger.RecorderConfig{
		Store: g, Signer: b.signer, Codec: b.codec, Book: book, Now: domaintestNow, Reactions: []domain.Reaction{shadow},
	})
	if _, err := r.Record(t.Context(), nominate("R1", 0)); !errors.Is(err, ledger.ErrFull) {
		t.Fatalf("got %v, want the reaction's failure", err)
	}
	if err := r.Settle(t.Context()); !errors.Is(err, ledger.ErrUnsettled) {
		t.Fatalf("got %v, want ErrUnsettled", err)
	}
	// A later start makes up for it, and says how far it came.
	g.fail = nil
	again := ledger.NewRecorder(ledger.RecorderConfig{
		Store: g, Signer: b.signer, Codec: b.codec, Book: book, Now: domaintestNow, Reactions: []domain.Reaction{shadow},
	})
	var upTo ledger.Position
	if err := again.CatchUp(t.Context(), ledger.Start, func(p ledger.Position) error { upTo = p; return nil }); err != nil {
		t.Fatal(err)
	}
	if upTo < 1 || len(b.store.events) != 2 {
		t.Fatalf("caught up to %s with %d events, want the cause and its effect", upTo, len(b.store.events))
	}
	if err := again.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestARefusalLeavesNothingUnsettled(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	if _, err := b.recorder.Record(t.Context(), verifyMerit("R1", 0)); domain.RefusalCode(err) == "" {
		t.Fatalf("got %v, want a refusal", err)
	}
	if err := b.recorder.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSettleUnderLoad(t *testing.T) {
	b := newBench(t, ledger.Ed25519)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil && i < 500; i++ {
				b.recorder.Record(t.Context(), nominate(fmt.Sprintf("R%d-%d", w, i), 0))
			}
		})
	}
	for range 20 {
		if err := b.recorder.Settle(t.Context()); err != nil {
			t.Error(err)
		}
	}
	stop()
	wg.Wait()
}

// importShadow is what the reaction shadow does.
var importShadow = reward.Import{Officer: "P7", Honour: "shadow"}

// shadow follows every nomination.
var shadow = domain.Reaction{
	Name: "shadow", On: "reward.nominated.v1",
	Then: func(r domain.Recorded) []domain.Instruction {
		return []domain.Instruction{{Command: importShadow, Act: domain.Act{Subject: r.Act.Subject + "-x"}}}
	},
}

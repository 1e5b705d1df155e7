package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/ledger"
)

func TestWhatIsTriedIsDecidedAndNotRecorded(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder()
	tried, err := r.Try(t.Context(), onLamp("1", light{"li", 2}))
	if err != nil || len(tried.Ticket) > 0 {
		t.Fatalf("%+v, %v", tried, err)
	}
	if n := len(b.events(t)); n != 0 {
		t.Fatalf("%d events were recorded", n)
	}
	receipt, err := r.Record(t.Context(), onLamp("1", light{"li", 2}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(receipt, ledger.Receipt{Stream: tried.Stream, Events: tried.Events, Kinds: tried.Kinds, Revision: 1, Position: 2, Settled: 2}); diff != "" {
		t.Errorf("-recorded +tried:\n%s", diff)
	}
	if tried, err = r.Try(t.Context(), onLamp("1", light{"li", 2})); err != nil || tried.Recorded == nil || !tried.Recorded.Repeated {
		t.Errorf("once it is on file: %+v, %v", tried, err)
	}
	if _, err := r.Try(t.Context(), onLamp("2", light{"li", 1001})); domain.RefusalCode(err) != domain.CodeState {
		t.Errorf("what is refused: %v", err)
	}
}

// A stream that must not be told of answers like one that is not there,
// whatever lies in it and by whatever id it is asked.
func TestWhatIsTriedOnABlankStreamTellsNothingOfIt(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder()
	ask := func(in domain.Instruction) string {
		p, err := r.TryBlank(t.Context(), in)
		if err != nil {
			return err.Error()
		}
		return cmp.Diff(ledger.Prepared{}, ledger.Prepared{Kinds: p.Kinds, Expected: p.Expected, Recorded: p.Recorded})
	}
	all := []domain.Instruction{onLamp("1", douse{"li"}), onLamp("1", light{"li", 1}), onLamp("2", light{"li", 1001}), onLamp("", light{"li", 1})}
	var before []string
	for _, in := range all {
		before = append(before, ask(in))
	}
	if _, err := r.Record(t.Context(), onLamp("1", light{"li", 3})); err != nil {
		t.Fatal(err)
	}
	for i, in := range all {
		if diff := cmp.Diff(before[i], ask(in)); diff != "" {
			t.Errorf("%+v (-blank +recorded on):\n%s", in, diff)
		}
	}
	if _, err := r.Record(t.Context(), onLamp("2", douse{"li"})); err != nil {
		t.Errorf("the state was lost by it: %v", err)
	}
}

func TestAReceiptNamesWhatFollowed(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) {
		cfg.Reactions = []domain.Reaction{{Name: "next", On: "lamp.lit.v1", Then: func(e domain.Recorded) []domain.Instruction {
			if e.Act.Subject == "L1" {
				return []domain.Instruction{{Command: light{"li", 1}, Act: domain.Act{Subject: "L2"}}}
			}
			if e.Act.Subject == "L2" {
				return []domain.Instruction{{Command: light{"li", 1}, Act: domain.Act{Subject: "L3"}}}
			}
			return nil
		}}}
	})
	receipt, err := r.Record(t.Context(), onLamp("1", light{"li", 2}))
	if err != nil {
		t.Fatal(err)
	}
	var want []domain.EventID
	for _, e := range b.events(t) {
		if e.Stream != receipt.Stream {
			want = append(want, e.ID)
		}
	}
	if diff := cmp.Diff(want, receipt.Followed); diff != "" || len(want) != 4 || receipt.Settled != 6 || receipt.Position != 2 {
		t.Errorf("position %s, settled %s, followed (-recorded +told):\n%s", receipt.Position, receipt.Settled, diff)
	}
	again, err := r.Record(t.Context(), onLamp("1", light{"li", 2}))
	receipt.Repeated = true
	if diff := cmp.Diff(receipt, again); diff != "" || err != nil {
		t.Errorf("repeated (-first +again): %v\n%s", err, diff)
	}
}

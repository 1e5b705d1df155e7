package ledger_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
)

// What a recorder believes to be recorded must be what is recorded: another
// process, or an own append given up too early, may have recorded the same
// instruction with other bytes.
func TestAnInstructionRecordedByAnotherProcessMeanwhileLeavesTheChainWhole(t *testing.T) {
	b := newLampBench(t)
	here, there := b.newRecorder(), b.newRecorder()
	record := func(r *ledger.Recorder, in domain.Instruction) ledger.Receipt {
		t.Helper()
		receipt, err := r.Record(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		b.clock.move(time.Second)
		return receipt
	}
	record(here, onLamp("1", light{"li", 1}))
	first := record(there, onLamp("2", light{"li", 2}))
	again := record(here, onLamp("2", light{"li", 2}))
	record(here, onLamp("3", light{"li", 1}))
	if diff := cmp.Diff(first.Events, again.Events); diff != "" {
		t.Errorf("the repeat names other events (-first +again):\n%s", diff)
	}
	if n := len(b.events(t)); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
}

func TestARepeatedInstructionOfSeveralEventsNamesThemAll(t *testing.T) {
	b := newLampBench(t)
	r := b.newRecorder()
	if _, err := r.Record(t.Context(), onLamp("before", light{"wu", 1})); err != nil {
		t.Fatal(err)
	}
	first, err := r.Record(t.Context(), onLamp("three", light{"li", 3}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Record(t.Context(), onLamp("after", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	b.clock.move(time.Hour)
	for _, r := range []*ledger.Recorder{r, b.newRecorder()} {
		again, err := r.Record(t.Context(), onLamp("three", light{"li", 3}))
		if err != nil {
			t.Fatal(err)
		}
		want := first
		want.Repeated = true
		if diff := cmp.Diff(want, again); diff != "" {
			t.Errorf("repeat (-want +got):\n%s", diff)
		}
	}
	if n := len(b.events(t)); n != 5 {
		t.Errorf("%d events, want 5", n)
	}
}

func TestAnIDUsedForAnotherInstructionIsRefused(t *testing.T) {
	first := onLamp("1", light{"li", 2})
	with := func(change func(in *domain.Instruction)) domain.Instruction {
		in := first
		change(&in)
		return in
	}
	cases := map[string]struct {
		in   domain.Instruction
		same bool
	}{
		"the same":              {first, true},
		"the same, dated":       {with(func(in *domain.Instruction) { in.Act.OccurredAt = domaintest.Now }), true},
		"dated otherwise":       {with(func(in *domain.Instruction) { in.Act.OccurredAt = domaintest.On("2024-01-01") }), false},
		"by another person":     {with(func(in *domain.Instruction) { in.Act.Actor = "hr-wu" }), false},
		"in another role":       {with(func(in *domain.Instruction) { in.Act.Role = domain.RoleLeader }), false},
		"another command":       {with(func(in *domain.Instruction) { in.Command = douse{"li"} }), false},
		"with other matter":     {with(func(in *domain.Instruction) { in.Command = light{"wu", 2} }), false},
		"with fewer events":     {with(func(in *domain.Instruction) { in.Command = light{"li", 1} }), false},
		"with more events":      {with(func(in *domain.Instruction) { in.Command = light{"li", 3} }), false},
		"with matter now amiss": {with(func(in *domain.Instruction) { in.Command = light{"li", 2000} }), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := newLampBench(t)
			r := b.newRecorder()
			for _, in := range []domain.Instruction{first, onLamp("2", light{"li", 200})} {
				if _, err := r.Record(t.Context(), in); err != nil {
					t.Fatal(err)
				}
			}
			b.clock.move(time.Minute)
			receipt, err := r.Record(t.Context(), c.in)
			if c.same {
				if err != nil || !receipt.Repeated || len(receipt.Events) != 2 {
					t.Fatalf("got %+v, %v; want the first result", receipt, err)
				}
			} else if refusal, ok := errors.AsType[*domain.Refusal](err); !ok || refusal.Field != "id" {
				t.Fatalf("got %+v, %v; want the id refused", receipt, err)
			}
			if n := len(b.events(t)); n != 202 {
				t.Errorf("%d events, want 202", n)
			}
		})
	}
}

func TestOfImportsTellingTheSameTheFirstIsKept(t *testing.T) {
	b := newLampBench(t)
	book := domain.CN2024()
	book.Authority = map[domain.CommandName][]domain.Role{"lamp.light": {domain.RoleImporter, domain.RoleHR}}
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Book = book })
	imported := func(source, hand string) domain.Instruction {
		in := onLamp("row", light{hand, 1})
		in.Act.Role, in.Act.Source = domain.RoleImporter, "sha256:"+strings.Repeat(source, 64)
		return in
	}
	first, err := r.Record(t.Context(), imported("1", "li"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.Record(t.Context(), imported("2", "wu"))
	if err != nil || !again.Repeated || again.Events[0] != first.Events[0] {
		t.Errorf("got %+v, %v; want the first result", again, err)
	}
	if _, err := r.Record(t.Context(), onLamp("row", light{"li", 1})); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("a person's instruction with the id of an import: got %v, want a refusal", err)
	}
}

func TestUnderAnotherRulebookOnlyTheActOfARepeatIsCompared(t *testing.T) {
	b := newLampBench(t)
	if _, err := b.newRecorder().Record(t.Context(), onLamp("1", light{"li", 1})); err != nil {
		t.Fatal(err)
	}
	later := domain.CN2024()
	later.ID, later.Authority = "cn-2025", map[domain.CommandName][]domain.Role{"lamp.light": {domain.RoleLeader}}
	r := b.newRecorder(func(cfg *ledger.RecorderConfig) { cfg.Book = later })
	receipt, err := r.Record(t.Context(), onLamp("1", light{"li", 1}))
	if err != nil || !receipt.Repeated {
		t.Errorf("got %+v, %v; want the first result", receipt, err)
	}
	other := onLamp("1", light{"li", 1})
	other.Act.Actor = "hr-wu"
	if _, err := r.Record(t.Context(), other); domain.RefusalCode(err) != domain.CodeInvalid {
		t.Errorf("by another person: got %v, want a refusal", err)
	}
}

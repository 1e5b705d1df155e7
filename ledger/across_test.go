package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/key"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// What one replica has in memory is never what decides once another has
// recorded: neither a yes nor a no.
func TestReplicasDecideOnWhatTheOthersRecorded(t *testing.T) {
	b := newReplicas(t)
	one, two := b.start(t), b.start(t)
	one.must(t, by("1", "A", leave{"B"}))
	two.refused(t, by("2", "B", leave{"A"}), domain.CodeRule)
	one.must(t, by("3", "A", comeBack{"B"}))
	two.must(t, by("4", "B", leave{"A"}))
	one.refused(t, by("5", "A", leave{"B"}), domain.CodeRule) // B was here when it last looked
	two.must(t, by("6", "B", comeBack{"A"}))
	one.must(t, by("7", "A", leave{"B"}))
	two.refused(t, by("8", "A", leave{"B"}), domain.CodeState)
	b.events(t)
}

// Holding and looking again is cheap: one hold for all that is known to be
// needed, one read for each stream, and of each only what is new.
func TestAHoldCostsOneReadOfEachTail(t *testing.T) {
	b := newReplicas(t)
	one, two := b.start(t), b.start(t)
	for i, r := range []*replica{one, two, one, two} {
		r.must(t, by(fmt.Sprint("out", i), "A", leave{"B"}))
		r.must(t, by(fmt.Sprint("in", i), "A", comeBack{"B"}))
	}
	one.counting.held, one.store.reads, one.store.events = nil, nil, 0
	one.must(t, by("last", "A", leave{"B"}))
	if diff := cmp.Diff([][]string{{"guard-A", "guard-B"}}, one.counting.held); diff != "" {
		t.Errorf("holds (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"guard-A", "guard-B"}, one.store.reads); diff != "" || one.store.events != 2 {
		t.Errorf("%d events read, want the two of the other replica; streams (-want +got):\n%s", one.store.events, diff)
	}
}

// What is not in memory is read before other processes are kept waiting.
func TestNobodyWaitsForAFirstLook(t *testing.T) {
	b := newReplicas(t)
	one := b.start(t)
	for i := range 10 {
		one.must(t, by(fmt.Sprint("out", i), "A", leave{"B"}))
		one.must(t, by(fmt.Sprint("in", i), "A", comeBack{"B"}))
	}
	two := b.start(t)
	two.counting.first = func() {
		if diff := cmp.Diff([]string{"guard-B", "guard-A"}, two.store.reads); diff != "" || two.store.events != 20 {
			t.Errorf("%d events were read before the hold, want the 20 of A; streams (-want +got):\n%s", two.store.events, diff)
		}
	}
	two.must(t, by("last", "B", leave{"A"}))
	if diff := cmp.Diff([][]string{{"guard-A", "guard-B"}}, two.counting.held); diff != "" || two.store.events != 20 {
		t.Errorf("%d events read in all; holds (-want +got):\n%s", two.store.events, diff)
	}
}

// Who waits for another process waits no longer than they want, and nothing
// is recorded for them.
func TestWhoGivesUpWaitingForAnotherReplicaRecordsNothing(t *testing.T) {
	b := newReplicas(t)
	one := b.start(t)
	one.must(t, by("1", "A", leave{"B"}))
	other, err := b.place.Process().Hold(t.Context(), []string{"guard-A"}, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	for _, in := range []domain.Instruction{by("2", "A", comeBack{"B"}), by("3", "S", enacted{"1"})} {
		if _, err := one.Record(ctx, in); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", in.ID, err)
		}
	}
	if err := other.Release(false); err != nil {
		t.Fatal(err)
	}
	one.must(t, by("4", "A", comeBack{"B"}))
	if n := len(b.events(t)); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}

// A retry that reaches another replica returns the first result, also while
// the first is still under way.
func TestARetryAtAnotherReplicaIsTheSameInstruction(t *testing.T) {
	b := newReplicas(t)
	one, two := b.start(t), b.start(t)
	first := one.must(t, by("1", "A", leave{"B"}))
	if again := two.must(t, by("1", "A", leave{"B"})); !again.Repeated || !slices.Equal(again.Events, first.Events) || again.Position != first.Position {
		t.Errorf("%+v, want that of the first: %+v", again, first)
	}
	other := by("1", "A", leave{"B"})
	other.Act.Actor = "hr-wu"
	two.refused(t, other, domain.CodeInvalid)

	appending, goOn := make(chan struct{}), make(chan struct{})
	one.store.append = func(do func() (ledger.Appended, error)) (ledger.Appended, error) {
		close(appending)
		<-goOn
		return do()
	}
	var slow ledger.Receipt
	done := make(chan error, 1)
	go func() {
		var err error
		slow, err = one.Record(t.Context(), by("2", "A", comeBack{"B"}))
		done <- err
	}()
	<-appending
	time.AfterFunc(20*time.Millisecond, func() { close(goOn) })
	again := two.must(t, by("2", "A", comeBack{"B"}))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !again.Repeated || slow.Repeated || !slices.Equal(again.Events, slow.Events) {
		t.Errorf("the retry is %+v, the first %+v", again, slow)
	}
	if n := len(b.events(t)); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
}

// Locks lost before anything is sent cost a second decision, on what the
// others did meanwhile.
func TestLocksLostBeforeTheAppend(t *testing.T) {
	b := newReplicas(t)
	one, two := b.start(t), b.start(t)
	one.locks.Checked = func(lose func()) {
		one.locks.Checked = nil
		lose()
		two.must(t, by("2", "B", leave{"A"}))
	}
	one.refused(t, by("3", "A", leave{"B"}), domain.CodeRule)
	one.locks.Checked = func(lose func()) {
		one.locks.Checked = nil
		lose()
	}
	one.must(t, by("4", "E", leave{"F"}))
	b.events(t)

	one.locks.Checked = func(lose func()) { lose() } // for ever
	if _, err := one.Record(t.Context(), by("5", "E", comeBack{"F"})); !errors.Is(err, ledger.ErrLocksLost) || errors.Is(err, ledger.ErrUnknownOutcome) {
		t.Errorf("got %v, want that the locks are lost and nothing was recorded", err)
	}
}

// An append whose outcome is unknown is repeated in the same bytes while the
// locks are held, and not at all once they are lost: whoever repeats the
// instruction, anywhere, learns what became of it.
func TestAnUnknownOutcomeUnderLocks(t *testing.T) {
	for _, recorded := range []bool{true, false} {
		b := newReplicas(t)
		one, two := b.start(t), b.start(t)
		tries := 0
		one.store.append = func(do func() (ledger.Appended, error)) (ledger.Appended, error) {
			if tries++; tries == 1 {
				if recorded {
					if _, err := do(); err != nil {
						t.Error(err)
					}
				}
				return ledger.Appended{}, ledger.ErrUnknownOutcome
			}
			return do()
		}
		one.must(t, by("1", "A", leave{"B"}))
		if tries != 2 || len(one.counting.held) != 1 {
			t.Errorf("%d tries under %d holds, want 2 under 1", tries, len(one.counting.held))
		}

		tries = 0
		checks := 0
		one.locks.Checked = func(lose func()) {
			if checks++; checks == 2 {
				lose()
			}
		}
		_, err := one.Record(t.Context(), by("2", "A", comeBack{"B"}))
		if !errors.Is(err, ledger.ErrUnknownOutcome) || !errors.Is(err, ledger.ErrLocksLost) || tries != 1 {
			t.Fatalf("got %v after %d tries, want that the outcome is unknown after one", err, tries)
		}
		if again := two.must(t, by("2", "A", comeBack{"B"})); again.Repeated != recorded {
			t.Errorf("recorded: %t, the retry elsewhere is %+v", recorded, again)
		}
		if again := one.must(t, by("2", "A", comeBack{"B"})); !again.Repeated {
			t.Errorf("the retry is %+v", again)
		}
		if n := len(b.events(t)); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
	}
}

// What stays open, as docs/replicas.md has it: between check and append the
// locks may be lost. The stream itself is safe all the same.
func TestAnAppendThatIsOvertakenDoublesNothing(t *testing.T) {
	b := newReplicas(t)
	one, two := b.start(t), b.start(t)
	overtaken := false
	one.store.append = func(do func() (ledger.Appended, error)) (ledger.Appended, error) {
		if !overtaken {
			overtaken = true
			one.locks.Lose()
			b.clock.move(time.Second) // so that the other's bytes differ
			two.must(t, by("1", "A", leave{"B"}))
		}
		return do()
	}
	if again := one.must(t, by("1", "A", leave{"B"})); !again.Repeated {
		t.Errorf("the one overtaken got %+v", again)
	}
	if n := len(b.events(t)); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

// Rules that one replica changes decide at all others from then on, also
// where the one that changed them was killed on the spot.
func TestReplicasSeeAChangeOfTheRules(t *testing.T) {
	b := newReplicas(t)
	one, two := b.start(t), b.start(t)
	one.must(t, by("1", "A", judge{}))
	two.must(t, by("2", "A", judge{}))
	one.must(t, by("3", "S", enacted{"1"}))
	two.must(t, by("4", "A", judge{}))
	two.must(t, by("5", "A", judge{}))
	one.must(t, by("6", "A", judge{}))
	if one.rereads != 2 || two.rereads != 2 {
		t.Errorf("the rules were read %d and %d times, want at the start and once more each", one.rereads, two.rereads)
	}
	killed := b.start(t)
	killed.store.append = func(do func() (ledger.Appended, error)) (ledger.Appended, error) {
		if _, err := do(); err != nil {
			t.Error(err)
		}
		killed.locks.Lose()
		panic("killed")
	}
	func() {
		defer func() { _ = recover() }() // it is dead
		killed.Record(t.Context(), by("7", "S", enacted{"2"}))
	}()
	one.must(t, by("8", "A", judge{}))
	two.must(t, by("9", "A", judge{}))

	// A change of which it is not known whether it was recorded is looked for.
	one.store.append = func(do func() (ledger.Appended, error)) (ledger.Appended, error) {
		if _, err := do(); err != nil {
			t.Error(err)
		}
		one.store.append = nil
		one.locks.Lose()
		return ledger.Appended{}, ledger.ErrUnknownOutcome
	}
	if _, err := one.Record(t.Context(), by("10", "S", enacted{"3"})); !errors.Is(err, ledger.ErrUnknownOutcome) {
		t.Errorf("got %v", err)
	}
	one.must(t, by("11", "A", judge{}))
	checkRules(t, b.events(t))
}

// checkRules checks that every event was decided by the rulebook in force
// where it lies, and returns how often the rules changed.
func checkRules(t interface{ Errorf(string, ...any) }, events []ledger.Decoded) (changes int) {
	now := "0"
	for _, d := range events {
		if want := domain.EditionOf("law", now); d.Act.Rulebook != want {
			t.Errorf("position %s names %s where %s was in force", d.Position, d.Act.Rulebook, want)
		}
		switch e := d.Event.(type) {
		case judged:
			if e.Version != now {
				t.Errorf("position %s was decided by version %s where %s was in force", d.Position, e.Version, now)
			}
		case enacted:
			now = e.Version
			changes++
		}
	}
	return changes
}

// A key that is retired at one replica signs nothing at another.
func TestReplicasSeeThatAKeyIsRetired(t *testing.T) {
	d, place := newDesk(t, order()), ledgertest.NewLocks()
	start := func() *ledger.Recorder {
		return ledger.NewRecorder(ledger.RecorderConfig{Store: d.store, Signer: d.signer, Codec: d.codec, Book: order(),
			Now: func() time.Time { return d.now }, Locks: place.Process()})
	}
	one, two := start(), start()
	if _, err := two.RecordSigned(t.Context(), nominate("R0", 0), d.li); err != nil {
		t.Fatal(err) // now it knows the key as a good one
	}
	p, err := one.Prepare(t.Context(), nominate("R1", 0))
	if err != nil {
		t.Fatal(err)
	}
	sign(t, &p, d.li)
	if _, err := one.Record(t.Context(), onKey(d.li, "end", "leader-chen", key.Retire{Reason: "leaves"})); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Submit(t.Context(), p); domain.RefusalCode(err) == "" {
		t.Errorf("signed with a retired key: %v", err)
	}
	d.mustHold(t)
}

package ledger_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/ledger/ledgertest"
)

// The guard: of two officers who may stand in for each other, at most one is
// away. One rule, two aggregates, two commands at the same time.
type guard struct{ Away bool }

type guardID string

func (id guardID) Ref() domain.Ref { return domain.Ref{Type: "guard", ID: string(id)} }

type left struct {
	Other guardID `json:"other"`
}

func (left) Kind() domain.Kind            { return "guard.left.v1" }
func (left) Apply(s *guard, _ domain.Act) { s.Away = true }

type cameBack struct {
	Other guardID `json:"other"`
}

func (cameBack) Kind() domain.Kind            { return "guard.came_back.v1" }
func (cameBack) Apply(s *guard, _ domain.Act) { s.Away = false }

type leave struct {
	Other guardID `json:"other"`
}

func (leave) Name() domain.CommandName { return "guard.leave" }
func (leave) By() []domain.Role        { return []domain.Role{domain.RoleHR} }
func (c leave) Reads(guard, domain.Act) []domain.Reference {
	return []domain.Reference{c.Other}
}
func (c leave) Decide(s guard, act domain.Act, _ *domain.Rulebook) ([]domain.Event, error) {
	if s.Away {
		return nil, domain.Refuse(domain.CodeState, "", "is away")
	}
	if domain.See[guard](act, c.Other).Away {
		return nil, domain.Refuse(domain.CodeRule, "other", "is away; one must stay")
	}
	return []domain.Event{left(c)}, nil
}

type comeBack struct {
	Other guardID `json:"other"`
}

func (comeBack) Name() domain.CommandName { return "guard.come_back" }
func (comeBack) By() []domain.Role        { return []domain.Role{domain.RoleHR} }
func (c comeBack) Decide(s guard, _ domain.Act, _ *domain.Rulebook) ([]domain.Event, error) {
	if !s.Away {
		return nil, domain.Refuse(domain.CodeState, "", "is here")
	}
	return []domain.Event{cameBack(c)}, nil
}

var guards = domain.NewAggregate("guard", "岗",
	[]domain.EventOf[guard]{left{}, cameBack{}}, []domain.CommandOf[guard]{leave{}, comeBack{}})

func guardRecorder(t *testing.T, store ledger.Store) (*ledger.Recorder, *ledger.Codec) {
	t.Helper()
	signer := newBench(t, ledger.Ed25519).signer
	codec := ledger.NewCodec(domain.NewCatalog(guards), "probity.test/guards")
	return ledger.NewRecorder(ledger.RecorderConfig{
		Store: store, Signer: signer, Codec: codec, Book: domain.CN2024(), Now: domaintestNow,
		CachedEvents: 4, // so that states are evicted and read again
	}), codec
}

func TestARuleOverTwoAggregatesHoldsUnderConcurrency(t *testing.T) {
	store := ledgertest.NewMemory()
	defer store.Close()
	recorder, codec := guardRecorder(t, store)
	hr := domaintest.By("hr-li", domain.RoleHR)
	do := func(id, subject string, c domain.Command) error {
		act := hr
		act.Subject = subject
		_, err := recorder.Record(t.Context(), domain.Instruction{ID: id, Command: c, Act: act})
		return err
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			one, two := "A", "B"
			if worker%2 == 1 {
				one, two = two, one
			}
			for i := range 60 {
				err := do(fmt.Sprintf("leave-%d-%d", worker, i), one, leave{guardID(two)})
				if err == nil {
					err = do(fmt.Sprintf("back-%d-%d", worker, i), one, comeBack{guardID(two)})
				}
				if err != nil && domain.RefusalCode(err) == "" {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	// Played in the order of the ledger, the two are never away together.
	state := map[string]*guard{"A": {}, "B": {}}
	n := 0
	for s, err := range store.ReadAll(t.Context(), ledger.Start) {
		if err != nil {
			t.Fatal(err)
		}
		d, err := codec.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		guards.Apply(state[d.Act.Subject], d.Event, d.Act)
		if state["A"].Away && state["B"].Away {
			t.Fatalf("both are away at position %s", s.Position)
		}
		n++
	}
	if n < 20 {
		t.Fatalf("only %d events: the commands hardly met", n)
	}
}

func TestARefusalRestsOnWhatTheOthersStreamHolds(t *testing.T) {
	store := ledgertest.NewMemory()
	defer store.Close()
	recorder, _ := guardRecorder(t, store)
	hr := domaintest.By("hr-li", domain.RoleHR)
	do := func(id, subject string, c domain.Command) error {
		act := hr
		act.Subject = subject
		_, err := recorder.Record(t.Context(), domain.Instruction{ID: id, Command: c, Act: act})
		return err
	}
	if err := do("1", "A", leave{"B"}); err != nil {
		t.Fatal(err)
	}
	if err := do("2", "B", leave{"A"}); domain.RefusalCode(err) != domain.CodeRule {
		t.Fatalf("got %v, want the rule's refusal", err)
	}
	if err := do("3", "A", comeBack{"B"}); err != nil {
		t.Fatal(err)
	}
	if err := do("4", "B", leave{"A"}); err != nil {
		t.Fatal(err)
	}
	// Seeing oneself, or nobody, is no trouble.
	if err := do("5", "C", leave{"C"}); err != nil {
		t.Fatal(err)
	}
	if err := do("6", "D", leave{}); err != nil {
		t.Fatal(err)
	}
	// Nor is being refused over oneself.
	if err := do("7", "C", leave{"C"}); domain.RefusalCode(err) != domain.CodeState {
		t.Fatalf("got %v, want the refusal of who is away", err)
	}
	// A repeat is not decided again on what others have become.
	if err := do("1", "A", leave{"B"}); err != nil {
		t.Fatal(err)
	}
}

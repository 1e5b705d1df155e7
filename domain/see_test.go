package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
)

// A lantern is hung only on a hook that holds.
type lantern struct{ Hook domain.PostID }

type hook struct{ Holds bool }

type hung struct {
	Hook domain.PostID `json:"hook"`
}

func (hung) Kind() domain.Kind                  { return "lantern.hung.v1" }
func (e hung) Apply(s *lantern, act domain.Act) { s.Hook = e.Hook }

type hang struct {
	Hook domain.PostID `json:"hook"`
}

func (hang) Name() domain.CommandName { return "lantern.hang" }
func (hang) By() []domain.Role        { return []domain.Role{domain.RoleHR} }
func (c hang) Reads(s lantern, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Hook, s.Hook, c.Hook}
}
func (c hang) Decide(s lantern, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if !domain.See[hook](act, c.Hook).Holds {
		return nil, domain.Refuse(domain.CodeRule, "hook", "does not hold")
	}
	return []domain.Event{hung(c)}, nil
}

var lanterns = domain.NewAggregate("lantern", "灯", []domain.EventOf[lantern]{hung{}}, []domain.CommandOf[lantern]{hang{}})

func TestCommandsSeeWhatTheyAskFor(t *testing.T) {
	hr := domaintest.By("hr-li", domain.RoleHR)
	domaintest.Run(t, lanterns, []domaintest.Scenario{
		{
			Name: "a hook that holds", When: hang{Hook: "H1"}, As: hr,
			Sees: map[domain.Reference]any{domain.PostID("H1"): hook{Holds: true}},
			Then: []domain.Event{hung{Hook: "H1"}},
		},
		{Name: "a hook without history", When: hang{Hook: "H1"}, As: hr, Refused: domain.CodeRule},
		{Name: "no hook at all", When: hang{}, As: hr, Refused: domain.CodeRule},
	})
	reads := lanterns.Reads(&lantern{Hook: "H2"}, hang{Hook: "H1"}, hr)
	if diff := cmp.Diff([]domain.Ref{{Type: "post", ID: "H1"}, {Type: "post", ID: "H2"}}, reads); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

// holder is what a room may know of a hook that it cannot import.
type holder interface{ holds() bool }

func (h hook) holds() bool { return h.Holds }

func TestARoomThatCannotBeImportedIsSeenAsAnInterface(t *testing.T) {
	h1, h2 := domain.PostID("H1"), domain.PostID("H2")
	act := domain.Act{Sees: &domain.Sight{h1.Ref(): &hook{Holds: true}, h2.Ref(): nil}}
	if h := domain.SeeAs[holder](act, h1); h == nil || !h.holds() {
		t.Errorf("the hook is seen as %v", h)
	}
	for _, none := range []domain.PostID{h2, ""} {
		if h := domain.SeeAs[holder](act, none); h != nil {
			t.Errorf("%q without history is seen as %v", none, h)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic at what was not asked for")
		}
	}()
	domain.SeeAs[holder](act, domain.PostID("H3"))
}

func TestSeeingWhatWasNotAskedForIsAMistakeInTheProgram(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	domain.See[hook](domain.Act{}, domain.PostID("H1"))
}

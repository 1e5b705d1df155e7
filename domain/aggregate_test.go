package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/domaintest"
)

func TestARoomThatContradictsItselfIsAMistakeOfTheProgram(t *testing.T) {
	type events = []domain.EventOf[door]
	type commands = []domain.CommandOf[door]
	tests := []struct {
		name     string
		events   events
		commands commands
	}{
		{"the same kind twice", events{painted{}, painted{}}, nil},
		{"two structs of one kind", events{painted{}, twin{}}, nil},
		{"a kind of another room", events{foreign{}}, nil},
		{"an event by pointer", events{&painted{}}, nil},
		{"an event that is no struct", events{text("")}, nil},
		{"the same command twice", nil, commands{paint{}, paint{}}},
		{"two structs of one command", nil, commands{paint{}, twinPaint{}}},
		{"a command of another room", nil, commands{foreignPaint{}}},
		{"a command by pointer", nil, commands{&paint{}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("the room was declared all the same")
				}
			}()
			domain.NewAggregate("door", "门", tt.events, tt.commands)
		})
	}
	t.Run("two rooms of one name", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("the catalog was made all the same")
			}
		}()
		domain.NewCatalog(doors, doors)
	})
}

func TestDecideHoldsWhatHoldsForEveryCommand(t *testing.T) {
	hr := domaintest.By("hr-li", domain.RoleHR)
	with := func(change func(*domain.Act)) domain.Act {
		act := hr
		change(&act)
		return act
	}
	byImporter := domain.CN2024()
	byImporter.Authority = map[domain.CommandName][]domain.Role{"door.paint": {domain.RoleImporter}}

	domaintest.Run(t, doors, []domaintest.Scenario{
		{
			Name: "what the room decides is handed on",
			When: paint{Colour: "green"}, As: hr,
			Then: []domain.Event{painted{Colour: "green"}},
		},
		{
			Name: "so is its refusal",
			When: paint{}, As: hr,
			Refused: domain.CodeInvalid, Field: "colour", Rule: "house rules",
		},
		{
			Name: "a malformed address is refused",
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.Subject = "X 1" }),
			Refused: domain.CodeInvalid, Field: "subject",
		},
		{
			Name: "a missing actor is refused",
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.Actor = "" }),
			Refused: domain.CodeInvalid, Field: "actor",
		},
		{
			Name: "what has not happened yet is refused",
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.OccurredAt = a.RecordedAt.Add(time.Second) }),
			Refused: domain.CodeInvalid, Field: "occurredAt",
		},
		{
			Name: "what happened long ago may be recorded today",
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.OccurredAt = a.RecordedAt.AddDate(-10, 0, 0) }),
			Then: []domain.Event{painted{Colour: "green"}},
		},
		{
			Name: "what happened before anyone's service is refused",
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.OccurredAt = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC) }),
			Refused: domain.CodeInvalid, Field: "occurredAt",
		},
		{
			Name: "another role is refused",
			When: paint{Colour: "green"}, As: domaintest.By("leader-chen", domain.RoleLeader),
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "no role is refused",
			When: paint{Colour: "green"}, As: domaintest.By("hr-li", ""),
			Refused: domain.CodeForbidden, Field: "role",
		},
		{
			Name: "the digest of a source record is for the importer only",
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.Source = "sha256:00" }),
			Refused: domain.CodeInvalid, Field: "source",
		},
		{
			Name: "the importer must give the digest", Book: byImporter,
			When: paint{Colour: "green"}, As: with(func(a *domain.Act) { a.Role = domain.RoleImporter }),
			Refused: domain.CodeInvalid, Field: "source",
		},
		{
			Name: "a source that is no digest is refused", Book: byImporter,
			When: paint{Colour: "green"}, As: func() domain.Act {
				a := domaintest.By("import", domain.RoleImporter)
				a.Source = "sha256:00"
				return a
			}(),
			Refused: domain.CodeInvalid, Field: "source",
		},
		{
			Name: "the importer with the digest goes through", Book: byImporter,
			When: paint{Colour: "green"}, As: domaintest.By("import", domain.RoleImporter),
			Then: []domain.Event{painted{Colour: "green"}},
		},
	})
}

func TestABrokenRoomIsNoRefusal(t *testing.T) {
	hr := domaintest.By("hr-li", domain.RoleHR)
	_, err := doors.Decide(doors.NewState(), paint{Colour: "broken"}, hr, domain.CN2024())
	if !errors.Is(err, errBroken) || domain.RefusalCode(err) != "" {
		t.Errorf("got %v, want the room's own error", err)
	}
	_, err = doors.Decide(doors.NewState(), paint{Colour: "none"}, hr, domain.CN2024())
	if err == nil || domain.RefusalCode(err) != "" {
		t.Errorf("a command that decides nothing gives %v; want an error that is no refusal", err)
	}
}

func TestDecideLeavesTheStateAlone(t *testing.T) {
	state := doors.NewState()
	doors.Apply(state, painted{}, domain.Act{})
	if _, err := doors.Decide(state, paint{Colour: "green"}, domaintest.By("hr-li", domain.RoleHR), domain.CN2024()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&door{Coats: 1}, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

func TestAnEventOfAnotherRoomChangesNothing(t *testing.T) {
	state := doors.NewState()
	doors.Apply(state, stranger{}, domain.Act{})
	if diff := cmp.Diff(&door{}, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
}

// stranger is an event of no room here.
type stranger struct{}

func (stranger) Kind() domain.Kind { return "window.opened.v1" }

func TestACatalogIsLookedUpByName(t *testing.T) {
	c := domain.NewCatalog(doors)
	if c.Room("door") != doors || c.Room("window") != nil {
		t.Error("rooms are not found by their name")
	}
	e, cmd := c.Event("door.painted.v1"), c.Command("door.paint")
	if e == nil || cmd == nil || c.Event("door.painted.v2") != nil || c.Command("door.burn") != nil {
		t.Fatal("kinds and commands are not found by their name")
	}
	ptr := e.New()
	ptr.(*painted).Colour = "green"
	if got := e.Value(ptr); got.(painted).Colour != "green" {
		t.Errorf("the event of a decoder's pointer is %v", got)
	}
	cptr := cmd.New()
	cptr.(*paint).Colour = "red"
	if got := cmd.Value(cptr); got != (paint{Colour: "red"}) {
		t.Errorf("the command of a decoder's pointer is %v", got)
	}
}

package rulebooks_test

import (
	"testing"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/domaintest"
	"github.com/probity-ledger/probity/domain/reactions"
)

// house is just enough of a ledger to judge worked examples through the rooms:
// commands in, events or a refusal out, and what follows from an event is
// carried out as the system.
type house struct {
	t       *testing.T
	book    *domain.Rulebook
	catalog *domain.Catalog
	states  map[domain.Ref]any
	// history is every event in order.
	history []domain.Recorded
}

func newHouse(t *testing.T, book string) *house {
	return &house{t: t, book: open(t, book), catalog: catalog.New(), states: map[domain.Ref]any{}}
}

func (h *house) state(ref domain.Ref) any {
	if h.states[ref] == nil {
		h.states[ref] = h.catalog.Room(ref.Type).NewState()
	}
	return h.states[ref]
}

func (h *house) give(c domain.Command, act domain.Act) ([]domain.Event, error) {
	room := h.catalog.Room(c.Name().Room())
	ref := domain.Ref{Type: room.Name, ID: act.Subject}
	state := h.state(ref)
	sight := domain.Sight{}
	for _, seen := range room.Reads(state, c, act) {
		sight[seen] = h.state(seen)
	}
	act.Sees = &sight
	events, err := room.Decide(state, c, act, h.book)
	act.Sees = nil
	for _, e := range events {
		room.Apply(state, e, act)
		h.history = append(h.history, domain.Recorded{Stream: ref.Stream(), Revision: int64(len(h.history)), Act: act, Event: e, ID: domain.EventID(ref.Stream() + string(e.Kind()))})
	}
	for _, e := range events {
		h.follow(e, act)
	}
	return events, err
}

func (h *house) follow(e domain.Event, cause domain.Act) {
	for _, r := range reactions.All() {
		if r.On != e.Kind() {
			continue
		}
		for _, in := range r.Then(domain.Recorded{Act: cause, Event: e}) {
			act := cause
			act.Subject, act.Actor, act.Role = in.Act.Subject, domain.ActorSystem, domain.RoleSystem
			if _, err := h.give(in.Command, act); err != nil && domain.RefusalCode(err) == "" {
				h.t.Fatalf("%s: %v", r.Name, err)
			}
		}
	}
}

// who acts, as in "leader:L1".
var roleOf = map[byte]domain.Role{'L': domain.RoleLeader, 'I': domain.RoleInspector, 'H': domain.RoleHR, 'P': domain.RoleOfficer, 'K': domain.RoleHandler, 'N': domain.RoleIntake, 'Z': domain.RolePublic, 'S': domain.RoleSystem}

// act is by the person on the day; the first letter tells the role.
func (h *house) act(day, who, subject string) domain.Act {
	act := domaintest.At(domaintest.By(domain.ActorID(who), roleOf[who[0]]), domaintest.On(day))
	act.Subject, act.Rulebook = subject, h.book.ID
	return act
}

// do gives a command that must be carried out, and returns its first event.
func (h *house) do(day, who, subject string, c domain.Command) domain.Event {
	h.t.Helper()
	events, err := h.give(c, h.act(day, who, subject))
	if err != nil {
		h.t.Fatalf("%s on %s by %s on %s: refused: %v", c.Name(), subject, who, day, err)
	}
	return events[0]
}

// refused gives a command that must be refused with the code.
func (h *house) refused(day, who, subject string, code domain.Code, c domain.Command) {
	h.t.Helper()
	if events, err := h.give(c, h.act(day, who, subject)); domain.RefusalCode(err) != code {
		h.t.Fatalf("%s on %s by %s on %s: got %v, %v; want a refusal %s", c.Name(), subject, who, day, events, err, code)
	}
}

package agency

import (
	"fmt"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/catalog"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/disclosure"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reactions"
	"github.com/probity-ledger/probity/domain/sanction"
	"github.com/probity-ledger/probity/domain/traceback"
	"github.com/probity-ledger/probity/domain/warning"
)

// world is what the agency's people know of the ledger: the state of every
// aggregate, folded by the very rooms and reactions that decided it. Scripts
// look here before they act, as people look into a file. It is for reading
// only: what counts is what the ledger recorded.
type world struct {
	book    *domain.Rulebook
	catalog *domain.Catalog
	react   map[domain.Kind][]domain.Reaction
	states  map[string]any
}

func newWorld(book *domain.Rulebook) *world {
	w := &world{book: book, catalog: catalog.New(), react: map[domain.Kind][]domain.Reaction{}, states: map[string]any{}}
	for _, r := range reactions.All() {
		w.react[r.On] = append(w.react[r.On], r)
	}
	return w
}

// state returns the state of an aggregate; a new one when it has no history.
func (w *world) state(room, id string) any {
	stream := domain.Ref{Type: room, ID: id}.Stream()
	st, ok := w.states[stream]
	if !ok {
		st = w.catalog.Room(room).NewState()
		w.states[stream] = st
	}
	return st
}

func (w *world) officer(id domain.OfficerID) *officer.Officer {
	return w.state("officer", string(id)).(*officer.Officer)
}

func (w *world) post(id domain.PostID) *post.Post { return w.state("post", string(id)).(*post.Post) }

func (w *world) complaint(id string) *complaint.Complaint {
	return w.state("complaint", id).(*complaint.Complaint)
}

func (w *world) inquiry(id domain.CaseID) *misconduct.Case {
	return w.state("misconduct", string(id)).(*misconduct.Case)
}

func (w *world) sanction(id domain.SanctionID) *sanction.Sanction {
	return w.state("sanction", string(id)).(*sanction.Sanction)
}

func (w *world) plan(id domain.PlanID) *plan.Plan { return w.state("plan", string(id)).(*plan.Plan) }

func (w *world) norm(id domain.NormID) *norm.Norm { return w.state("norm", string(id)).(*norm.Norm) }

func (w *world) act(id string) *enforcement.Enforcement {
	return w.state("enforcement", id).(*enforcement.Enforcement)
}

func (w *world) item(id string) *disclosure.Item { return w.state("disclosure", id).(*disclosure.Item) }

func (w *world) warning(id string) *warning.Warning { return w.state("warning", id).(*warning.Warning) }

func (w *world) inspection(id string) *inspection.Inspection {
	return w.state("inspection", id).(*inspection.Inspection)
}

func (w *world) traceback(id domain.TracebackID) *traceback.Traceback {
	return w.state("traceback", string(id)).(*traceback.Traceback)
}

// follow folds a recorded instruction and everything that follows from it by
// reaction, and returns the events in that order.
func (w *world) follow(in domain.Instruction, now time.Time) ([]domain.Recorded, error) {
	room := w.catalog.Room(in.Command.Name().Room())
	act := in.Act
	act.RecordedAt, act.Rulebook = now, w.book.Edition()
	state := w.state(room.Name, act.Subject)
	act.Sees = w.sees(room.Reads(state, in.Command, act))
	events, err := room.Decide(state, in.Command, act, w.book)
	act.Sees = nil
	if err != nil {
		return nil, fmt.Errorf("fold %s on %s: %w", in.Command.Name(), act.Subject, err)
	}
	var out []domain.Recorded
	for _, e := range events {
		room.Apply(state, e, act)
		out = append(out, domain.Recorded{Stream: domain.Ref{Type: room.Name, ID: act.Subject}.Stream(), Act: act, Event: e})
	}
	for _, cause := range out[:len(out):len(out)] {
		if act.Imported() {
			break
		}
		for _, r := range w.react[cause.Event.Kind()] {
			for _, then := range r.Then(cause) {
				then.Act.Actor, then.Act.Role = domain.ActorSystem, domain.RoleSystem
				if then.Act.OccurredAt.IsZero() {
					then.Act.OccurredAt = act.OccurredAt
				}
				more, err := w.follow(then, now)
				if err != nil && domain.RefusalCode(err) == "" {
					return out, err
				}
				out = append(out, more...) // a refused consequence undoes nothing
			}
		}
	}
	return out, nil
}

// sees shows a command the other aggregates it must see, as the ledger does.
func (w *world) sees(refs []domain.Ref) *domain.Sight {
	sight := domain.Sight{}
	for _, ref := range refs {
		sight[ref] = nil
		if w.catalog.Room(ref.Type) != nil {
			sight[ref] = w.state(ref.Type, ref.ID)
		}
	}
	return &sight
}

// subjectsOf returns the subjects of the events of one type, in order.
func subjectsOf[E domain.Event](recorded []domain.Recorded) []string {
	var out []string
	for _, r := range recorded {
		if _, ok := r.Event.(E); ok {
			out = append(out, r.Act.Subject)
		}
	}
	return out
}

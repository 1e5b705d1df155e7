package indicators

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/inspection"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/domain/plan"
	"github.com/probity-ledger/probity/domain/post"
	"github.com/probity-ledger/probity/domain/reward"
	"github.com/probity-ledger/probity/domain/warning"
	"github.com/probity-ledger/probity/ledger"
)

// Keeper folds events into facts under one rulebook.
type Keeper struct{ book *domain.Rulebook }

// NewKeeper makes a keeper under the rulebook.
func NewKeeper(book *domain.Rulebook) *Keeper { return &Keeper{book} }

// scene is one event as it is folded.
type scene struct {
	book    *domain.Rulebook
	r       domain.Recorded
	at      ledger.Position
	day     Day
	around  Around
	place   int64
	changes []Change
}

// Fold works one event, which lies at the position, into the matters, and
// returns which facts it established and superseded. moved are the clocks
// that the event started, changed or stopped.
//
// It is total: no order of events makes it fail.
func (k *Keeper) Fold(r domain.Recorded, at ledger.Position, moved []clocks.Clock, around Around) []Change {
	x := &scene{book: k.book, r: r, at: at, around: around, day: DayOf(k.book.Calendar.Day(r.Act.OccurredAt))}
	x.clocks(moved)
	switch r.Event.Kind().Room() {
	case officer.Room.Name:
		x.officer()
	case complaint.Room.Name:
		x.complaint()
	case enforcement.Room.Name:
		x.enforcement()
	case norm.Room.Name:
		x.norm()
	case post.Room.Name:
		x.post()
	case plan.Room.Name:
		x.plan()
	case activity.Room.Name:
		x.activity()
	case reward.Room.Name:
		x.reward()
	case warning.Room.Name, inspection.Room.Name, misconduct.Room.Name:
		x.once()
	}
	return x.changes
}

// MatterOf names the matter of an aggregate.
func MatterOf(room, id string) string { return room + "-" + id }

// own returns the matter of the event's aggregate.
func (x *scene) own() *Matter {
	return x.around.Matter(MatterOf(x.r.Event.Kind().Room(), x.r.Act.Subject))
}

func officerMatter(id domain.OfficerID) string { return MatterOf(officer.Room.Name, string(id)) }
func normMatter(id domain.NormID) string       { return MatterOf(norm.Room.Name, string(id)) }

// on returns the day of a date, or that of the event where there is none.
func (x *scene) on(d domain.Date) Day {
	if d.IsZero() {
		return x.day
	}
	return DayOf(d)
}

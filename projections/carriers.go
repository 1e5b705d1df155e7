package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/projections/query"
)

// Carrier is a carrier of culture 廉政文化载体 (article I8) as it stands: a
// board, a shelf, a page, a contest.
type Carrier struct {
	ID      domain.ActivityID
	Status  string
	Carrier string
	Title   string
	Unit    domain.UnitID
	// SetOn is when it was set up, RefreshedOn when what it shows was last
	// new: on SetOn until it is refreshed.
	SetOn       domain.Date
	RefreshedOn domain.Date
	// Days is how many days ago that was, today or on the day it was retired.
	Days int
	// RetiredOn and Reason are those of a carrier given up.
	RetiredOn domain.Date
	Reason    string
	Refreshes []Refresh
}

// Refresh is one renewal of what a carrier shows.
type Refresh struct {
	On       domain.Date
	Content  string
	Evidence []domain.Evidence
}

// CarrierFilter narrows the register of carriers. Zero fields do not narrow.
type CarrierFilter struct {
	Unit    domain.UnitID // with everything below it
	Carrier string
	Status  string
	// RefreshedBefore: not refreshed on this day or later.
	RefreshedBefore domain.Date
}

var carrierShelf = shelf[activityRow, Carrier, domain.ActivityID]{
	name: "carriers", table: activityTable, order: []string{"refreshed_on", "id"},
	seen: func(s scope, a string) query.Cond { return query.And(query.C(a+".carrier <> ''"), s.activity(a)) },
	show: showCarrier, id: func(x *Carrier) domain.ActivityID { return x.ID },
}

// foldCarrier folds the events of a carrier, which the room keeps beside
// those of activities.
func (row *activityRow) foldCarrier(e domain.Event, day domain.Date) {
	switch e := e.(type) {
	case activity.CarrierSet:
		row.Carrier, row.PlannedOn = string(e.Carrier), e.On
	case activity.CarrierRefreshed:
		b := row.held()
		b.Refreshes = append(b.Refreshes, Refresh{e.On, e.Content, e.Evidence})
	case activity.CarrierRetired:
		row.EndedOn, row.Reason = day, e.Reason
	}
}

func showCarrier(r *Reader, row *activityRow) Carrier {
	until := row.EndedOn
	if until.IsZero() {
		until = r.today()
	}
	return Carrier{ID: row.ID, Status: row.Status, Carrier: row.Carrier, Title: row.Topic, Unit: row.Unit, SetOn: row.PlannedOn,
		RefreshedOn: row.RefreshedOn, Days: max(0, until.DaysPast(row.RefreshedOn)), RetiredOn: row.EndedOn, Reason: row.Reason, Refreshes: row.held().Refreshes}
}

// Carrier returns the carrier; nil when there is none to be seen.
func (r *Reader) Carrier(ctx context.Context, id domain.ActivityID) (*Carrier, error) {
	return carrierShelf.one(ctx, r, id)
}

// CarriersByID returns those that are seen.
func (r *Reader) CarriersByID(ctx context.Context, ids []domain.ActivityID) (map[domain.ActivityID]*Carrier, error) {
	return carrierShelf.byID(ctx, r, ids)
}

// Carriers lists the register of carriers, the longest unrefreshed first.
func (r *Reader) Carriers(ctx context.Context, f CarrierFilter, p Page) (*List[Carrier], error) {
	return carrierShelf.list(ctx, r, query.And(below("x.unit", f.Unit), query.Eq("x.carrier", f.Carrier), query.Eq("x.status", f.Status),
		query.If(!f.RefreshedBefore.IsZero(), "x.refreshed_on < ?", f.RefreshedBefore.String())), p)
}

package projections

import (
	"context"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/activity"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Activity is one session of education, study or culture as it stands.
type Activity struct {
	ID     domain.ActivityID `db:"id"`
	Status string            `db:"status"`
	Kind   string            `db:"kind"`
	// Format is empty where old records do not say.
	Format string        `db:"format"`
	Unit   domain.UnitID `db:"unit"`
	Topic  string        `db:"topic"`
	// PlannedOn is the day it was scheduled for, HeldOn the day it was held.
	PlannedOn domain.Date `db:"planned_on"`
	HeldOn    domain.Date `db:"held_on"`
	// Hours are those planned until it was held.
	Hours int `db:"hours"`
	// Attended of Expected came; Contributors of those who came spoke or
	// brought something.
	Attended     int  `db:"attended"`
	Expected     int  `db:"expected"`
	Contributors int  `db:"contributors"`
	Unscheduled  bool `db:"unscheduled"`
	// Reason says why it was cancelled, or held without a schedule.
	Reason string `db:"reason"`
	// MinutesDigest is that of the minutes; equal digests are equal minutes.
	MinutesDigest string `db:"minutes"`
	// Score is from 1 to 100, and 0 before the assessment.
	Score      int         `db:"score"`
	Feedback   string      `db:"feedback"`
	AssessedOn domain.Date `db:"assessed_on"`
	Imported   bool        `db:"imported"`

	// Attendees and Invited are for those who may see the officers; an
	// officer is given their own name alone.
	Attendees []domain.OfficerID
	Invited   []domain.OfficerID
	Observers []domain.ActorID
	Materials []domain.Evidence
}

// Share is how many of those expected came, in hundredths of a percent; 0
// where nobody was expected.
func (a *Activity) Share() int { return shareOf(a.Attended, a.Expected) }

// shareOf is a share in hundredths of a percent, rounded to the nearest; 0 of
// nothing.
func shareOf(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return (part*10000 + whole/2) / whole
}

// ActivityFilter narrows the register of activities. Zero fields do not
// narrow.
type ActivityFilter struct {
	Unit    domain.UnitID // with everything below it
	Officer domain.OfficerID
	Kind    string
	Format  string
	Status  string
	// HeldFrom and HeldTo: held on these days or between them.
	HeldFrom domain.Date
	HeldTo   domain.Date
	// RepeatsMinutes: with the very minutes of an activity held before it
	// (走过场), or without.
	RepeatsMinutes *bool
	Imported       *bool
}

// activityRow is the row of an activity or of a carrier of culture, which
// live in one room: Carrier is empty for an activity.
type activityRow struct {
	Activity
	Carrier     string      `db:"carrier"`
	RefreshedOn domain.Date `db:"refreshed_on"`
	EndedOn     domain.Date `db:"ended_on"`
	kept[activityBody]
}

type activityBody struct {
	State     activity.Activity
	Attendees []domain.OfficerID
	Invited   []domain.OfficerID
	Observers []domain.ActorID
	Materials []domain.Evidence
	Refreshes []Refresh
}

var activityTable = newTable[activityRow]("activities", "held_on, id", "unit", "minutes", "refreshed_on, id")

var activityShelf = shelf[activityRow, Activity, domain.ActivityID]{
	name: "activities", table: activityTable, order: []string{"held_on", "id"}, desc: true,
	seen: func(s scope, a string) query.Cond { return query.And(query.C(a+".carrier = ''"), s.activity(a)) },
	show: showActivity, id: func(x *Activity) domain.ActivityID { return x.ID },
}

func (g *registers) foldActivity(d *ledger.Decoded) error {
	row, err := g.activities.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	s := &b.State
	row.Status, row.Kind, row.Format, row.Unit, row.Topic, row.RefreshedOn = string(s.Status), string(s.Kind), string(s.Format), s.Unit, s.Topic, s.Refreshed
	row.Imported = row.Imported || d.Act.Imported()
	switch e := d.Event.(type) {
	case activity.Scheduled:
		row.PlannedOn, row.Hours = e.On, e.Hours
	case activity.Held:
		row.HeldOn, row.Hours, row.Attended, row.Expected, row.Contributors = e.On, e.Hours, len(e.Attendees), e.Expected, e.Contributors
		row.MinutesDigest, row.Unscheduled, row.Reason = e.Minutes.Digest, e.Unscheduled, e.Reason
		b.Attendees, b.Invited, b.Observers, b.Materials = e.Attendees, e.Invited, e.Observers, e.Materials
		return g.concern(d, slices.Concat(e.Attendees, e.Invited)...)
	case activity.Assessed:
		row.Score, row.Feedback, row.AssessedOn = e.Score, e.Feedback, g.day(d)
	case activity.Cancelled:
		row.Reason = e.Reason
	case activity.Imported:
		row.HeldOn, row.Hours, row.Attended, row.Expected = g.orDay(e.On, d), e.Hours, e.Attended, e.Expected
	default:
		row.foldCarrier(d.Event, g.day(d))
	}
	return nil
}

func showActivity(r *Reader, row *activityRow) Activity {
	out, b := row.Activity, row.held()
	out.Attendees, out.Invited, out.Observers, out.Materials = b.Attendees, b.Invited, b.Observers, b.Materials
	if r.who.Role == domain.RoleOfficer || r.who.Role == domain.RoleOverseer {
		other := func(o domain.OfficerID) bool { return r.who.Role == domain.RoleOverseer || string(o) != r.who.Subject }
		out.Attendees, out.Invited = slices.DeleteFunc(out.Attendees, other), slices.DeleteFunc(out.Invited, other)
	}
	return out
}

// Activity returns the activity; nil when there is none to be seen.
func (r *Reader) Activity(ctx context.Context, id domain.ActivityID) (*Activity, error) {
	return activityShelf.one(ctx, r, id)
}

// ActivitiesByID returns those that are seen.
func (r *Reader) ActivitiesByID(ctx context.Context, ids []domain.ActivityID) (map[domain.ActivityID]*Activity, error) {
	return activityShelf.byID(ctx, r, ids)
}

// ActivitiesByMinutes returns the activities with the very minutes of each
// digest.
func (r *Reader) ActivitiesByMinutes(ctx context.Context, digests []string) (map[string][]Activity, error) {
	digests = slices.DeleteFunc(slices.Clone(digests), func(d string) bool { return d == "" })
	return groupBy(ctx, r, activityShelf, "minutes", digests, func(a *Activity) string { return a.MinutesDigest })
}

// repeats holds for activities x whose minutes are those of one held before
// that is seen, or for the others.
func (s scope) repeats(want *bool) query.Cond {
	if want == nil {
		return query.Cond{}
	}
	before := query.And(query.C("e.minutes = x.minutes AND (e.held_on, e.id) < (x.held_on, x.id)"), s.activity("e"))
	return query.C("(x.minutes <> '' AND EXISTS (SELECT 1 FROM activities e WHERE "+before.SQL+")) = ?", append(before.Args, *want)...)
}

// Activities lists the register of activities, the last held first; those not
// held yet come last.
func (r *Reader) Activities(ctx context.Context, f ActivityFilter, p Page) (*List[Activity], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	return activityShelf.list(ctx, r, query.And(below("x.unit", f.Unit), concerns(activity.Room.Name, "x", f.Officer),
		query.Eq("x.kind", f.Kind), query.Eq("x.format", f.Format), query.Eq("x.status", f.Status), heldBetween(f.HeldFrom, f.HeldTo),
		s.repeats(f.RepeatsMinutes), is("x.imported", f.Imported)), p)
}

// heldBetween holds for activities x held on the days or between them.
func heldBetween(from, to domain.Date) query.Cond {
	return query.And(query.If(!from.IsZero(), "x.held_on >= ?", from.String()),
		query.If(!to.IsZero(), "x.held_on <> '' AND x.held_on <= ?", to.String()))
}

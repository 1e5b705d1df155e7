package projections

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/complaint"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/misconduct"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/projections/indicators"
	"github.com/probity-ledger/probity/projections/outlier"
	"github.com/probity-ledger/probity/projections/query"
)

// ReviewQueue is an order in which to look at officers who are complained about
// (outlier.Queue), and nothing more: it accuses nobody. Complaints are rare, and
// a rare count hardly separates one person from another.
type ReviewQueue struct {
	// Officers in the service about whom there are reports: Reports together,
	// of which Upheld were borne out by a finding that stands.
	Officers int
	Reports  int
	Upheld   int

	places []ReviewPlace
}

// ReviewPlace is where an officer stands in the queue.
type ReviewPlace struct {
	// Place counts from 1. Whoever weighs about the same shares it, in the order
	// of their ids, which means nothing.
	Place   int
	Officer domain.OfficerID
	// Reports are the complaints about the officer: Upheld of them were borne out
	// by a finding on the officer that stands, Open of them are neither concluded nor
	// withdrawn.
	Reports int
	Upheld  int
	Open    int
	// Weight is how much the reports weigh, in so many fresh ones of which
	// nothing is known yet, to a whole number.
	Weight int
	// LastOn is the day on which the last was received.
	LastOn domain.Date
	// Months in the service up to today, 0 where its beginning is not on file;
	// Acts that were decided with the officer on them.
	Months int
	Acts   int
}

// MaxReviewPlaces is how many places are told at most: the queue is worked from
// its head.
const MaxReviewPlaces = 500

// ReviewQueue orders the officers of the unit, with everything below it, for
// review, by the reports that the principal may see; nil for roles that review
// nobody and for a unit outside their scope. Whoever the principal is recused
// from is not in it, and no report that concerns them counts.
func (r *Reader) ReviewQueue(ctx context.Context, unit domain.UnitID) (*ReviewQueue, error) {
	s, err := r.scoped(ctx)
	if err != nil || !s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader) {
		return nil, err
	}
	if seen, err := r.inScope(ctx, s, unit); err != nil || !seen {
		return nil, err
	}
	units, err := r.subtreeOf(ctx, s, unit)
	if err != nil {
		return nil, err
	}
	sql, args := reportedTo(s)
	size := func(all []weighed) int { return 112 * len(all) }
	all, err := recall(r, sql, append(slices.Clone(args), r.today().String()), size, func() ([]weighed, error) { return r.weigh(ctx, sql, args) })
	if err != nil {
		return nil, err
	}
	return rank(all, units), nil
}

// Head returns the first so many places of a queue that the reader was given, at
// most MaxReviewPlaces.
func (r *Reader) Head(ctx context.Context, q *ReviewQueue, first int) ([]ReviewPlace, error) {
	if first < 1 || first > MaxReviewPlaces {
		return nil, domain.Refuse(domain.CodeInvalid, "first", "must lie between 1 and %d", MaxReviewPlaces)
	}
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(q.places[:min(first, len(q.places))])
	return out, r.exposed(ctx, s, out)
}

// reported is one report about an officer.
type reported struct {
	outlier.Report
	officer   domain.OfficerID
	unit      domain.UnitID
	on        domain.Date
	serves    bool // the officer has not left
	withdrawn bool
}

// weighed is an officer of any unit, without a place.
type weighed struct {
	ReviewPlace
	unit domain.UnitID
}

// reportedTo is the question for all reports that the principal may see. A
// finding on the officer says what came of one; where there is none, that it was
// not substantiated does, but not that it was: of several who are named it need
// not be this one.
func reportedTo(s scope) (sql string, args []any) {
	found, where := query.And(s.finding("f"), query.C("f.officer <> '' AND f.complaint <> ''")), query.And(s.complaint("x"), s.recordFile("o"), query.NotIn("o.unit", s.recusedUnits), query.C("x.received_on <> ''"))
	sql = "WITH found (officer, complaint, known, upheld) AS MATERIALIZED (SELECT f.officer, f.complaint, max(CASE WHEN f.result NOT IN ('', ?, ?) THEN 1 ELSE 0 END)," +
		" max(CASE WHEN NOT f.overturned AND f.result IN (?, ?) THEN 1 ELSE 0 END) FROM findings f" + found.Where() + " GROUP BY f.officer, f.complaint), " +
		"about (officer, complaint) AS (SELECT officer, complaint FROM found UNION SELECT co.officer, co.complaint FROM complaint_officers co) " +
		"SELECT o.id, o.unit, o.status, x.received_on, x.category, CASE WHEN x.result IN (?, ?) OR x.status = ? THEN 1 ELSE 0 END, coalesce(found.known, 0), coalesce(found.upheld, 0), x.status" +
		" FROM about JOIN complaints x ON x.id = about.complaint JOIN officers o ON o.id = about.officer" +
		" LEFT JOIN found ON found.officer = about.officer AND found.complaint = about.complaint" + where.Where() + " ORDER BY o.id, x.received_on, x.id"
	return sql, slices.Concat([]any{string(misconduct.ResultPending), string(misconduct.ResultNotApplicable), string(misconduct.ResultSustained), string(misconduct.ResultPartlySustained)},
		found.Args, []any{string(complaint.ResultNotSubstantiated), string(complaint.ResultUnfounded), string(complaint.StatusDeclined)}, where.Args)
}

// weigh learns from all reports, and weighs those about whoever serves: the
// heaviest first.
func (r *Reader) weigh(ctx context.Context, sql string, args []any) ([]weighed, error) {
	today := indicators.DayOf(r.today())
	var all []reported
	var known []outlier.Report
	err := r.ask(ctx, sql, args, func(row dbRow) error {
		x := reported{officer: domain.OfficerID(row.ColumnText(0))}
		x.unit, x.serves = domain.UnitID(row.ColumnText(1)), officer.Status(row.ColumnText(2)) != officer.StatusSeparated
		x.Category, x.Upheld = row.ColumnText(4), row.ColumnInt(7) == 1
		x.Concluded = row.ColumnInt(5) == 1 || row.ColumnInt(6) == 1
		var err error
		if x.on, err = domain.ParseDate(row.ColumnText(3)); err != nil {
			return err
		}
		x.Age = max(0, int(today-indicators.DayOf(x.on)))
		x.withdrawn = complaint.Status(row.ColumnText(8)) == complaint.StatusWithdrawn // not concluded: nothing is learned of it
		all, known = append(all, x), append(known, x.Report)
		return nil
	})
	if err != nil {
		return nil, err
	}
	queue, weight := outlier.NewQueue(known), 0.0
	var out []weighed
	for i := range all {
		x := &all[i]
		if !x.serves {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Officer != x.officer {
			out, weight = append(out, weighed{ReviewPlace{Officer: x.officer}, x.unit}), 0
		}
		weight += queue.Weight(x.Report)
		out[len(out)-1].add(x, weight/queue.Usual())
	}
	slices.SortFunc(out, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Officer, b.Officer))
	})
	return out, nil
}

// rank gives whoever serves in the units their places.
func rank(all []weighed, units func(domain.UnitID) bool) *ReviewQueue {
	out := &ReviewQueue{}
	for _, x := range all {
		if !units(x.unit) {
			continue
		}
		p := x.ReviewPlace
		if p.Place = len(out.places) + 1; p.Place > 1 && out.places[p.Place-2].Weight == p.Weight {
			p.Place = out.places[p.Place-2].Place
		}
		out.places = append(out.places, p)
		out.Reports, out.Upheld = out.Reports+p.Reports, out.Upheld+p.Upheld
	}
	out.Officers = len(out.places)
	return out
}

func (p *ReviewPlace) add(x *reported, weight float64) {
	p.Reports++
	if x.Upheld {
		p.Upheld++
	}
	if !x.Concluded && !x.withdrawn {
		p.Open++
	}
	p.Weight = int(math.Round(weight))
	if p.LastOn.Before(x.on) {
		p.LastOn = x.on
	}
}

// exposed fills in how long and how often those could be complained about.
func (r *Reader) exposed(ctx context.Context, s scope, places []ReviewPlace) error {
	if len(places) == 0 {
		return nil
	}
	at, ids, today := map[string]*ReviewPlace{}, make([]domain.OfficerID, len(places)), r.today()
	for i := range places {
		at[string(places[i].Officer)], ids[i] = &places[i], places[i].Officer
	}
	in, acts := query.In("x.id", ids), query.And(s.enforcement("x"), query.C("l.room = ? AND x.decided_on <> ''", enforcement.Room.Name), query.In("l.officer", ids))
	err := r.ask(ctx, "SELECT x.id, x.enrolled_on FROM officers x WHERE "+in.SQL, in.Args, func(row dbRow) error {
		if day := row.ColumnText(1); day != "" {
			since, err := domain.ParseDate(day)
			if err != nil {
				return err
			}
			at[row.ColumnText(0)].Months = monthsBetween(since, today)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.ask(ctx, "SELECT l.officer, count(*) FROM concerned l JOIN enforcements x ON x.id = l.object"+acts.Where()+" GROUP BY l.officer", acts.Args, func(row dbRow) error {
		at[row.ColumnText(0)].Acts = row.ColumnInt(1)
		return nil
	})
}

// monthsBetween counts whole months.
func monthsBetween(from, to domain.Date) int {
	n := (to.Year-from.Year)*12 + int(to.Month) - int(from.Month)
	if to.Day < from.Day {
		n--
	}
	return max(0, n)
}

package projections

import (
	"context"
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/programme"
	"github.com/probity-ledger/probity/projections/query"
)

// ActivityCoverage is whom the activities of a period reached, and how
// varied they were (articles I2, I7, D8).
type ActivityCoverage struct {
	// Unit with everything below it; empty for all units in scope.
	Unit domain.UnitID
	From domain.Date
	To   domain.Date
	// Kind is the kind of activity, empty for all.
	Kind string
	// Officers are those of the unit, as it stands today, who were in the
	// service on a day of the period, suspended from duty or not; Attended
	// of them came to at least one activity of any unit. Share is theirs, in
	// hundredths of a percent. Suppressed: an overseer is told neither, because
	// fewer than SmallCell came or did not; nor are OfficersSuppressed, where
	// they are fewer.
	Officers           int
	Attended           int
	Share              int
	Suppressed         bool
	OfficersSuppressed bool
	// Activities counts those held in the period by the unit, or with one
	// of its officers; Hours are their hours together.
	Activities int
	Hours      int
	// Formats counts them by format, the most frequent first. LongestRun is
	// the most activities of one kind in a row that one unit held in one
	// and the same format.
	Formats    []Bucket
	LongestRun ActivityRun
	// Repeated counts those with the very minutes of an activity held before
	// (走过场, an empty form); RepeatedMinutes names, with the original, all
	// that share theirs up to the end of the period, whoever held them.
	Repeated        int
	RepeatedMinutes []RepeatedMinutes
	// Silent counts those that were attended and where nobody contributed.
	Silent int
	// Unnamed counts those of old records, which do not name who came.
	Unnamed int
}

// ActivityRun is a row of activities in one format.
type ActivityRun struct {
	Unit       domain.UnitID
	Kind       string
	Format     string
	Activities []domain.ActivityID
}

// RepeatedMinutes are activities with the very same minutes, in the order in
// which they were held.
type RepeatedMinutes struct {
	Digest     string
	Activities []domain.ActivityID
}

// ActivityCoverage tells whom the activities of the kind held from the day to
// the day reached; nil for roles that see no unit's activities, and for a
// unit outside their scope.
//
// An overseer is told it of whole agencies, of the units they are given and of
// all together, by calendar quarters, half-years and years, with small cells
// suppressed; other days are refused with CodeForbidden.
func (r *Reader) ActivityCoverage(ctx context.Context, unit domain.UnitID, from, to domain.Date, kind string) (*ActivityCoverage, error) {
	if from.IsZero() || to.Before(from) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "give the first and the last day of the period, the last not before the first")
	}
	s, err := r.scoped(ctx)
	if err != nil || !s.runs() {
		return nil, err
	}
	outside := s.is(domain.RoleOverseer)
	if outside {
		if err := wholeTerm(from, to, ""); err != nil {
			return nil, err
		}
	}
	if seen, err := r.coverable(ctx, s, unit, outside); err != nil || !seen {
		return nil, err
	}
	out := &ActivityCoverage{Unit: unit, From: from, To: to, Kind: kind}
	officers, err := r.staff(ctx, s, unit, from, to)
	if err != nil {
		return nil, err
	}
	units, err := r.subtreeOf(ctx, s, unit)
	if err != nil {
		return nil, err
	}
	held, err := loadAll(ctx, r, activityTable, query.And(query.C("x.carrier = ''"), s.activity("x"), query.Eq("x.kind", kind), heldBetween(from, to)), "x.held_on, x.id")
	if err != nil {
		return nil, err
	}
	held = slices.DeleteFunc(held, func(a activityRow) bool {
		return !units(a.Unit) && !slices.ContainsFunc(a.held().Attendees, func(o domain.OfficerID) bool { return officers[o] })
	})
	out.reach(held, officers)
	if outside {
		out.suppress()
	}
	out.vary(held)
	return out, r.repeatedMinutes(ctx, s, out, held)
}

// runs tells whether the role sees what is held in its units.
func (s scope) runs() bool {
	return s.is(domain.RoleAuditor, domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR, domain.RoleOverseer)
}

// inScope tells whether the unit is on file and in scope; no unit means all.
func (r *Reader) inScope(ctx context.Context, s scope, unit domain.UnitID) (bool, error) {
	if unit == "" {
		return s.everywhere || len(s.units) > 0, nil
	}
	where := query.And(query.C("x.id = ?", string(unit)), s.in("x.id"))
	n, err := r.askInt(ctx, "SELECT count(*) FROM units x"+where.Where(), where.Args)
	return n > 0, err
}

// coverable tells whether the coverage of the unit may be told, to an outsider
// not that of each part of an agency.
func (r *Reader) coverable(ctx context.Context, s scope, unit domain.UnitID, outside bool) (bool, error) {
	if unit == "" || !outside {
		return r.inScope(ctx, s, unit)
	}
	where := query.And(query.C("x.id = ?", string(unit)), s.undivided("x"))
	n, err := r.askInt(ctx, "SELECT count(*) FROM units x"+where.Where(), where.Args)
	return n > 0, err
}

// subtreeOf tells the units at the unit and below it, all in scope without
// one.
func (r *Reader) subtreeOf(ctx context.Context, s scope, unit domain.UnitID) (func(domain.UnitID) bool, error) {
	if unit == "" && s.everywhere {
		return func(domain.UnitID) bool { return true }, nil
	}
	list := s.units
	if unit != "" {
		var err error
		if list, err = r.subtree(ctx, []domain.UnitID{unit}); err != nil {
			return nil, err
		}
	}
	set := make(map[string]bool, len(list))
	for _, u := range list {
		set[u] = true
	}
	return func(u domain.UnitID) bool { return set[string(u)] }, nil
}

// inService holds for officers x who were in the service on a day of the
// period, as far as their first and last days are known; a zero day does not
// bound it.
func inService(from, to domain.Date) query.Cond {
	return query.And(query.If(!to.IsZero(), "x.enrolled_on <= ?", to.String()),
		query.If(!from.IsZero(), "(x.separated_on = '' OR x.separated_on > ?)", from.String()))
}

// staff are the officers in scope who serve in the unit or below it, or did
// when they left, and were in the service in the period.
func (r *Reader) staff(ctx context.Context, s scope, unit domain.UnitID, from, to domain.Date) (map[domain.OfficerID]bool, error) {
	out := map[domain.OfficerID]bool{}
	where := query.And(s.in("x.unit"), below("x.unit", unit), inService(from, to))
	err := r.ask(ctx, "SELECT x.id FROM officers x"+where.Where(), where.Args, func(st dbRow) error {
		out[domain.OfficerID(st.ColumnText(0))] = true
		return nil
	})
	return out, err
}

// reach counts who came.
func (c *ActivityCoverage) reach(held []activityRow, officers map[domain.OfficerID]bool) {
	came := map[domain.OfficerID]bool{}
	for i := range held {
		a := &held[i]
		c.Activities, c.Hours = c.Activities+1, c.Hours+a.Hours
		if a.Imported {
			c.Unnamed++
		} else if a.Attended > 0 && a.Contributors == 0 {
			c.Silent++
		}
		for _, o := range a.held().Attendees {
			if officers[o] {
				came[o] = true
			}
		}
	}
	c.Officers, c.Attended = len(officers), len(came)
	c.Share = shareOf(c.Attended, c.Officers)
}

// suppress hides how many came where they, or those who did not, are few.
func (c *ActivityCoverage) suppress() {
	t := programme.Tabulate([]int{c.Attended, c.Officers - c.Attended}, SmallCell)
	if t.Cells[0].Suppressed {
		c.Attended, c.Share, c.Suppressed = 0, 0, true
	}
	if t.Suppressed {
		c.Officers, c.OfficersSuppressed = 0, true
	}
}

// vary counts the formats and finds the longest run of one. Activities come
// in the order in which they were held; a format that is not told ends a run.
func (c *ActivityCoverage) vary(held []activityRow) {
	type line struct {
		unit domain.UnitID
		kind string
	}
	counts, runs := map[string]int{}, map[line]ActivityRun{}
	for i := range held {
		a := &held[i]
		at := line{a.Unit, a.Kind}
		run := runs[at]
		if run.Format != a.Format {
			run = ActivityRun{Unit: a.Unit, Kind: a.Kind, Format: a.Format}
		}
		if a.Format != "" {
			counts[a.Format]++
			run.Activities = append(slices.Clip(run.Activities), a.ID)
		}
		runs[at] = run
		if len(run.Activities) > len(c.LongestRun.Activities) {
			c.LongestRun = run
		}
	}
	for format, n := range counts {
		c.Formats = append(c.Formats, Bucket{Value: format, Count: n})
	}
	slices.SortFunc(c.Formats, func(a, b Bucket) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Value, b.Value)
	})
}

// repeatedMinutes finds minutes of the activities that were used more than
// once up to the end of the period, by whatever unit that is seen.
func (r *Reader) repeatedMinutes(ctx context.Context, s scope, c *ActivityCoverage, held []activityRow) error {
	own := map[domain.ActivityID]bool{}
	var digests []string
	for i := range held {
		if held[i].MinutesDigest != "" {
			digests = append(digests, held[i].MinutesDigest)
			own[held[i].ID] = true
		}
	}
	if len(digests) == 0 {
		return nil
	}
	where := query.And(query.In("x.minutes", digests), s.activity("x"), heldBetween(domain.Date{}, c.To))
	var all []RepeatedMinutes
	err := r.ask(ctx, "SELECT x.minutes, x.id FROM activities x"+where.Where()+" ORDER BY x.minutes, x.held_on, x.id", where.Args, func(st dbRow) error {
		digest, id := st.ColumnText(0), domain.ActivityID(st.ColumnText(1))
		if n := len(all); n == 0 || all[n-1].Digest != digest {
			all = append(all, RepeatedMinutes{Digest: digest})
		}
		last := &all[len(all)-1]
		last.Activities = append(last.Activities, id)
		if len(last.Activities) > 1 && own[id] {
			c.Repeated++
		}
		return nil
	})
	c.RepeatedMinutes = slices.DeleteFunc(all, func(m RepeatedMinutes) bool { return len(m.Activities) < 2 })
	return err
}

package projections

import (
	"context"
	"strconv"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/clocks"
	"github.com/probity-ledger/probity/projections/query"
)

// Obligation is one deadline: what is owed on a matter, by whom and to which
// day.
type Obligation struct {
	// ID is stable: the event that started it and the name of the clock.
	ID string `db:"id"`
	// Clock names the rule (clocks.Rule), as in "complaint.handle".
	Clock string `db:"clock"`
	// SubjectType and SubjectID are what it is owed on; Part is the target,
	// risk, gap or officer within it, if any.
	SubjectType string `db:"type"`
	SubjectID   string `db:"name"`
	Part        string `db:"part"`
	// Who answers, as far as a person is known, and in which role.
	Who  domain.ActorID `db:"who"`
	Role domain.Role    `db:"role"`
	// Unit, Post and Officer are whom the matter concerns.
	Unit    domain.UnitID    `db:"unit"`
	Post    domain.PostID    `db:"post"`
	Officer domain.OfficerID `db:"officer"`
	// Start is the event that started it on the day Started.
	Start    domain.EventID `db:"start"`
	Started  domain.Date    `db:"started"`
	Due      domain.Date    `db:"due"`
	Workdays bool           `db:"workdays"`
	Extended bool           `db:"extended"`
	// Tolled counts the days it did not run, TolledSince is the first day of
	// a pause that lasts.
	Tolled      int            `db:"tolled"`
	TolledSince domain.Date    `db:"tolled_since"`
	Stopped     domain.Date    `db:"stopped"`
	StoppedBy   domain.EventID `db:"stopped_by"`
	// Late is by how many days it is late today, or was when stopped.
	Late int `db:"late"`
	// From and Length place the term on the count of days; see clocks.Clock.
	From   int `db:"counted_from"`
	Length int `db:"length"`
	// Rulebook is the edition that sets the term: the one in force on the day
	// Started.
	Rulebook string `db:"rulebook"`

	// Share is the per cent of the term used today, or when it was stopped.
	Share int
	State ObligationState
	// Owed says what is owed in plain words, Chinese names the term, Source
	// is where it is written ("" where the day is set from case to case).
	Owed    string
	Chinese string
	Source  string
}

// Subject is what it is owed on.
func (o *Obligation) Subject() domain.Ref { return domain.Ref{Type: o.SubjectType, ID: o.SubjectID} }

// ObligationState is how an obligation stands today.
type ObligationState string

// The states of an obligation.
const (
	ObligationOpen    ObligationState = "open"    // owed, in time
	ObligationLate    ObligationState = "late"    // owed, past its last day
	ObligationStopped ObligationState = "stopped" // done
	ObligationLapsed  ObligationState = "lapsed"  // a right or waiting time that is over
)

// ObligationFilter narrows the register of obligations. Zero fields do not
// narrow, but State: without one, only what is owed is listed, in time or
// late.
type ObligationFilter struct {
	Unit domain.UnitID // with everything below it
	// Who answers, by sign-in name; Role in which role.
	Who  domain.ActorID
	Role domain.Role
	// Clock is exactly this clock, Subject exactly this matter.
	Clock     string
	Subject   domain.Ref
	DueBefore domain.Date
	State     ObligationState
	// ShareAtLeast: so many per cent of the term are used, of what runs.
	ShareAtLeast int
}

// obligation is the condition over obligations: the matter is seen.
func (s scope) obligation(a string) query.Cond {
	if s.everywhere && s.is(domain.RoleAuditor, domain.RoleSystem) {
		return query.Cond{}
	}
	seen := query.And(query.C("o.id = "+a+".id"), s.subject("o", query.Cond{}))
	return query.C("EXISTS (SELECT 1 FROM obligations o WHERE "+seen.SQL+")", seen.Args...)
}

// Obligations lists the register of obligations by the last day.
func (r *Reader) Obligations(ctx context.Context, f ObligationFilter, p Page) (*List[Obligation], error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	state, err := r.obligationState(f.State)
	if err != nil {
		return nil, err
	}
	where := query.And(s.obligation("x"), state, r.usedAtLeast(f.ShareAtLeast), below("x.unit", f.Unit),
		query.Eq("x.who", f.Who), query.Eq("x.role", f.Role), query.Eq("x.clock", f.Clock),
		query.Eq("x.type", f.Subject.Type), query.Eq("x.name", f.Subject.ID),
		query.If(!f.DueBefore.IsZero(), "x.due < ?", f.DueBefore.String()))
	rows, err := listing[obligationRow]{name: "obligations", table: obligationTable, where: where, order: []string{"due", "id"}}.load(ctx, r, p)
	if err != nil {
		return nil, err
	}
	return convert(rows, r.showObligation), nil
}

// lateSQL holds where an obligation is past its last day; a pause holds the
// day on which it began.
const lateSQL = "x.due < CASE WHEN x.tolled_since <> '' AND x.tolled_since < ? THEN x.tolled_since ELSE ? END"

func (r *Reader) obligationState(state ObligationState) (query.Cond, error) {
	today := r.views.today().String()
	switch state {
	case "":
		return query.C("x.ends >= ?", today), nil
	case ObligationOpen:
		return query.C("x.ends >= ? AND NOT ("+lateSQL+")", today, today, today), nil
	case ObligationLate: // what does not lapse is owed without end
		return query.C("x.ends = ? AND NOT x.lapses AND "+lateSQL, endless.String(), today, today), nil
	case ObligationLapsed:
		return query.C("x.stopped = '' AND x.lapses AND "+lateSQL, today, today), nil
	case ObligationStopped:
		return query.C("x.stopped <> ''"), nil
	}
	return query.Cond{}, domain.Refuse(domain.CodeInvalid, "state", "%q is no state of an obligation", string(state))
}

// usedAtLeast holds where so many per cent of the term are used, as
// clocks.Clock.Share has it.
func (r *Reader) usedAtLeast(share int) query.Cond {
	keeper := r.views.rules().keeper
	if share <= 0 || keeper == nil {
		return query.Cond{}
	}
	today := r.views.today()
	// Working days are counted in the calendar of the clock's own rulebook.
	workday, args := "CASE x.rulebook", []any{today.String()}
	for edition, count := range keeper.Counts() {
		workday += " WHEN ? THEN ?"
		args = append(args, edition, count.Number(today, true))
	}
	return query.C("x.ends <> '' AND x.tolled_since = '' AND CASE WHEN x.length <= 0 THEN x.started <= ? "+
		"ELSE 100 * (CASE WHEN x.workdays THEN "+workday+" ELSE ? END ELSE ? END - x.counted_from) / x.length >= ? END",
		append(args, keeper.CountOf(&clocks.Clock{Started: today}).Number(today, true), clocks.DayNumber(today), share)...)
}

func (r *Reader) showObligation(row *obligationRow) Obligation {
	o := row.Obligation
	keeper := r.views.rules().keeper
	if keeper == nil {
		return o
	}
	today, c := r.views.today(), o.clock()
	o.Share, o.Late = c.Share(today, keeper.CountOf(&c)), c.LateOn(today)
	switch {
	case !c.Open():
		o.State = ObligationStopped
	case row.Lapses && o.Late > 0:
		o.State, o.Late = ObligationLapsed, 0
	case o.Late > 0:
		o.State = ObligationLate
	default:
		o.State = ObligationOpen
	}
	if rule := keeper.Rule(o.Clock); rule != nil {
		o.Owed, o.Chinese, o.Source = rule.Owed, rule.Chinese, rule.Source(keeper.BookOf(&c))
	}
	return o
}

// Pending is a clock on which the system has to act.
type Pending struct {
	clocks.Clock
	// Level is what it is to be warned of, the highest reached; 0 for a
	// breach.
	Level clocks.Level
}

// WarningsDue lists the clocks that have reached a level by the day and were
// not warned of it yet, by their last day.
func (r *Reader) WarningsDue(ctx context.Context, today domain.Date) ([]Pending, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	day := today.String()
	level := "CASE WHEN x.mark_4 <= ? THEN " + strconv.Itoa(int(clocks.Last)) +
		" WHEN x.mark_3 <= ? THEN " + strconv.Itoa(int(clocks.Third)) +
		" WHEN x.mark_2 <= ? THEN " + strconv.Itoa(int(clocks.Second)) + " ELSE " + strconv.Itoa(int(clocks.First)) + " END"
	where := query.And(query.C("x.first_mark > '' AND x.first_mark <= ? AND x.tolled_since = ''", day), s.obligation("x"),
		query.C(level+" > coalesce((SELECT w.level FROM clock_warnings w WHERE w.warning = x.warning), 0)", day, day, day))
	return r.pending(ctx, where, level, []any{day, day, day})
}

// BreachesDue lists the open clocks whose last day lies before the day and
// whose breach is a command of the system, by their last day.
func (r *Reader) BreachesDue(ctx context.Context, today domain.Date) ([]Pending, error) {
	s, err := r.scoped(ctx)
	if err != nil {
		return nil, err
	}
	where := query.And(query.C("x.breach_on > '' AND x.breach_on < ? AND x.tolled_since = ''", today.String()), s.obligation("x"))
	return r.pending(ctx, where, "0", nil)
}

func (r *Reader) pending(ctx context.Context, where query.Cond, level string, args []any) ([]Pending, error) {
	var out []Pending
	t := obligationTable
	sql := "SELECT " + t.list("x") + ", " + level + " FROM obligations x" + where.Where() + " ORDER BY x.due, x.id"
	err := r.ask(ctx, sql, append(args, where.Args...), func(s dbRow) error {
		row, err := t.scan(s, 0)
		out = append(out, Pending{row.clock(), clocks.Level(s.ColumnInt(len(t.columns)))})
		return err
	})
	return out, err
}

package projections

import (
	"context"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/enforcement"
	"github.com/probity-ledger/probity/domain/officer"
	"github.com/probity-ledger/probity/ledger"
	"github.com/probity-ledger/probity/projections/query"
)

// Enforcement is one administrative act as it stands. Who the party is stands
// nowhere. Amounts are in fen.
type Enforcement struct {
	ID               domain.EnforcementID `db:"id"`
	Kind             string               `db:"kind"`
	Status           string               `db:"status"`
	Unit             domain.UnitID        `db:"unit"`
	PartyKind        string               `db:"party_kind"`
	Matter           string               `db:"matter"`
	Procedure        domain.NormID        `db:"procedure"`
	ProcedureVersion int                  `db:"procedure_version"`
	Benchmark        domain.NormID        `db:"benchmark"`
	BenchmarkVersion int                  `db:"benchmark_version"`
	OnTheSpot        bool                 `db:"on_the_spot"`
	AmountClaimed    int64                `db:"amount_claimed"`
	DeedOn           domain.Date          `db:"deed_on"`
	OpenedOn         domain.Date          `db:"opened_on"`
	DecideBy         domain.Date          `db:"decide_by"`
	DecidedOn        domain.Date          `db:"decided_on"`
	// DaysLate is by how many calendar days the decision missed DecideBy.
	DaysLate int    `db:"days_late"`
	Outcome  string `db:"outcome"`
	Clause   string `db:"clause"`
	// Tier of the benchmark, with the range it sets.
	Tier      string `db:"tier"`
	Factor    string `db:"factor"`
	Amount    int64  `db:"amount"`
	MinAmount int64  `db:"min_amount"`
	MaxAmount int64  `db:"max_amount"`
	// Deviated: decided outside the tier, with a reason and an approval.
	Deviated bool `db:"deviated"`
	// Lighter: the version of the day of the decision applied, as the lighter.
	Lighter bool `db:"lighter"`
	// Overridden counts the steps that were overridden.
	Overridden int `db:"overridden"`
	// Review is the last result of reconsideration or court.
	Review string `db:"review"`
	// RetractBy is the last day to retract the publication of an overturned
	// act, FaultReviewBy that to review whose fault it was.
	RetractBy     domain.Date `db:"retract_by"`
	FaultReviewBy domain.Date `db:"fault_review_by"`
	FaultReviewed bool        `db:"fault_reviewed"`
	ClosedOn      domain.Date `db:"closed_on"`
	Imported      bool        `db:"imported"`

	// Officers are those on the case.
	Officers     []domain.OfficerID
	Steps        []EnforcementStep
	Overrides    []Override
	Deviation    enforcement.Deviation
	Reviews      []ActReview
	FaultReviews []FaultReview
}

// EnforcementStep is a step that was taken.
type EnforcementStep struct {
	Code    string
	Kind    string
	Officer domain.OfficerID
	Second  domain.OfficerID
	On      domain.Date
	Note    string
	// DaysLate is by how many calendar days it missed its term.
	DaysLate int
	// MadeUp: it was made up for after the step it belongs before.
	MadeUp bool
}

// Override lets a step be left out: asked for by one, granted by another.
type Override struct {
	Step     string
	Reason   string
	AskedBy  domain.ActorID
	Approver domain.ActorID
	On       domain.Date
}

// ActReview is what reconsideration or a court made of an act.
type ActReview struct {
	Body    string
	Outcome string
	On      domain.Date
	Ground  string
	Amount  int64
}

// FaultReview says whether somebody is at fault for an overturned act.
type FaultReview struct {
	Found    bool
	Officers []domain.OfficerID
	Opinion  string
	On       domain.Date
	DaysLate int
}

// EnforcementFilter narrows the register of acts. Zero fields do not narrow.
type EnforcementFilter struct {
	Unit       domain.UnitID // with everything below it
	Officer    domain.OfficerID
	Kind       string
	Status     string
	Outcome    string
	Review     string
	Benchmark  domain.NormID
	Deviated   *bool
	Overridden *bool
	// Overdue: open, and to be decided before today.
	Overdue bool
	// UncertifiedOn: not closed, and on the case is an officer whose last
	// certificate is not valid on the day.
	UncertifiedOn domain.Date
	DecidedFrom   domain.Date
	DecidedTo     domain.Date
	Imported      *bool
}

type enforcementRow struct {
	Enforcement
	kept[enforcementBody]
}

type enforcementBody struct {
	State        enforcement.Enforcement
	Steps        []EnforcementStep
	Overrides    []Override
	Reviews      []ActReview
	FaultReviews []FaultReview
}

var enforcementTable = newTable[enforcementRow]("enforcements", "opened_on, id", "unit, decided_on", "benchmark, benchmark_version, tier")

var enforcementShelf = shelf[enforcementRow, Enforcement, domain.EnforcementID]{
	name: "enforcements", table: enforcementTable, order: []string{"opened_on", "id"}, desc: true,
	seen: scope.enforcement, show: showEnforcement, id: func(e *Enforcement) domain.EnforcementID { return e.ID },
}

func (g *registers) foldEnforcement(d *ledger.Decoded) error {
	row, err := g.enforcements.change(d)
	if err != nil {
		return err
	}
	b := row.held()
	applyTo(&b.State, d)
	s := &b.State
	row.Kind, row.Status, row.Unit, row.PartyKind, row.OnTheSpot = string(s.ActKind), string(s.Status), s.Unit, string(s.PartyKind), s.OnTheSpot
	row.Procedure, row.ProcedureVersion, row.Benchmark = s.Procedure, s.ProcedureVersion, s.Benchmark
	row.DeedOn, row.DecideBy, row.DecidedOn, row.Outcome = s.DeedOn, s.DecideBy, s.DecidedOn, string(s.Outcome)
	row.FaultReviewBy, row.FaultReviewed = s.FaultReviewBy, s.FaultReviewed
	concerned := s.Officers
	switch e := d.Event.(type) {
	case enforcement.Opened:
		row.OpenedOn, row.Matter, row.AmountClaimed = g.day(d), e.Matter, e.AmountClaimed
	case enforcement.Imported:
		row.OpenedOn, row.DecidedOn, row.Outcome = e.DecidedOn, e.DecidedOn, ""
		row.Matter, row.Clause, row.Amount = e.Outcome, e.Clause, e.Amount
	case enforcement.Decided:
		row.Clause, row.Tier, row.Factor, row.Amount, row.MinAmount, row.MaxAmount = e.Clause, e.Tier, e.Factor, e.Amount, e.MinAmount, e.MaxAmount
		row.Benchmark, row.BenchmarkVersion, row.Lighter, row.Deviated, row.DaysLate = e.Benchmark, e.BenchmarkVersion, e.Lighter, e.Deviated, e.DaysLate
	case enforcement.Closed:
		row.ClosedOn = g.day(d)
	default:
		concerned = append(concerned, b.course(d, g.day(d))...)
	}
	if e, ok := d.Event.(enforcement.Reviewed); ok {
		row.Review, row.RetractBy = string(e.Outcome), e.RetractBy
	}
	row.Overridden = len(b.Overrides)
	row.Imported = row.Imported || d.Act.Imported()
	return g.concern(d, concerned...)
}

// course folds what happens on the way of an act, and returns whom it adds.
func (b *enforcementBody) course(d *ledger.Decoded, today domain.Date) []domain.OfficerID {
	switch e := d.Event.(type) {
	case enforcement.StepTaken:
		b.Steps = append(b.Steps, EnforcementStep{Code: e.Step, Kind: string(e.StepKind), Officer: e.Officer, Second: e.Second, On: e.On,
			Note: e.Note, DaysLate: e.DaysLate, MadeUp: e.MadeUp})
		return []domain.OfficerID{e.Officer, e.Second}
	case enforcement.StepOverridden:
		b.Overrides = append(b.Overrides, Override{e.Step, e.Reason, e.AskedBy, e.Approver, today})
	case enforcement.Reviewed:
		b.Reviews = append(b.Reviews, ActReview{string(e.Body), string(e.Outcome), e.On, e.Ground, e.Amount})
	case enforcement.FaultReviewed:
		b.FaultReviews = append(b.FaultReviews, FaultReview{e.Found, e.Officers, e.Opinion, today, e.DaysLate})
		return e.Officers
	}
	return nil
}

func showEnforcement(_ *Reader, row *enforcementRow) Enforcement {
	out, b := row.Enforcement, row.held()
	out.Officers, out.Deviation = b.State.Officers, b.State.Deviation
	out.Steps, out.Overrides, out.Reviews, out.FaultReviews = b.Steps, b.Overrides, b.Reviews, b.FaultReviews
	return out
}

// Enforcement returns the act; nil when there is none to be seen.
func (r *Reader) Enforcement(ctx context.Context, id domain.EnforcementID) (*Enforcement, error) {
	return enforcementShelf.one(ctx, r, id)
}

// EnforcementsByID returns those that are seen.
func (r *Reader) EnforcementsByID(ctx context.Context, ids []domain.EnforcementID) (map[domain.EnforcementID]*Enforcement, error) {
	return enforcementShelf.byID(ctx, r, ids)
}

// Enforcements lists the register of acts, the last opened first.
func (r *Reader) Enforcements(ctx context.Context, f EnforcementFilter, p Page) (*List[Enforcement], error) {
	if _, err := r.scoped(ctx); err != nil { // the filter looks at officers
		return nil, err
	}
	return enforcementShelf.list(ctx, r, r.enforcements(f), p)
}

func (r *Reader) enforcements(f EnforcementFilter) query.Cond {
	return query.And(below("x.unit", f.Unit), concerns(enforcement.Room.Name, "x", f.Officer),
		query.Eq("x.kind", f.Kind), query.Eq("x.status", f.Status), query.Eq("x.outcome", f.Outcome), query.Eq("x.review", f.Review),
		query.Eq("x.benchmark", f.Benchmark), is("x.deviated", f.Deviated), is("(x.overridden > 0)", f.Overridden), is("x.imported", f.Imported),
		query.If(f.Overdue, "x.status = ? AND x.decide_by <> '' AND x.decide_by < ?", string(enforcement.StatusOpen), r.views.today().String()),
		r.uncertified(f.UncertifiedOn),
		query.If(!f.DecidedFrom.IsZero(), "x.decided_on >= ?", f.DecidedFrom.String()),
		query.If(!f.DecidedTo.IsZero(), "x.decided_on <= ? AND x.decided_on <> ''", f.DecidedTo.String()))
}

// uncertified holds where an officer on an act that is not closed, who is
// seen, has no valid certificate on the day.
func (r *Reader) uncertified(on domain.Date) query.Cond {
	if on.IsZero() {
		return query.Cond{}
	}
	without := query.And(query.C("(uo.certificate_status <> ? OR uo.certificate_until < ?)", string(officer.CertificateValid), on.String()), r.scopeNow().officer("uo"))
	return query.C("x.closed_on = '' AND NOT x.imported AND EXISTS (SELECT 1 FROM "+query.Elements("x.body", "State", "Officers")+" uc JOIN officers uo ON uo.id = uc.atom WHERE "+
		without.SQL+")", without.Args...)
}

package enforcement

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// Outcome is what was decided.
type Outcome string

// The outcomes. Each kind of act has its own; any may be terminated.
const (
	OutcomeGranted    Outcome = "granted"    // an approval 准予
	OutcomeRefused    Outcome = "refused"    // an approval 不予
	OutcomeLevied     Outcome = "levied"     // 征收
	OutcomeExempted   Outcome = "exempted"   // 免征, 不予处罚
	OutcomePenalised  Outcome = "penalised"  // 处罚
	OutcomeInOrder    Outcome = "in_order"   // an inspection 未见异常
	OutcomeIrregular  Outcome = "irregular"  // an inspection 发现问题
	OutcomeAwarded    Outcome = "awarded"    // a trade 成交
	OutcomeVoid       Outcome = "void"       // a trade 流标
	OutcomeTerminated Outcome = "terminated" // 终止
)

// outcomes lists those of each kind; weighed are those with an amount.
var (
	outcomes = map[Kind][]Outcome{
		KindApproval:   {OutcomeGranted, OutcomeRefused, OutcomeTerminated},
		KindLevy:       {OutcomeLevied, OutcomeExempted, OutcomeTerminated},
		KindPenalty:    {OutcomePenalised, OutcomeExempted, OutcomeTerminated},
		KindInspection: {OutcomeInOrder, OutcomeIrregular, OutcomeTerminated},
		KindTrade:      {OutcomeAwarded, OutcomeVoid, OutcomeTerminated},
	}
	weighed = []Outcome{OutcomeGranted, OutcomeLevied, OutcomePenalised, OutcomeAwarded}
)

// Decided: the act was decided.
type Decided struct {
	ActKind  Kind               `json:"kind"`
	Unit     domain.UnitID      `json:"unit"`
	Officers []domain.OfficerID `json:"officers"`
	// Step is the code of the deciding step.
	Step    string      `json:"step"`
	On      domain.Date `json:"on"`
	Outcome Outcome     `json:"outcome"`
	Clause  string      `json:"clause,omitzero"`
	// Tier bounds the amount from MinAmount to MaxAmount, in fen; Factor is
	// what put the case into it.
	Tier      string `json:"tier,omitzero"`
	Factor    string `json:"factor,omitzero"`
	Amount    int64  `json:"amount,omitzero"`
	MinAmount int64  `json:"minAmount,omitzero"`
	MaxAmount int64  `json:"maxAmount,omitzero"`
	// Benchmark and its version, that of the day of the deed or, where
	// Lighter, that of the day of the decision.
	Benchmark        domain.NormID `json:"benchmark,omitzero"`
	BenchmarkVersion int           `json:"benchmarkVersion,omitzero"`
	Lighter          bool          `json:"lighter"`
	// Deviated: the amount lies outside the tier, as was granted.
	Deviated bool   `json:"deviated"`
	Opinion  string `json:"opinion"`
	// DaysLate counts the days past the term, Overrides the steps that were
	// left out by an override.
	DaysLate  int `json:"daysLate,omitzero"`
	Overrides int `json:"overrides,omitzero"`
}

func (Decided) Kind() domain.Kind { return "enforcement.decided.v1" }

func (e Decided) Apply(s *Enforcement, act domain.Act) {
	s.Status, s.Outcome, s.DecidedOn = StatusDecided, e.Outcome, e.On
	s.Steps = append(slices.Clip(s.Steps), StepState{Code: e.Step, Persons: []domain.ActorID{act.Actor}, On: e.On})
	s.Chain = join(s.Chain, act.Actor)
}

// Decide ends the act: by a leader or, where it is no ordinary penalty, by
// an officer of the case. All that comes before the decision was done. Only a
// leader outside the case terminates an act, at any time.
type Decide struct {
	// Outcome is one of the kind of act: granted or refused, levied or
	// exempted, penalised or exempted, in_order or irregular, awarded or
	// void; or terminated.
	Outcome Outcome `json:"outcome"`
	// Clause is the basis; that of the tier when absent. A penalty has one.
	Clause string `json:"clause,omitzero"`
	// Tier and Factor are required where the act is bound to a benchmark and
	// something is granted, levied, penalised or awarded.
	Tier   string `json:"tier,omitzero"`
	Factor string `json:"factor,omitzero"`
	// Amount in fen, within the tier or as the deviation granted.
	Amount  int64  `json:"amount,omitzero"`
	Opinion string `json:"opinion"`
}

func (Decide) Name() domain.CommandName { return "enforcement.decide" }

func (Decide) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOfficer} }

// Reads asks for the texts the act is bound to and the decider's own file.
func (c Decide) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Procedure, s.Benchmark, domain.OfficerID(act.Actor)}
}

func (c Decide) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("decided", StatusOpen), c.check(s)); err != nil {
		return nil, err
	}
	today, v := book.Calendar.Day(act.OccurredAt), s.procedure(act)
	step, _ := v.StepOf(norm.StepDecide)
	if err := domain.First(s.unbiased("actor", act.Actor, today, act, book), c.who(s, v, step.Code, today, act, book),
		c.complete(s, v, step.Code, today, book)); err != nil {
		return nil, err
	}
	e := Decided{
		ActKind: s.ActKind, Unit: s.Unit, Officers: s.Officers, Step: step.Code, On: today,
		Outcome: c.Outcome, Clause: c.Clause, Amount: c.Amount, Opinion: c.Opinion, DaysLate: today.DaysPast(s.DecideBy),
	}
	for _, o := range s.Overrides {
		if _, made := s.taken(o.Step); o.Granted && !made {
			e.Overrides++
		}
	}
	if err := c.weigh(s, &e, act, book); err != nil {
		return nil, err
	}
	return []domain.Event{e}, nil
}

// check refuses malformed fields, and an amount where nothing is weighed.
func (c Decide) check(s Enforcement) error {
	if err := domain.First(domain.CheckOneOf("outcome", c.Outcome, outcomes[s.ActKind]...), domain.CheckOptionalText("clause", c.Clause),
		domain.CheckOptionalText("factor", c.Factor), domain.CheckText("opinion", c.Opinion)); err != nil {
		return err
	}
	if c.Amount < 0 {
		return domain.Refuse(domain.CodeInvalid, "amount", "is negative")
	}
	if !slices.Contains(weighed, c.Outcome) && (c.Amount != 0 || c.Tier != "" || c.Factor != "") {
		return domain.Refuse(domain.CodeInvalid, "amount", "an act that is %s has no tier, factor or amount", c.Outcome)
	}
	return nil
}

// who refuses a person who may not decide.
func (c Decide) who(s Enforcement, v norm.Version, code string, today domain.Date, act domain.Act, book *domain.Rulebook) error {
	ordinary := s.ActKind == KindPenalty && !s.OnTheSpot
	if act.Role == domain.RoleOfficer {
		id := domain.OfficerID(act.Actor)
		if ordinary || c.Outcome == OutcomeTerminated {
			return domain.Refuse(domain.CodeForbidden, "role", "a leader decides this").Under(book.Enforcement.Leader)
		}
		if !slices.Contains(s.Officers, id) {
			return domain.Refuse(domain.CodeForbidden, "actor", "%s is not on the case", act.Actor).Under(book.Enforcement.OfficersSource)
		}
		if err := s.certified("actor", []domain.OfficerID{id}, today, act, book); err != nil {
			return err
		}
	}
	if c.Outcome == OutcomeTerminated && slices.Contains(s.Investigators, act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s is on the case; a leader outside it terminates it", act.Actor).Under(book.Enforcement.Override)
	}
	return s.separate("actor", act.Actor, v, code)
}

// complete refuses a decision before all that leads to it is done.
func (c Decide) complete(s Enforcement, v norm.Version, code string, today domain.Date, book *domain.Rulebook) error {
	if c.Outcome == OutcomeTerminated {
		return nil
	}
	if m := s.missing(v, code); m != "" {
		step, _ := v.Step(m)
		return domain.Refuse(domain.CodeIncomplete, "step", "step %s comes before the decision and is missing", m).Under(s.source(step, book))
	}
	if c.Outcome == OutcomePenalised {
		return s.hearingOpen(v, today, book)
	}
	return nil
}

// source names the law behind a step of a penalty; of other acts, the
// procedure.
func (s Enforcement) source(step norm.Step, book *domain.Rulebook) string {
	if s.ActKind != KindPenalty {
		return s.rule()
	}
	switch step.StepKind {
	case norm.StepNotify, norm.StepStatement:
		return book.Enforcement.PenaltyStepsSource
	case norm.StepHearing:
		return book.Enforcement.AskHearing.Source
	case norm.StepLegalReview:
		return book.Enforcement.LegalReview
	}
	return s.rule()
}

// weigh holds the amount against the tier, the limit on the spot and what the
// notice announced, and fills in the tier.
func (c Decide) weigh(s Enforcement, e *Decided, act domain.Act, book *domain.Rulebook) error {
	if !slices.Contains(weighed, c.Outcome) {
		return nil
	}
	if s.Benchmark != "" || c.Tier != "" {
		tier, version, lighter, err := s.tierOf(c.Tier, act, book)
		if err := domain.First(err, domain.CheckText("factor", c.Factor)); err != nil {
			return err
		}
		if c.Clause != "" && c.Clause != tier.Clause {
			return domain.Refuse(domain.CodeInvalid, "clause", "tier %s is of clause %s", c.Tier, tier.Clause)
		}
		if err := c.within(s, tier, act, book); err != nil {
			return err
		}
		e.Clause, e.Tier, e.Factor, e.MinAmount, e.MaxAmount = tier.Clause, c.Tier, c.Factor, tier.MinAmount, tier.MaxAmount
		e.Benchmark, e.BenchmarkVersion, e.Lighter, e.Deviated = s.Benchmark, version, lighter, !tier.Allows(c.Amount)
	}
	if s.ActKind != KindPenalty {
		return nil
	}
	if e.Clause == "" {
		return domain.Refuse(domain.CodeInvalid, "clause", "a penalty names its basis")
	}
	if s.Announced > 0 && c.Amount > s.Announced {
		return domain.Refuse(domain.CodeRule, "amount", "the notice announced %d fen; what follows the party's statement is never more", s.Announced).Under(book.Enforcement.Defence)
	}
	limit := book.Enforcement.SpotPerson
	if s.PartyKind == PartyOrganisation {
		limit = book.Enforcement.SpotOrganisation
	}
	if s.OnTheSpot && c.Amount > limit {
		return domain.Refuse(domain.CodeRule, "amount", "at most %d fen are imposed on the spot on a %s", limit, s.PartyKind).Under(book.Enforcement.SpotSource)
	}
	return nil
}

// within refuses an amount outside the tier that nobody else granted.
func (c Decide) within(s Enforcement, tier norm.Tier, act domain.Act, book *domain.Rulebook) error {
	if tier.Allows(c.Amount) {
		return nil
	}
	d := s.Deviation
	if d.Approver == "" || d.Tier != c.Tier || d.Amount != c.Amount {
		return domain.Refuse(domain.CodeRule, "amount", "%d fen lie outside tier %s (%d to %d); ask for a deviation first", c.Amount, c.Tier, tier.MinAmount, tier.MaxAmount).
			Under(book.Enforcement.Discretion)
	}
	if d.Approver == act.Actor {
		return domain.Refuse(domain.CodeConflict, "actor", "%s granted the deviation; another person must decide", act.Actor).Under(book.Enforcement.Discretion)
	}
	return nil
}

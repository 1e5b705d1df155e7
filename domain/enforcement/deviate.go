package enforcement

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// tierOf returns the tier that bounds the decision, the version of the
// benchmark it is of, and whether that is a lighter one than that of the day
// of the deed.
func (s Enforcement) tierOf(code string, act domain.Act, book *domain.Rulebook) (tier norm.Tier, version int, lighter bool, err error) {
	if s.Benchmark == "" {
		return tier, 0, false, domain.Refuse(domain.CodeInvalid, "tier", "the act is bound to no benchmark")
	}
	text := domain.See[norm.Norm](act, s.Benchmark)
	then, held := text.InForce(s.DeedOn)
	now, _ := text.InForce(book.Calendar.Day(act.OccurredAt))
	if !held {
		then = now
	}
	tier, ok := then.Tier(code)
	if !ok {
		return tier, 0, false, domain.Refuse(domain.CodeInvalid, "tier", "%s (version %d) has no tier %q", s.Benchmark, then.Number, code).Under(book.Enforcement.Lighter)
	}
	if milder, ok := now.Tier(code); ok && s.ActKind == KindPenalty && milder.LighterThan(tier) {
		return milder, now.Number, true, nil
	}
	return tier, then.Number, false, nil
}

// DeviationAsked: somebody wants an amount decided that lies outside the
// tier.
type DeviationAsked struct {
	Tier   string `json:"tier"`
	Amount int64  `json:"amount"`
	Reason string `json:"reason"`
}

func (DeviationAsked) Kind() domain.Kind { return "enforcement.deviation_asked.v1" }

func (e DeviationAsked) Apply(s *Enforcement, act domain.Act) {
	s.Deviation = Deviation{Tier: e.Tier, Amount: e.Amount, Reason: e.Reason, AskedBy: act.Actor}
	s.Chain = join(s.Chain, act.Actor)
}

// AskDeviation asks a second person to allow an amount outside the tier. A
// later one replaces it, also one that was granted.
type AskDeviation struct {
	Tier string `json:"tier"`
	// Amount in fen.
	Amount int64  `json:"amount"`
	Reason string `json:"reason"`
}

func (AskDeviation) Name() domain.CommandName { return "enforcement.ask_deviation" }

func (AskDeviation) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleLeader} }

// Reads asks for the benchmark.
func (c AskDeviation) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Benchmark}
}

func (c AskDeviation) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("deviated from its tier", StatusOpen), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	tier, _, _, err := s.tierOf(c.Tier, act, book)
	if err != nil {
		return nil, err
	}
	if c.Amount < 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "amount", "is negative")
	}
	if tier.Allows(c.Amount) {
		return nil, domain.Refuse(domain.CodeInvalid, "amount", "%d fen lie in tier %s and need no approval", c.Amount, c.Tier)
	}
	return []domain.Event{DeviationAsked(c)}, nil
}

// Deviated: the amount outside the tier may be decided. Approver granted what
// AskedBy asked for.
type Deviated struct {
	Unit     domain.UnitID  `json:"unit"`
	Tier     string         `json:"tier"`
	Amount   int64          `json:"amount"`
	Reason   string         `json:"reason"`
	AskedBy  domain.ActorID `json:"askedBy"`
	Approver domain.ActorID `json:"approver"`
}

func (Deviated) Kind() domain.Kind { return "enforcement.deviated.v1" }

func (e Deviated) Apply(s *Enforcement, act domain.Act) {
	s.Deviation = Deviation{e.Tier, e.Amount, e.Reason, e.AskedBy, e.Approver}
	s.Chain = join(s.Chain, e.AskedBy, e.Approver)
}

// Deviate grants what was asked for with AskDeviation. The leader is not the
// one who asked, is not on the case, and does not decide it.
type Deviate struct{}

func (Deviate) Name() domain.CommandName { return "enforcement.deviate" }

func (Deviate) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

// Reads asks for the leader's own file.
func (c Deviate) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return sees(domain.OfficerID(act.Actor))
}

func (c Deviate) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := s.in("deviated from its tier", StatusOpen); err != nil {
		return nil, err
	}
	d := s.Deviation
	if d.AskedBy == "" || d.Approver != "" {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "nobody asked for a deviation, or it was granted").Under(book.Enforcement.Discretion)
	}
	if err := domain.First(s.second(d.AskedBy, act, book.Enforcement.Discretion),
		s.unbiased("actor", act.Actor, book.Calendar.Day(act.OccurredAt), act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Deviated{s.Unit, d.Tier, d.Amount, d.Reason, d.AskedBy, act.Actor}}, nil
}

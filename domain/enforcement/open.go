package enforcement

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// Opened: the agency took up an administrative act 立案.
type Opened struct {
	ActKind          Kind          `json:"kind"`
	Unit             domain.UnitID `json:"unit"`
	Procedure        domain.NormID `json:"procedure"`
	ProcedureVersion int           `json:"procedureVersion"`
	Benchmark        domain.NormID `json:"benchmark,omitzero"`
	// Party is the digest of who it is about.
	PartyKind PartyKind          `json:"partyKind"`
	Party     string             `json:"party"`
	Officers  []domain.OfficerID `json:"officers"`
	Matter    string             `json:"matter"`
	// DeedOn is the day of what the act answers.
	DeedOn domain.Date `json:"deedOn"`
	// AmountClaimed is what is at stake, in fen.
	AmountClaimed int64 `json:"amountClaimed,omitzero"`
	OnTheSpot     bool  `json:"onTheSpot"`
	// DecideBy is the last day for the decision, where there is a term.
	DecideBy domain.Date `json:"decideBy,omitzero"`
}

func (Opened) Kind() domain.Kind { return "enforcement.opened.v1" }

func (e Opened) Apply(s *Enforcement, act domain.Act) {
	s.Status, s.ActKind, s.Unit = StatusOpen, e.ActKind, e.Unit
	s.Procedure, s.ProcedureVersion, s.Benchmark = e.Procedure, e.ProcedureVersion, e.Benchmark
	s.PartyKind, s.Party, s.OnTheSpot, s.DeedOn, s.DecideBy = e.PartyKind, e.Party, e.OnTheSpot, e.DeedOn, e.DecideBy
	s.OpenedAt = act.OccurredAt
	s.Chain = join(s.Chain, act.Actor)
	s.name(e.Officers)
}

// name puts officers on the case.
func (s *Enforcement) name(officers []domain.OfficerID) {
	s.Officers = officers
	s.Investigators = join(s.Investigators, persons(officers...)...)
	s.Chain = join(s.Chain, persons(officers...)...)
}

// Open takes up an act.
type Open struct {
	// ActKind is approval, levy, penalty, inspection or trade.
	ActKind Kind          `json:"kind"`
	Unit    domain.UnitID `json:"unit"`
	// Procedure is a text of that kind in force on the day of the act.
	Procedure domain.NormID `json:"procedure"`
	// Benchmark is the benchmark of discretion, if one bounds the decision.
	Benchmark domain.NormID `json:"benchmark,omitzero"`
	// PartyKind is person or organisation; Party is the digest of who it is,
	// "sha256:" and 64 lower-case hex digits.
	PartyKind PartyKind `json:"partyKind"`
	Party     string    `json:"party"`
	// Officers are on the case, each with a valid certificate.
	Officers []domain.OfficerID `json:"officers"`
	Matter   string             `json:"matter"`
	// DeedOn is the day of the act when absent.
	DeedOn domain.Date `json:"deedOn,omitzero"`
	// AmountClaimed in fen.
	AmountClaimed int64 `json:"amountClaimed,omitzero"`
	// OnTheSpot: a small penalty decided by the officers at once.
	OnTheSpot bool `json:"onTheSpot,omitzero"`
}

func (Open) Name() domain.CommandName { return "enforcement.open" }

func (Open) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleLeader} }

// Reads asks for the texts the act is bound to and the files of the officers.
func (c Open) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return append(sees(c.Officers...), c.Procedure, c.Benchmark, domain.OfficerID(act.Actor))
}

func (c Open) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this act is on file already")
	}
	today := book.Calendar.Day(act.OccurredAt)
	if c.DeedOn.IsZero() {
		c.DeedOn = today
	}
	if err := c.check(today); err != nil {
		return nil, err
	}
	s.Party, s.Unit = c.Party, c.Unit
	if err := domain.First(enough(c.Officers, book), s.certified("officers", c.Officers, today, act, book),
		s.unbiased("actor", act.Actor, today, act, book)); err != nil {
		return nil, err
	}
	version, err := c.bind(today, act, book)
	if err != nil {
		return nil, err
	}
	return []domain.Event{Opened{
		ActKind: c.ActKind, Unit: c.Unit, Procedure: c.Procedure, ProcedureVersion: version.Number, Benchmark: c.Benchmark,
		PartyKind: c.PartyKind, Party: c.Party, Officers: c.Officers, Matter: c.Matter, DeedOn: c.DeedOn,
		AmountClaimed: c.AmountClaimed, OnTheSpot: c.OnTheSpot, DecideBy: c.decideBy(today, book),
	}}, nil
}

// check refuses malformed fields.
func (c Open) check(today domain.Date) error {
	if err := domain.First(
		domain.CheckOneOf("kind", c.ActKind, KindApproval, KindLevy, KindPenalty, KindInspection, KindTrade), domain.CheckID("unit", c.Unit),
		domain.CheckID("procedure", c.Procedure), domain.CheckOptionalID("benchmark", c.Benchmark),
		domain.CheckOneOf("partyKind", c.PartyKind, PartyPerson, PartyOrganisation), domain.CheckDigest("party", c.Party),
		domain.CheckIDs("officers", c.Officers), domain.CheckText("matter", c.Matter)); err != nil {
		return err
	}
	switch {
	case c.AmountClaimed < 0:
		return domain.Refuse(domain.CodeInvalid, "amountClaimed", "is negative")
	case c.DeedOn.After(today):
		return domain.Refuse(domain.CodeInvalid, "deedOn", "%s lies after the day of the act, %s", c.DeedOn, today)
	case c.OnTheSpot && c.ActKind != KindPenalty:
		return domain.Refuse(domain.CodeInvalid, "onTheSpot", "only a penalty is imposed on the spot")
	}
	return nil
}

// bind returns the version of the procedure in force, and refuses texts that
// cannot carry the act.
func (c Open) bind(today domain.Date, act domain.Act, book *domain.Rulebook) (norm.Version, error) {
	text := domain.See[norm.Norm](act, c.Procedure)
	version, ok := text.InForce(today)
	if !ok || text.NormKind != norm.KindProcedure {
		return version, domain.Refuse(domain.CodeRule, "procedure", "%s is no procedure in force on %s", c.Procedure, today).Under(book.Enforcement.Override)
	}
	if c.ActKind == KindPenalty && !c.OnTheSpot {
		for _, kind := range book.Enforcement.PenaltySteps {
			if !slices.ContainsFunc(version.Steps, func(s norm.Step) bool { return string(s.StepKind) == kind && !s.Optional }) {
				return version, domain.Refuse(domain.CodeRule, "procedure", "%s (version %d) lacks a step that no penalty may go without: %s", c.Procedure, version.Number, kind).
					Under(book.Enforcement.PenaltyStepsSource)
			}
		}
	}
	if c.Benchmark == "" {
		return version, nil
	}
	text = domain.See[norm.Norm](act, c.Benchmark)
	_, then := text.InForce(c.DeedOn)
	_, now := text.InForce(today)
	if (!then && !now) || text.NormKind != norm.KindBenchmark {
		return version, domain.Refuse(domain.CodeRule, "benchmark", "%s is no benchmark in force on %s or %s", c.Benchmark, c.DeedOn, today).Under(book.Enforcement.Discretion)
	}
	return version, nil
}

// decideBy returns the last day for the decision; zero where there is no
// term.
func (c Open) decideBy(today domain.Date, book *domain.Rulebook) domain.Date {
	var term domain.Term
	switch c.ActKind {
	case KindPenalty:
		term = book.Enforcement.Decide
	case KindApproval:
		term = book.Enforcement.DecideLicence
	}
	if term.IsZero() {
		return domain.Date{}
	}
	return term.After(today, book.Calendar)
}

// OfficersReplaced: others are on the case from now on.
type OfficersReplaced struct {
	Officers []domain.OfficerID `json:"officers"`
	Reason   string             `json:"reason"`
}

func (OfficersReplaced) Kind() domain.Kind { return "enforcement.officers_replaced.v1" }

func (e OfficersReplaced) Apply(s *Enforcement, act domain.Act) { s.name(e.Officers) }

// ReplaceOfficers puts others on the case, such as when one must stand back
// (回避) or lost the certificate. Those named are all who are on it then.
type ReplaceOfficers struct {
	Officers []domain.OfficerID `json:"officers"`
	Reason   string             `json:"reason"`
}

func (ReplaceOfficers) Name() domain.CommandName { return "enforcement.replace_officers" }

func (ReplaceOfficers) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

// Reads asks for the files of those named and of the leader.
func (c ReplaceOfficers) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return append(sees(c.Officers...), domain.OfficerID(act.Actor))
}

func (c ReplaceOfficers) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	today := book.Calendar.Day(act.OccurredAt)
	if err := domain.First(s.in("given other officers", StatusOpen, StatusDecided), domain.CheckIDs("officers", c.Officers),
		domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	if err := domain.First(enough(c.Officers, book), s.certified("officers", c.Officers, today, act, book),
		s.unbiased("actor", act.Actor, today, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{OfficersReplaced(c)}, nil
}

package sanction

import (
	"github.com/probity-ledger/probity/domain"
)

// Stage is a step of appeal.
type Stage string

// The stages of appeal.
const (
	StageAppeal   Stage = "appeal"   // 复审
	StageRereview Stage = "rereview" // 复核
)

// Outcome is what became of an appeal.
type Outcome string

// The outcomes of an appeal.
const (
	OutcomeUpheld     Outcome = "upheld"     // 维持
	OutcomeVaried     Outcome = "varied"     // 变更
	OutcomeOverturned Outcome = "overturned" // 撤销
)

// Appealed: the person asked for the appeal or, after it, the re-review.
// Neither stops the execution.
type Appealed struct {
	Officer domain.OfficerID `json:"officer"`
	Stage   Stage            `json:"stage"`
	Ground  string           `json:"ground"`
}

func (Appealed) Kind() domain.Kind { return "sanction.appealed.v1" }

func (e Appealed) Apply(s *Sanction, act domain.Act) {
	s.OpenStage, s.ReachedAt = e.Stage, act.OccurredAt
}

// Appeal asks the deciding body to look again (复审).
type Appeal struct {
	Ground string `json:"ground"`
}

func (Appeal) Name() domain.CommandName { return "sanction.appeal" }

func (Appeal) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleHR} }

// Decide refuses an appeal by anyone but the person (HR may file it for
// them), a second one, and one after the term. The term runs from the day
// the decision was served; before, it has not begun.
func (c Appeal) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("appealed", StatusImposed, StatusReleased), s.own(act, "appeal"), s.inOrder(act), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.OpenStage != "" || s.LastStage != "" {
		return nil, domain.Refuse(domain.CodeState, "", "it was appealed already; after the decision ask for the re-review").Under(book.Sanction.AppealSource)
	}
	if !s.ServedOn.IsZero() {
		if err := inTerm(book.Sanction.AskAppeal, s.ServedOn, act, book); err != nil {
			return nil, err
		}
	}
	return []domain.Event{Appealed{s.Officer, StageAppeal, c.Ground}}, nil
}

// AskRereview asks the body above to look at the decided appeal (复核).
type AskRereview struct {
	Ground string `json:"ground"`
}

func (AskRereview) Name() domain.CommandName { return "sanction.ask_rereview" }

func (AskRereview) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleHR} }

// Decide refuses before the appeal was decided, after the term that runs
// from that decision, and a second time.
func (c AskRereview) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("re-reviewed", StatusImposed, StatusReleased), s.own(act, "ask for the re-review"), s.inOrder(act), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.OpenStage == StageRereview || s.LastStage == StageRereview {
		return nil, domain.Refuse(domain.CodeState, "", "the re-review was asked for already; it is the last stage").Under(book.Sanction.AppealSource)
	}
	if s.LastStage != StageAppeal {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "the appeal must be decided first").Under(book.Sanction.AppealSource)
	}
	if err := inTerm(book.Sanction.AskReReview, book.Calendar.Day(s.AppealDecidedAt), act, book); err != nil {
		return nil, err
	}
	return []domain.Event{Appealed{s.Officer, StageRereview, c.Ground}}, nil
}

// inTerm refuses what is asked for after the term that began on the day.
// Persons who ask for themselves ask when it is recorded; what HR files for
// them was handed in on the day that is said.
func inTerm(term domain.Term, start domain.Date, act domain.Act, book *domain.Rulebook) error {
	on := act.OccurredAt
	if act.Role == domain.RoleOfficer && act.RecordedAt.After(on) {
		on = act.RecordedAt
	}
	if last := term.After(start, book.Calendar); book.Calendar.Day(on).After(last) {
		return domain.Refuse(domain.CodeTooLate, "", "the term ran from %s to %s", start, last).Under(term.Source)
	}
	return nil
}

// AppealDecided: the appeal or re-review was answered. A Varied or Overturned
// follows in the same append where the outcome says so.
type AppealDecided struct {
	Officer domain.OfficerID `json:"officer"`
	Stage   Stage            `json:"stage"`
	Outcome Outcome          `json:"outcome"`
	Opinion string           `json:"opinion"`
}

func (AppealDecided) Kind() domain.Kind { return "sanction.appeal_decided.v1" }

func (e AppealDecided) Apply(s *Sanction, act domain.Act) {
	s.OpenStage, s.LastStage, s.AppealDecidedAt = "", e.Stage, act.OccurredAt
	s.ReachedAt = act.OccurredAt
}

// DecideAppeal answers the appeal or re-review that is open.
type DecideAppeal struct {
	// Outcome is upheld, varied or overturned.
	Outcome Outcome `json:"outcome"`
	Opinion string  `json:"opinion"`
	// Measure and Months say what a varied sanction becomes: a milder
	// measure, or the same for fewer months.
	Measure domain.Measure `json:"measure,omitzero"`
	Months  int            `json:"months,omitzero"`
}

func (DecideAppeal) Name() domain.CommandName { return "sanction.decide_appeal" }

func (DecideAppeal) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c DecideAppeal) Reads(s Sanction, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

// Decide returns the decision and, as the outcome says, the variation or the
// overturning with it. It refuses a variation that is heavier, or none, and
// whoever has a tie to the person.
func (c DecideAppeal) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("decided on appeal", StatusImposed, StatusReleased), s.apart(act, book, "decide on"),
		domain.CheckOneOf("outcome", c.Outcome, OutcomeUpheld, OutcomeVaried, OutcomeOverturned), domain.CheckText("opinion", c.Opinion)); err != nil {
		return nil, err
	}
	if s.OpenStage == "" {
		return nil, domain.Refuse(domain.CodeState, "", "no appeal is open")
	}
	if c.Outcome != OutcomeVaried && (c.Measure != "" || c.Months != 0) {
		return nil, domain.Refuse(domain.CodeInvalid, "measure", "only a varied sanction gets another measure or length")
	}
	if err := domain.First(s.impartial(act, book), s.inOrder(act)); err != nil {
		return nil, err
	}
	decided := AppealDecided{s.Officer, s.OpenStage, c.Outcome, c.Opinion}
	switch c.Outcome {
	case OutcomeVaried:
		varied, err := c.vary(s, book)
		if err != nil {
			return nil, err
		}
		return []domain.Event{decided, varied}, nil
	case OutcomeOverturned:
		return []domain.Event{decided, Overturned{s.Officer, c.Opinion, s.Restricted, s.CertificateSuspended}}, nil
	}
	return []domain.Event{decided}, nil
}

// vary keeps the first day of effect, so that the time already borne counts.
func (c DecideAppeal) vary(s Sanction, book *domain.Rulebook) (Varied, error) {
	if c.Measure == "" && c.Months == 0 {
		return Varied{}, domain.Refuse(domain.CodeInvalid, "measure", "say what the sanction becomes: a milder measure or fewer months")
	}
	if c.Measure == "" {
		c.Measure = s.Measure
	}
	e, err := s.milder(book, c.Measure, c.Months, book.Sanction.AppealSource)
	if err != nil {
		return Varied{}, err
	}
	if e.Measure == s.Measure && e.months == s.Months {
		return Varied{}, domain.Refuse(domain.CodeInvalid, "measure", "is what was imposed already; uphold it instead")
	}
	i := e.imposed(s, s.From, book)
	return Varied{
		Officer: i.Officer, Case: i.Case, DeedOn: i.DeedOn,
		Measure: i.Measure, Months: i.Months, From: i.From, Until: i.Until, ForGood: i.ForGood,
		BarsPromotion: i.BarsPromotion, BarsPayRise: i.BarsPayRise, BarsHonours: i.BarsHonours,
		SuspendsCertificate: i.SuspendsCertificate, RestoresRank: i.RestoresRank,
		Rulebook: i.Rulebook, RulebookVersion: i.RulebookVersion,
		LiftsRestriction:    s.Restricted && !i.Restricts(),
		RestoresCertificate: s.CertificateSuspended && !i.SuspendsCertificate,
	}, nil
}

// Varied: an appeal made the measure milder. It is in force in its new form,
// counted from the first day of the old; where the new period is over, its
// release is due.
type Varied struct {
	Officer             domain.OfficerID `json:"officer"`
	Case                domain.CaseID    `json:"case,omitzero"`
	DeedOn              domain.Date      `json:"deedOn,omitzero"`
	Measure             domain.Measure   `json:"measure"`
	Months              int              `json:"months,omitzero"`
	From                domain.Date      `json:"from"`
	Until               domain.Date      `json:"until,omitzero"`
	ForGood             bool             `json:"forGood"`
	BarsPromotion       bool             `json:"barsPromotion"`
	BarsPayRise         bool             `json:"barsPayRise"`
	BarsHonours         bool             `json:"barsHonours"`
	SuspendsCertificate bool             `json:"suspendsCertificate"`
	RestoresRank        bool             `json:"restoresRank"`
	// Rulebook and RulebookVersion are those under which the milder measure
	// was taken, as in Imposed.
	Rulebook        domain.RulebookID `json:"rulebook"`
	RulebookVersion string            `json:"rulebookVersion"`
	// LiftsRestriction and RestoresCertificate tell what the old measure
	// held and the new one does not.
	LiftsRestriction    bool `json:"liftsRestriction"`
	RestoresCertificate bool `json:"restoresCertificate"`
}

func (Varied) Kind() domain.Kind { return "sanction.varied.v2" }

func (e Varied) Apply(s *Sanction, act domain.Act) {
	s.Status, s.DecidedAt, s.Executed = StatusImposed, act.OccurredAt, false
	s.Officer, s.Case, s.Measure, s.Months = e.Officer, e.Case, e.Measure, e.Months
	if !e.DeedOn.IsZero() {
		s.DeedOn = e.DeedOn
	}
	s.From, s.Until, s.ForGood, s.RestoresRank = e.From, e.Until, e.ForGood, e.RestoresRank
	s.Restricted, s.CertificateSuspended = e.Restricts(), s.CertificateSuspended && !e.RestoresCertificate
}

// Overturned: an appeal annulled the measure. LiftsRestriction and
// RestoresCertificate tell what it held until now.
type Overturned struct {
	Officer             domain.OfficerID `json:"officer"`
	Ground              string           `json:"ground"`
	LiftsRestriction    bool             `json:"liftsRestriction"`
	RestoresCertificate bool             `json:"restoresCertificate"`
}

func (Overturned) Kind() domain.Kind { return "sanction.overturned.v1" }

func (e Overturned) Apply(s *Sanction, act domain.Act) {
	s.Status, s.Restricted, s.CertificateSuspended = StatusOverturned, false, false
}

package enforcement

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
)

// Body is who reviewed the act.
type Body string

// The bodies that review.
const (
	BodyReconsideration Body = "reconsideration" // 行政复议
	BodyCourt           Body = "court"           // 行政诉讼
)

// Result is what a review made of the act.
type Result string

// The results of a review.
const (
	ResultUpheld     Result = "upheld"     // 维持
	ResultVaried     Result = "varied"     // 变更
	ResultOverturned Result = "overturned" // 撤销, 确认违法
)

// Reviewed: reconsideration or a court judged the act.
type Reviewed struct {
	ActKind  Kind               `json:"kind"`
	Unit     domain.UnitID      `json:"unit"`
	Officers []domain.OfficerID `json:"officers"`
	Body     Body               `json:"body"`
	Outcome  Result             `json:"outcome"`
	On       domain.Date        `json:"on"`
	Ground   string             `json:"ground"`
	// Amount is what a varied decision comes to, in fen.
	Amount int64 `json:"amount,omitzero"`
	// RetractBy is the day by which the publication of a varied or overturned
	// penalty is retracted; FaultReviewBy that by which the fault of an
	// overturned act is reviewed.
	RetractBy     domain.Date `json:"retractBy,omitzero"`
	FaultReviewBy domain.Date `json:"faultReviewBy,omitzero"`
}

func (Reviewed) Kind() domain.Kind { return "enforcement.reviewed.v1" }

func (e Reviewed) Apply(s *Enforcement, act domain.Act) {
	switch e.Outcome {
	case ResultOverturned:
		s.Overturned, s.FaultReviewBy = true, e.FaultReviewBy
	case ResultVaried:
		s.Varied = true
	}
}

// Review files what reconsideration or a court made of a decided act. It is
// filed by somebody who had no hand in the act. Where it was varied or
// overturned, the items about it that the act knows of are called back.
type Review struct {
	// Body is reconsideration or court; Outcome upheld, varied or overturned.
	Body    Body   `json:"body"`
	Outcome Result `json:"outcome"`
	// On is the day of their decision; that of the act when absent.
	On     domain.Date `json:"on,omitzero"`
	Ground string      `json:"ground"`
	// Amount in fen, where the decision was varied.
	Amount int64 `json:"amount,omitzero"`
}

func (Review) Name() domain.CommandName { return "enforcement.review" }

func (Review) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleHandler, domain.RoleLeader}
}

func (c Review) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("reviewed", StatusDecided, StatusClosed), s.outside(act, book),
		domain.CheckOneOf("body", c.Body, BodyReconsideration, BodyCourt), domain.CheckOneOf("outcome", c.Outcome, ResultUpheld, ResultVaried, ResultOverturned),
		domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.Overturned {
		return nil, domain.Refuse(domain.CodeState, "", "the act was overturned already")
	}
	if c.Amount < 0 || (c.Amount > 0 && c.Outcome != ResultVaried) {
		return nil, domain.Refuse(domain.CodeInvalid, "amount", "is not negative, and only a varied decision has another")
	}
	on, err := dayOf(c.On, s.DecidedOn, act, book)
	if err != nil {
		return nil, err
	}
	e := Reviewed{ActKind: s.ActKind, Unit: s.Unit, Officers: s.Officers, Body: c.Body, Outcome: c.Outcome, On: on, Ground: c.Ground, Amount: c.Amount}
	if c.Outcome != ResultUpheld && s.ActKind == KindPenalty {
		e.RetractBy = book.Enforcement.Retract.After(on, book.Calendar)
	}
	if c.Outcome == ResultOverturned {
		e.FaultReviewBy = book.Enforcement.FaultReview.After(on, book.Calendar)
	}
	return append([]domain.Event{e}, s.recall(c.Outcome)...), nil
}

// outside refuses who had a hand in the act.
func (s Enforcement) outside(act domain.Act, book *domain.Rulebook) error {
	if s.Concerns(act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s had a hand in the act; another person must do this", act.Actor).Under(book.Enforcement.Fault)
	}
	return nil
}

// FaultReviewed: it was judged whether somebody is at fault for an act that
// was overturned or varied 执法过错责任.
type FaultReviewed struct {
	Unit  domain.UnitID `json:"unit"`
	Found bool          `json:"found"`
	// Officers are those at fault.
	Officers []domain.OfficerID `json:"officers,omitempty"`
	Opinion  string             `json:"opinion"`
	// DaysLate counts the days past the term.
	DaysLate int `json:"daysLate,omitzero"`
}

func (FaultReviewed) Kind() domain.Kind { return "enforcement.fault_reviewed.v1" }

func (e FaultReviewed) Apply(s *Enforcement, act domain.Act) { s.FaultReviewed = true }

// ReviewFault judges it, by somebody who had no hand in the act.
type ReviewFault struct {
	Found bool `json:"found"`
	// Officers are those at fault, all of them from among who had a hand in
	// the act; none where no fault is found.
	Officers []domain.OfficerID `json:"officers,omitempty"`
	Opinion  string             `json:"opinion"`
}

func (ReviewFault) Name() domain.CommandName { return "enforcement.review_fault" }

func (ReviewFault) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c ReviewFault) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("reviewed for fault", StatusDecided, StatusClosed), s.outside(act, book),
		domain.CheckIDs("officers", c.Officers), domain.CheckText("opinion", c.Opinion)); err != nil {
		return nil, err
	}
	switch {
	case !s.Overturned && !s.Varied:
		return nil, domain.Refuse(domain.CodeState, "", "the act was neither overturned nor varied")
	case s.FaultReviewed:
		return nil, domain.Refuse(domain.CodeExists, "", "the fault was reviewed already")
	case c.Found != (len(c.Officers) > 0):
		return nil, domain.Refuse(domain.CodeInvalid, "officers", "name those at fault where a fault is found, and nobody where none is")
	}
	for _, o := range c.Officers {
		if !s.Concerns(domain.ActorID(o)) {
			return nil, domain.Refuse(domain.CodeInvalid, "officers", "%s had no hand in the act", o)
		}
	}
	return []domain.Event{FaultReviewed{s.Unit, c.Found, c.Officers, c.Opinion, book.Calendar.Day(act.OccurredAt).DaysPast(s.FaultReviewBy)}}, nil
}

// Closed: nothing of the act is left to do 结案.
type Closed struct {
	Unit domain.UnitID `json:"unit"`
	// Overrides counts the steps left out by an override.
	Overrides int `json:"overrides,omitzero"`
}

func (Closed) Kind() domain.Kind { return "enforcement.closed.v1" }

func (e Closed) Apply(s *Enforcement, act domain.Act) { s.Status = StatusClosed }

// Close ends a decided act: every step of the procedure that is not optional
// was taken or overridden, unless the act was terminated or overturned; and
// the fault of an overturned act was reviewed.
type Close struct{}

func (Close) Name() domain.CommandName { return "enforcement.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleLeader} }

// Reads asks for the procedure.
func (c Close) Reads(s Enforcement, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Procedure}
}

func (c Close) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := s.in("closed", StatusDecided); err != nil {
		return nil, err
	}
	if s.Overturned && !s.FaultReviewed {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "the act was overturned; review whose fault it is, by %s", s.FaultReviewBy).Under(book.Enforcement.Fault)
	}
	e := Closed{Unit: s.Unit}
	for _, step := range s.procedure(act).Steps {
		if _, ok := s.taken(step.Code); ok || step.Optional {
			continue
		}
		switch {
		case s.overridden(step.Code):
			e.Overrides++
		case s.Outcome != OutcomeTerminated && !s.Overturned:
			return nil, domain.Refuse(domain.CodeIncomplete, "step", "step %s (%s) is missing", step.Code, step.StepName).Under(s.after(step, book))
		}
	}
	return []domain.Event{e}, nil
}

// after names the law behind a step that follows a penalty.
func (s Enforcement) after(step norm.Step, book *domain.Rulebook) string {
	if s.ActKind == KindPenalty && step.StepKind == norm.StepServe {
		return book.Enforcement.Serve.Source
	}
	return s.rule()
}

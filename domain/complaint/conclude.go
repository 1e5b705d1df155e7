package complaint

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// Result is what the handling of a complaint came to.
type Result string

// The results.
const (
	ResultSubstantiated    Result = "substantiated"     // 属实
	ResultPartly           Result = "partly"            // 部分属实
	ResultNotSubstantiated Result = "not_substantiated" // 无法证实
	ResultUnfounded        Result = "unfounded"         // 不属实
)

// BearsOut tells whether the result confirms the complaint, wholly or in
// part.
func (r Result) BearsOut() bool { return r == ResultSubstantiated || r == ResultPartly }

// Concluded: the handler concluded what is true of the complaint.
type Concluded struct {
	Result  Result `json:"result"`
	Conduct string `json:"conduct,omitzero"`
	// Unit is where it happened; Officers are those found responsible.
	Unit     domain.UnitID      `json:"unit,omitzero"`
	Officers []domain.OfficerID `json:"officers,omitempty"`
	// NamingReason says why officers are named whom the complaint did not.
	NamingReason string            `json:"namingReason,omitzero"`
	Opinion      string            `json:"opinion"`
	Evidence     []domain.Evidence `json:"evidence,omitempty"`
	// DaysLate counts the days past the term for the conclusion.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Concluded) Kind() domain.Kind { return "complaint.concluded.v1" }

func (e Concluded) Apply(c *Complaint, act domain.Act) {
	c.Status, c.Result, c.ConcludedAt = StatusConcluded, e.Result, act.OccurredAt
	c.Concluders = append(slices.Clip(c.Concluders), act.Actor)
	for _, o := range e.Officers {
		if !slices.Contains(c.Officers, o) {
			c.Officers = append(slices.Clip(c.Officers), o)
		}
	}
}

// Conclude ends the handling. Only the assigned handler gives it, and only
// while no tie to the officers and the unit it concerns has come up since the
// assignment; another handler is assigned then.
type Conclude struct {
	// Result is substantiated, partly, not_substantiated or unfounded.
	Result Result `json:"result"`
	// Conduct says what was done; required where the complaint is borne out.
	Conduct string `json:"conduct,omitzero"`
	// Unit is where it happened; the unit complained about when empty.
	Unit domain.UnitID `json:"unit,omitzero"`
	// Officers are those found responsible: none unless the complaint is
	// borne out, and then at least one, or the unit.
	Officers []domain.OfficerID `json:"officers,omitempty"`
	// NamingReason is required where an officer is named whom the complaint
	// did not name.
	NamingReason string            `json:"namingReason,omitzero"`
	Opinion      string            `json:"opinion"`
	Evidence     []domain.Evidence `json:"evidence,omitempty"`
}

func (Conclude) Name() domain.CommandName { return "complaint.conclude" }

func (Conclude) By() []domain.Role { return []domain.Role{domain.RoleHandler} }

func (c Conclude) Reads(s Complaint, act domain.Act) []domain.Reference {
	return c.matter(s).Files(act.Actor)
}

// matter also takes in those whom only the conclusion names.
func (c Conclude) matter(s Complaint) officer.Matter {
	m := s.matter(c.Officers...)
	m.Units = append(m.Units, c.Unit)
	return m
}

func (c Conclude) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("concluded", StatusAccepted), s.unconcerned(act, book), s.handledBy(act)); err != nil {
		return nil, err
	}
	if c.Unit == "" {
		c.Unit = s.Unit
	}
	if err := domain.First(
		domain.CheckOneOf("result", c.Result, ResultSubstantiated, ResultPartly, ResultNotSubstantiated, ResultUnfounded),
		domain.CheckOptionalText("conduct", c.Conduct), domain.CheckOptionalID("unit", c.Unit), domain.CheckIDs("officers", c.Officers),
		domain.CheckOptionalText("namingReason", c.NamingReason), domain.CheckText("opinion", c.Opinion),
		domain.CheckEvidence("evidence", c.Evidence), c.checkResponsible(s, act, book),
		c.matter(s).Impartial("actor", act.Actor, act, book, book.Complaint.BarRecused)); err != nil {
		return nil, err
	}
	late := book.Calendar.Day(act.OccurredAt).DaysPast(s.Due)
	return []domain.Event{Concluded{c.Result, c.Conduct, c.Unit, c.Officers, c.NamingReason, c.Opinion, c.Evidence, late}}, nil
}

// checkResponsible holds the result against those it makes responsible.
func (c Conclude) checkResponsible(s Complaint, act domain.Act, book *domain.Rulebook) error {
	if !c.Result.BearsOut() {
		if len(c.Officers) > 0 {
			return domain.Refuse(domain.CodeInvalid, "officers", "a complaint that is %s makes no officer responsible", c.Result)
		}
		return nil
	}
	if c.Conduct == "" {
		return domain.Refuse(domain.CodeInvalid, "conduct", "is required where the complaint is %s", c.Result)
	}
	if len(c.Officers) == 0 && c.Unit == "" {
		return domain.Refuse(domain.CodeInvalid, "officers", "name the officers found responsible, or the unit while none is identified")
	}
	for _, o := range c.Officers {
		if domain.ActorID(o) == act.Actor {
			return domain.Refuse(domain.CodeConflict, "officers", "%s cannot conclude on their own conduct; another person must handle this", o).Under(book.Complaint.BarRecused)
		}
		if c.NamingReason == "" && !slices.Contains(s.Officers, o) {
			return domain.Refuse(domain.CodeInvalid, "namingReason", "is required: the complaint did not name %s", o)
		}
	}
	return nil
}

// handledBy refuses unless the one who acts is the assigned handler.
func (c Complaint) handledBy(act domain.Act) error {
	if c.Handler == "" {
		return domain.Refuse(domain.CodeIncomplete, "", "no handler is assigned")
	}
	if c.Handler != act.Actor {
		return domain.Refuse(domain.CodeForbidden, "actor", "only the assigned handler, %s, may do this", c.Handler)
	}
	return nil
}

// Answered: the reporter was told the result.
type Answered struct {
	Answer string `json:"answer"`
	// DaysLate counts the days past the term for feedback, where the rulebook
	// has one, else for answering a real-name reporter.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Answered) Kind() domain.Kind { return "complaint.answered.v1" }

func (e Answered) Apply(c *Complaint, act domain.Act) {
	c.Status, c.AnsweredAt, c.Rated = StatusAnswered, act.OccurredAt, false
}

// Answer tells the reporter the result, by name, or by receipt code where
// the report is anonymous. It needs a conclusion.
type Answer struct {
	Answer string `json:"answer"`
}

func (Answer) Name() domain.CommandName { return "complaint.answer" }

func (Answer) By() []domain.Role { return []domain.Role{domain.RoleHandler, domain.RoleIntake} }

func (c Answer) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("answered", StatusConcluded), s.unconcerned(act, book), domain.CheckText("answer", c.Answer)); err != nil {
		return nil, err
	}
	if act.Role == domain.RoleHandler {
		if err := s.handledBy(act); err != nil {
			return nil, err
		}
	}
	e := Answered{Answer: c.Answer, DaysLate: s.feedbackLate(act, book)}
	if s.RealName && book.Reporting.Feedback.IsZero() {
		e.DaysLate = daysLate(s.ConcludedAt, book.Complaint.AnswerRealName, act, book)
	}
	return []domain.Event{e}, nil
}

// Grade is how satisfied a reporter is with the handling.
type Grade string

// The grades, best first.
const (
	GradeVerySatisfied      Grade = "very_satisfied"      // 非常满意
	GradeFairlyGood         Grade = "fairly_good"         // 比较好
	GradeAverage            Grade = "average"             // 一般
	GradeNeedsStrengthening Grade = "needs_strengthening" // 有待加强
)

// SatisfactionRated: the reporter rated the handling.
type SatisfactionRated struct {
	Grade Grade `json:"grade"`
}

func (SatisfactionRated) Kind() domain.Kind { return "complaint.satisfaction_rated.v1" }

func (e SatisfactionRated) Apply(c *Complaint, act domain.Act) { c.Rated = true }

// Rate says how satisfied the reporter is with the handling, once per answer.
type Rate struct {
	// Grade is very_satisfied, fairly_good, average or needs_strengthening.
	Grade Grade `json:"grade"`
}

func (Rate) Name() domain.CommandName { return "complaint.rate" }

func (Rate) By() []domain.Role { return []domain.Role{domain.RolePublic, domain.RoleIntake} }

func (c Rate) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(
		s.in("rated", StatusAnswered, StatusReviewAsked, StatusReviewDecided, StatusRereviewAsked, StatusRereviewDecided),
		s.unconcerned(act, book),
		domain.CheckOneOf("grade", c.Grade, GradeVerySatisfied, GradeFairlyGood, GradeAverage, GradeNeedsStrengthening)); err != nil {
		return nil, err
	}
	if s.Rated {
		return nil, domain.Refuse(domain.CodeState, "", "the answer was rated already")
	}
	return []domain.Event{SatisfactionRated(c)}, nil
}

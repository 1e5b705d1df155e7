package complaint

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Outcome is what a review makes of the conclusion.
type Outcome string

// The outcomes of a review.
const (
	OutcomeUpheld     Outcome = "upheld"     // 维持
	OutcomeVaried     Outcome = "varied"     // 变更
	OutcomeOverturned Outcome = "overturned" // 撤销
)

// ReviewAsked: the reporter asked for a review 申请复查.
type ReviewAsked struct {
	Ground string `json:"ground"`
}

func (ReviewAsked) Kind() domain.Kind { return "complaint.review_asked.v1" }

func (e ReviewAsked) Apply(c *Complaint, act domain.Act) {
	c.Status, c.ReviewAskedAt = StatusReviewAsked, act.OccurredAt
}

// AskReview asks for a review within the rulebook's term after the answer.
type AskReview struct {
	Ground string `json:"ground"`
}

func (AskReview) Name() domain.CommandName { return "complaint.ask_review" }

func (AskReview) By() []domain.Role { return []domain.Role{domain.RolePublic, domain.RoleIntake} }

func (c AskReview) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("put up for review", StatusAnswered), s.unconcerned(act, book), domain.CheckText("ground", c.Ground),
		inTime("a review", s.AnsweredAt, book.Complaint.AskReview, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{ReviewAsked(c)}, nil
}

// ReviewDecided: another person reviewed the conclusion 复查.
type ReviewDecided struct {
	Outcome Outcome `json:"outcome"`
	// Result is what stands from now on, where the review varied it.
	Result  Result `json:"result,omitzero"`
	Opinion string `json:"opinion"`
	// DaysLate counts the days past the term for deciding.
	DaysLate int `json:"daysLate,omitzero"`
}

func (ReviewDecided) Kind() domain.Kind { return "complaint.review_decided.v1" }

func (e ReviewDecided) Apply(c *Complaint, act domain.Act) {
	c.Status, c.ReviewDecidedAt, c.Reviewer = StatusReviewDecided, act.OccurredAt, act.Actor
	if e.Result != "" {
		c.Result = e.Result
	}
}

// DecideReview upholds, varies or overturns the conclusion. The reviewer is
// not one who concluded it, and has no tie to the matter. Overturning opens
// the complaint again; so does, and only so, a result that would bear out
// what was not borne out, for responsibility follows from a conclusion alone.
type DecideReview struct {
	// Outcome is upheld, varied or overturned.
	Outcome Outcome `json:"outcome"`
	// Result is the new result, given exactly where the outcome is varied.
	Result  Result `json:"result,omitzero"`
	Opinion string `json:"opinion"`
}

func (DecideReview) Name() domain.CommandName { return "complaint.decide_review" }

func (DecideReview) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleInspector} }

func (c DecideReview) Reads(s Complaint, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c DecideReview) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("reviewed", StatusReviewAsked), s.unconcerned(act, book),
		s.reviewable(act, book.Complaint.DecideReview.Source), s.checkOutcome(c.Outcome, c.Result, c.Opinion),
		s.matter().Impartial("actor", act.Actor, act, book, book.Complaint.BarRecused)); err != nil {
		return nil, err
	}
	late := daysLate(s.ReviewAskedAt, book.Complaint.DecideReview, act, book)
	return reopenIf(c.Outcome, act, book, ReviewDecided{c.Outcome, c.Result, c.Opinion, late}), nil
}

// RereviewAsked: the reporter asked for the re-review 申请复核.
type RereviewAsked struct {
	Ground string `json:"ground"`
}

func (RereviewAsked) Kind() domain.Kind { return "complaint.rereview_asked.v1" }

func (e RereviewAsked) Apply(c *Complaint, act domain.Act) {
	c.Status, c.RereviewAskedAt = StatusRereviewAsked, act.OccurredAt
}

// AskRereview asks for the re-review within the rulebook's term after the
// review was decided.
type AskRereview struct {
	Ground string `json:"ground"`
}

func (AskRereview) Name() domain.CommandName { return "complaint.ask_rereview" }

func (AskRereview) By() []domain.Role { return []domain.Role{domain.RolePublic, domain.RoleIntake} }

func (c AskRereview) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("put up for re-review", StatusReviewDecided), s.unconcerned(act, book), domain.CheckText("ground", c.Ground),
		inTime("a re-review", s.ReviewDecidedAt, book.Complaint.AskReReview, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{RereviewAsked(c)}, nil
}

// RereviewDecided: a third person reviewed it once more 复核, for good.
type RereviewDecided struct {
	Outcome Outcome `json:"outcome"`
	// Result is what stands from now on, where the re-review varied it.
	Result  Result `json:"result,omitzero"`
	Opinion string `json:"opinion"`
	// DaysLate counts the days past the term for deciding.
	DaysLate int `json:"daysLate,omitzero"`
}

func (RereviewDecided) Kind() domain.Kind { return "complaint.rereview_decided.v1" }

func (e RereviewDecided) Apply(c *Complaint, act domain.Act) {
	c.Status, c.RereviewDecidedAt = StatusRereviewDecided, act.OccurredAt
	if e.Result != "" {
		c.Result = e.Result
	}
}

// DecideRereview upholds, varies or overturns what stands after the review.
// Whoever decides neither concluded nor reviewed it, and has no tie to the
// matter.
type DecideRereview struct {
	// Outcome is upheld, varied or overturned.
	Outcome Outcome `json:"outcome"`
	// Result is the new result, given exactly where the outcome is varied.
	Result  Result `json:"result,omitzero"`
	Opinion string `json:"opinion"`
}

func (DecideRereview) Name() domain.CommandName { return "complaint.decide_rereview" }

func (DecideRereview) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleInspector}
}

func (c DecideRereview) Reads(s Complaint, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

func (c DecideRereview) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	source := book.Complaint.DecideReReview.Source
	if err := domain.First(s.in("re-reviewed", StatusRereviewAsked), s.unconcerned(act, book), s.reviewable(act, source)); err != nil {
		return nil, err
	}
	if act.Actor == s.Reviewer {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s decided the review; another person must decide the re-review", act.Actor).Under(source)
	}
	if err := domain.First(s.checkOutcome(c.Outcome, c.Result, c.Opinion),
		s.matter().Impartial("actor", act.Actor, act, book, book.Complaint.BarRecused)); err != nil {
		return nil, err
	}
	late := daysLate(s.RereviewAskedAt, book.Complaint.DecideReReview, act, book)
	return reopenIf(c.Outcome, act, book, RereviewDecided{c.Outcome, c.Result, c.Opinion, late}), nil
}

// Reopened: a review overturned the conclusion, so that the complaint is
// handled anew, by another person, and concluded by the day By.
type Reopened struct {
	By domain.Date `json:"by"`
}

func (Reopened) Kind() domain.Kind { return "complaint.reopened.v1" }

func (e Reopened) Apply(c *Complaint, act domain.Act) {
	c.Status, c.AcceptedAt, c.Due, c.Extended = StatusAccepted, act.OccurredAt, e.By, false
	c.Handler, c.Result = "", ""
}

// reopenIf adds the reopening to a decision that overturns.
func reopenIf(outcome Outcome, act domain.Act, book *domain.Rulebook, decided domain.Event) []domain.Event {
	if outcome != OutcomeOverturned {
		return []domain.Event{decided}
	}
	return []domain.Event{decided, Reopened{book.Complaint.Handle.After(book.Calendar.Day(act.OccurredAt), book.Calendar)}}
}

// reviewable refuses a reviewer who handled or concluded the complaint.
func (c Complaint) reviewable(act domain.Act, rule string) error {
	if act.Actor == c.Handler || slices.Contains(c.Concluders, act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s handled this complaint; another person must review it", act.Actor).Under(rule)
	}
	return nil
}

// checkOutcome holds the fields of a review against what stands now.
func (c Complaint) checkOutcome(outcome Outcome, result Result, opinion string) error {
	if err := domain.First(domain.CheckOneOf("outcome", outcome, OutcomeUpheld, OutcomeVaried, OutcomeOverturned),
		domain.CheckText("opinion", opinion)); err != nil {
		return err
	}
	if outcome != OutcomeVaried {
		if result != "" {
			return domain.Refuse(domain.CodeInvalid, "result", "is given only where the outcome is varied")
		}
		return nil
	}
	if err := domain.CheckOneOf("result", result, ResultSubstantiated, ResultPartly, ResultNotSubstantiated, ResultUnfounded); err != nil {
		return err
	}
	if result == c.Result {
		return domain.Refuse(domain.CodeInvalid, "result", "is %s already; uphold it", result)
	}
	if result.BearsOut() && !c.Result.BearsOut() {
		return domain.Refuse(domain.CodeRule, "result", "what was %s becomes %s by overturning and a new conclusion only", c.Result, result)
	}
	return nil
}

// inTime refuses what is asked for after its term. The public asks when it is
// recorded; what intake files for somebody was handed in on the day that is
// said.
func inTime(what string, start time.Time, term domain.Term, act domain.Act, book *domain.Rulebook) error {
	if act.Role == domain.RolePublic {
		act = recorded(act)
	}
	if daysLate(start, term, act, book) > 0 {
		return domain.Refuse(domain.CodeTooLate, "", "%s is asked for within %d %s", what, term.Length, term.Unit).Under(term.Source)
	}
	return nil
}

package misconduct

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Outcome is what an appeal or a re-review makes of the findings.
type Outcome string

// The outcomes.
const (
	OutcomeUpheld     Outcome = "upheld"     // 维持
	OutcomeVaried     Outcome = "varied"     // 变更
	OutcomeOverturned Outcome = "overturned" // 撤销
)

// Appealed: an officer applied for a review of the findings against them 申请复审.
type Appealed struct {
	Officer domain.OfficerID `json:"officer"`
	Ground  string           `json:"ground"`
}

func (Appealed) Kind() domain.Kind { return "misconduct.appealed.v1" }

func (e Appealed) Apply(c *Case, act domain.Act) {
	if c.appeal(e.Officer) < 0 {
		c.Appeals = append(slices.Clip(c.Appeals), AppealState{Officer: e.Officer, AskedAt: act.OccurredAt})
	}
}

// Appeal applies for a review within the rulebook's term after the
// confirmation, once for each officer. It stops nothing.
type Appeal struct {
	// Officer is the one the findings are against: whoever acts as an
	// officer, or the one on whose behalf an inspector files it.
	Officer domain.OfficerID `json:"officer"`
	Ground  string           `json:"ground"`
}

func (Appeal) Name() domain.CommandName { return "misconduct.appeal" }

func (Appeal) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleInspector} }

func (c Appeal) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("appealed", StatusConfirmed), s.inScope("officer", c.Officer), onOwnBehalf(c.Officer, act),
		domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.appeal(c.Officer) >= 0 {
		return nil, domain.Refuse(domain.CodeState, "officer", "%s has appealed already", c.Officer)
	}
	if !s.burdens(c.Officer) {
		return nil, domain.Refuse(domain.CodeState, "officer", "nothing was found against %s", c.Officer)
	}
	if err := notBefore(act, s.ConfirmedAt, "the confirmation"); err != nil {
		return nil, err
	}
	if term := book.Inquiry.AskAppeal; daysLate(s.AppealFrom, term, asked(act), book) > 0 {
		return nil, domain.Refuse(domain.CodeTooLate, "", "an appeal is made within %d %s of the confirmation", term.Length, term.Unit).Under(term.Source)
	}
	return []domain.Event{Appealed(c)}, nil
}

// burdens tells whether the findings that stand bear out anything against
// the officer.
func (c Case) burdens(officer domain.OfficerID) bool {
	return slices.ContainsFunc(c.Confirmed, func(f Finding) bool { return f.Officer == officer && f.Result.BearsOut() })
}

// onOwnBehalf refuses an officer who acts for another.
func onOwnBehalf(officer domain.OfficerID, act domain.Act) error {
	if act.Role == domain.RoleOfficer && act.Actor != domain.ActorID(officer) {
		return domain.Refuse(domain.CodeForbidden, "officer", "an officer appeals for themselves only")
	}
	return nil
}

// AppealDecided: the appeal was decided 复审决定. Where it varied, Findings
// stand in place of all earlier ones against the officer; where it
// overturned, none of them stands.
type AppealDecided struct {
	Officer  domain.OfficerID `json:"officer"`
	Outcome  Outcome          `json:"outcome"`
	Opinion  string           `json:"opinion"`
	Findings []Finding        `json:"findings,omitempty"`
	// DaysLate counts the days past the term for deciding.
	DaysLate int `json:"daysLate,omitzero"`
}

func (AppealDecided) Kind() domain.Kind { return "misconduct.appeal_decided.v2" }

func (e AppealDecided) Apply(c *Case, act domain.Act) {
	c.stand(e.Officer, e.Outcome, e.Findings)
	if i := c.appeal(e.Officer); i >= 0 {
		c.Appeals = slices.Clone(c.Appeals)
		c.Appeals[i].DecidedAt, c.Appeals[i].RereviewFrom, c.Appeals[i].Decider = act.OccurredAt, act.RecordedAt, act.Actor
	}
}

// stand works the outcome for one officer into the findings that stand.
func (c *Case) stand(officer domain.OfficerID, outcome Outcome, findings []Finding) {
	if outcome == OutcomeUpheld {
		return
	}
	c.Confirmed = slices.DeleteFunc(slices.Clone(c.Confirmed), func(f Finding) bool { return f.Officer == officer })
	c.Confirmed = append(c.Confirmed, findings...)
}

// DecideAppeal upholds, varies or overturns the findings against the officer,
// never to a heavier outcome. Whoever decides did not investigate, propose or
// confirm, and has no tie to the case.
type DecideAppeal struct {
	Officer domain.OfficerID `json:"officer"`
	// Outcome is upheld, varied or overturned.
	Outcome Outcome `json:"outcome"`
	Opinion string  `json:"opinion"`
	// Findings are what stands against this officer from now on, given
	// exactly where the outcome is varied.
	Findings []Finding `json:"findings,omitempty"`
}

func (DecideAppeal) Name() domain.CommandName { return "misconduct.decide_appeal" }

func (DecideAppeal) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c DecideAppeal) Reads(s Case, act domain.Act) []domain.Reference {
	return append(s.matter().Files(act.Actor), normsOf(c.Findings)...)
}

func (c DecideAppeal) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	term := book.Inquiry.DecideAppeal
	if err := domain.First(s.in("decided on appeal", StatusConfirmed), s.unconcerned(act, book),
		s.apart(act, "decide the appeal of", term.Source, s.Confirmer), domain.CheckID("officer", c.Officer)); err != nil {
		return nil, err
	}
	i := s.appeal(c.Officer)
	if i < 0 || !s.Appeals[i].DecidedAt.IsZero() {
		return nil, domain.Refuse(domain.CodeState, "officer", "no appeal of %s is open", c.Officer)
	}
	findings, err := s.checkOutcome(c.Officer, c.Outcome, c.Opinion, c.Findings, act, book)
	if err := domain.First(err, s.impartial("actor", act.Actor, act, book), notBefore(act, s.Appeals[i].AskedAt, "the appeal")); err != nil {
		return nil, err
	}
	return []domain.Event{AppealDecided{c.Officer, c.Outcome, c.Opinion, findings, daysLate(s.Appeals[i].AskedAt, term, recorded(act), book)}}, nil
}

// checkOutcome holds a decision on appeal against the findings that stand,
// and returns those that shall stand in their place, filled in. Whoever
// decides is a further person, so that a measure outside the matrix needs
// nobody else's approval, only a reason.
func (c Case) checkOutcome(officer domain.OfficerID, outcome Outcome, opinion string, findings []Finding, act domain.Act, book *domain.Rulebook) ([]Finding, error) {
	if err := domain.First(domain.CheckOneOf("outcome", outcome, OutcomeUpheld, OutcomeVaried, OutcomeOverturned),
		domain.CheckText("opinion", opinion)); err != nil {
		return nil, err
	}
	if outcome != OutcomeVaried {
		if len(findings) > 0 {
			return nil, domain.Refuse(domain.CodeInvalid, "findings", "are given only where the outcome is varied")
		}
		return nil, nil
	}
	findings, err := c.checked(findings, act, book)
	if err != nil {
		return nil, err
	}
	for i, f := range findings {
		if f.Officer != officer {
			return nil, domain.Refuse(domain.CodeInvalid, "findings", "entry %d: is against %s, the appeal is that of %s", i+1, f.Officer, officer)
		}
	}
	return findings, noHeavier(c.Confirmed, findings, book, book.Sanction.AppealSource)
}

// RereviewAsked: the officer applied for a re-review 申请复核.
type RereviewAsked struct {
	Officer domain.OfficerID `json:"officer"`
	Ground  string           `json:"ground"`
}

func (RereviewAsked) Kind() domain.Kind { return "misconduct.rereview_asked.v1" }

func (e RereviewAsked) Apply(c *Case, act domain.Act) {
	if i := c.appeal(e.Officer); i >= 0 {
		c.Appeals = slices.Clone(c.Appeals)
		c.Appeals[i].RereviewAskedAt = act.OccurredAt
	}
}

// AskRereview applies for a re-review within the rulebook's term after the
// appeal was decided.
type AskRereview struct {
	Officer domain.OfficerID `json:"officer"`
	Ground  string           `json:"ground"`
}

func (AskRereview) Name() domain.CommandName { return "misconduct.ask_rereview" }

func (AskRereview) By() []domain.Role { return []domain.Role{domain.RoleOfficer, domain.RoleInspector} }

func (c AskRereview) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("put up for re-review", StatusConfirmed), s.inScope("officer", c.Officer), onOwnBehalf(c.Officer, act),
		domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	i := s.appeal(c.Officer)
	switch {
	case i < 0 || s.Appeals[i].DecidedAt.IsZero():
		return nil, domain.Refuse(domain.CodeIncomplete, "officer", "no appeal of %s is decided", c.Officer).Under(book.Inquiry.AskReReview.Source)
	case !s.Appeals[i].RereviewAskedAt.IsZero():
		return nil, domain.Refuse(domain.CodeState, "officer", "%s has asked for the re-review already", c.Officer)
	case !s.burdens(c.Officer):
		return nil, domain.Refuse(domain.CodeState, "officer", "nothing stands against %s any more", c.Officer)
	}
	if err := notBefore(act, s.Appeals[i].DecidedAt, "the decision on appeal"); err != nil {
		return nil, err
	}
	if term := book.Inquiry.AskReReview; daysLate(s.Appeals[i].RereviewFrom, term, asked(act), book) > 0 {
		return nil, domain.Refuse(domain.CodeTooLate, "", "a re-review is asked for within %d %s of the decision on appeal", term.Length, term.Unit).Under(term.Source)
	}
	return []domain.Event{RereviewAsked(c)}, nil
}

// Rereviewed: the re-review was decided 复核决定, for good. Findings as in
// AppealDecided.
type Rereviewed struct {
	Officer  domain.OfficerID `json:"officer"`
	Outcome  Outcome          `json:"outcome"`
	Opinion  string           `json:"opinion"`
	Findings []Finding        `json:"findings,omitempty"`
	// DaysLate counts the days past the term for deciding.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Rereviewed) Kind() domain.Kind { return "misconduct.rereviewed.v2" }

func (e Rereviewed) Apply(c *Case, act domain.Act) {
	c.stand(e.Officer, e.Outcome, e.Findings)
	if i := c.appeal(e.Officer); i >= 0 {
		c.Appeals = slices.Clone(c.Appeals)
		c.Appeals[i].RereviewedAt = act.OccurredAt
	}
}

// DecideRereview upholds, varies or overturns what stands after the appeal,
// never to a heavier outcome. Whoever decides took no earlier step of it, and
// has no tie to the case.
type DecideRereview struct {
	Officer domain.OfficerID `json:"officer"`
	// Outcome is upheld, varied or overturned.
	Outcome Outcome `json:"outcome"`
	Opinion string  `json:"opinion"`
	// Findings are what stands against this officer from now on, given
	// exactly where the outcome is varied.
	Findings []Finding `json:"findings,omitempty"`
}

func (DecideRereview) Name() domain.CommandName { return "misconduct.decide_rereview" }

func (DecideRereview) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c DecideRereview) Reads(s Case, act domain.Act) []domain.Reference {
	return append(s.matter().Files(act.Actor), normsOf(c.Findings)...)
}

func (c DecideRereview) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	term := book.Inquiry.DecideReReview
	if err := domain.First(s.in("re-reviewed", StatusConfirmed), s.unconcerned(act, book), domain.CheckID("officer", c.Officer)); err != nil {
		return nil, err
	}
	i := s.appeal(c.Officer)
	if i < 0 || s.Appeals[i].RereviewAskedAt.IsZero() || !s.Appeals[i].RereviewedAt.IsZero() {
		return nil, domain.Refuse(domain.CodeState, "officer", "no re-review of %s is open", c.Officer)
	}
	if err := s.apart(act, "re-review", term.Source, s.Confirmer, s.Appeals[i].Decider); err != nil {
		return nil, err
	}
	findings, err := s.checkOutcome(c.Officer, c.Outcome, c.Opinion, c.Findings, act, book)
	if err := domain.First(err, s.impartial("actor", act.Actor, act, book), notBefore(act, s.Appeals[i].RereviewAskedAt, "the request")); err != nil {
		return nil, err
	}
	return []domain.Event{Rereviewed{c.Officer, c.Outcome, c.Opinion, findings, daysLate(s.Appeals[i].RereviewAskedAt, term, recorded(act), book)}}, nil
}

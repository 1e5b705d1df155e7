package sanction

import (
	"github.com/probity-ledger/probity/domain"
)

// Proposed: a measure against a person was put forward. Months is the length
// of its effect period, absent where it has none. DeedOn is the day of the
// conduct, the latest of several acts, absent where nobody said; Discovered is
// the day from which a limitation runs.
type Proposed struct {
	Officer    domain.OfficerID `json:"officer"`
	Case       domain.CaseID    `json:"case,omitzero"`
	Measure    domain.Measure   `json:"measure"`
	Months     int              `json:"months,omitzero"`
	Conduct    string           `json:"conduct"`
	DeedOn     domain.Date      `json:"deedOn,omitzero"`
	Discovered domain.Date      `json:"discovered,omitzero"`
	Acts       []Deed           `json:"acts,omitempty"`
}

func (Proposed) Kind() domain.Kind { return "sanction.proposed.v2" }

func (e Proposed) Apply(s *Sanction, act domain.Act) {
	s.Status, s.Officer, s.Case, s.Proposer = StatusProposed, e.Officer, e.Case, act.Actor
	s.Measure, s.Months, s.Deeds = e.Measure, e.Months, e.Acts
	s.DeedOn, s.Discovered, s.ReachedAt = e.DeedOn, e.Discovered, act.OccurredAt
}

// Propose puts a measure of the ladder forward against one person.
type Propose struct {
	Officer domain.OfficerID `json:"officer"`
	// Case is the inquiry whose finding asks for it. A person names it for a
	// formal measure; an organisational one needs none.
	Case domain.CaseID `json:"case,omitzero"`
	// Measure is one of the ladder; it may be left out where Acts are given,
	// and is then the heaviest among them.
	Measure domain.Measure `json:"measure,omitzero"`
	// Months is the length of the effect period where the rule of
	// combination leaves a choice; absent, the least.
	Months int `json:"months,omitzero"`
	// Conduct says what for.
	Conduct string `json:"conduct"`
	// DeedOn is the day of the conduct, its last day where it lasted. The
	// rules of that day hold unless today's are lighter; absent, today's hold.
	// Where Acts name their days it is the latest of them.
	DeedOn domain.Date `json:"deedOn,omitzero"`
	// Discovered is the day of its discovery, for somebody who is not under
	// inquiry in the case; absent, the day of the proposal where the rulebook
	// has a limitation.
	Discovered domain.Date `json:"discovered,omitzero"`
	// Acts lists the acts where several are judged together.
	Acts []Deed `json:"acts,omitempty"`
}

func (Propose) Name() domain.CommandName { return "sanction.propose" }

func (Propose) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader, domain.RoleSystem}
}

// Both keep the event under the ledger's entry limit, as MaxText does.
const (
	maxActs     = 64
	maxActsText = 3 * domain.MaxText
)

// Reads asks for the person's file and, where a person proposes, for the case
// and what its finding proposed.
func (c Propose) Reads(s Sanction, act domain.Act) []domain.Reference {
	if act.Role == domain.RoleSystem {
		return nil
	}
	if c.Case == "" {
		return []domain.Reference{c.Officer}
	}
	return []domain.Reference{c.Officer, c.Case, OfFinding(c.Case, c.Officer)}
}

// Decide refuses a measure that is not on the ladder, one that is not the
// heaviest of several acts judged together, a period outside the rule of
// combination, and, from a person, what no case carries.
func (c Propose) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this sanction was proposed already")
	}
	if err := domain.First(domain.CheckID("officer", c.Officer), domain.CheckOptionalID("case", c.Case),
		domain.CheckText("conduct", c.Conduct), Sanction{Officer: c.Officer}.apart(act, book, "propose")); err != nil {
		return nil, err
	}
	if err := domain.First(checkActs(c.Acts, act, book), notAfter("deedOn", c.DeedOn, act, book), notAfter("discovered", c.Discovered, act, book)); err != nil {
		return nil, err
	}
	for _, a := range c.Acts {
		if a.DeedOn.After(c.DeedOn) {
			c.DeedOn = a.DeedOn
		}
	}
	if c.Discovered.IsZero() && !book.Limitation.Complete.IsZero() {
		c.Discovered = book.Calendar.Day(act.OccurredAt)
	}
	if !c.Discovered.IsZero() && c.Discovered.Before(c.DeedOn) {
		return nil, domain.Refuse(domain.CodeInvalid, "discovered", "%s lies before the conduct, %s", c.Discovered, c.DeedOn)
	}
	if c.Measure == "" && len(c.Acts) > 0 {
		heaviest, _, _ := book.Sanction.Combine(measuresOf(c.Acts))
		c.Measure = heaviest.Measure
	}
	e, err := weigh(book, c.Measure, c.Acts, c.DeedOn, c.Months)
	if err != nil {
		return nil, err
	}
	c.Months = e.months
	if act.Role != domain.RoleSystem { // a reaction follows from what was decided
		if err := c.founded(act, book); err != nil {
			return nil, err
		}
	}
	return []domain.Event{Proposed(c)}, nil
}

// notAfter refuses a day after the act; none is fine.
func notAfter(field string, d domain.Date, act domain.Act, book *domain.Rulebook) error {
	if today := book.Calendar.Day(act.OccurredAt); d.After(today) {
		return domain.Refuse(domain.CodeInvalid, field, "%s lies after the day of the act, %s", d, today)
	}
	return nil
}

func checkActs(acts []Deed, act domain.Act, book *domain.Rulebook) error {
	if len(acts) > maxActs {
		return domain.Refuse(domain.CodeInvalid, "acts", "%d acts, at most %d can be judged together", len(acts), maxActs)
	}
	text := 0
	for i, a := range acts {
		if err := domain.First(domain.CheckText("acts", a.Conduct), domain.CheckOptionalID("acts", a.Case), notAfter("acts", a.DeedOn, act, book)); err != nil {
			return err
		}
		if _, _, ok := book.Sanction.Rung(a.Measure); !ok {
			return domain.Refuse(domain.CodeInvalid, "acts", "entry %d: %q is not on the ladder of %s", i+1, a.Measure, book.ID)
		}
		if _, _, err := draws(book, "acts", a.Measure, a.DeedOn); err != nil {
			return err
		}
		text += len(a.Conduct)
	}
	if text > maxActsText {
		return domain.Refuse(domain.CodeInvalid, "acts", "the conducts are %d bytes long together, at most %d are allowed", text, maxActsText)
	}
	return nil
}

// Withdrawn: the proposal was given up before anything was imposed.
type Withdrawn struct {
	Officer domain.OfficerID `json:"officer"`
	Reason  string           `json:"reason"`
}

func (Withdrawn) Kind() domain.Kind { return "sanction.withdrawn.v1" }

func (e Withdrawn) Apply(s *Sanction, act domain.Act) { s.Status = StatusWithdrawn }

// WithdrawProposal gives the proposal up, at any step before the measure is
// imposed.
type WithdrawProposal struct {
	Reason string `json:"reason"`
}

func (WithdrawProposal) Name() domain.CommandName { return "sanction.withdraw_proposal" }

func (WithdrawProposal) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader}
}

// Decide refuses once the measure is imposed; then only an appeal helps.
func (c WithdrawProposal) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("withdrawn", StatusProposed, StatusNotified, StatusHeard, StatusApproved),
		s.apart(act, book, "withdraw"), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Withdrawn{s.Officer, c.Reason}}, nil
}

// Notified: the person was told what is held against them and which measure
// is proposed. DefenceBy is the last day for their statement, when one was
// set.
type Notified struct {
	Officer   domain.OfficerID `json:"officer"`
	DefenceBy domain.Date      `json:"defenceBy,omitzero"`
}

func (Notified) Kind() domain.Kind { return "sanction.notified.v1" }

func (e Notified) Apply(s *Sanction, act domain.Act) {
	s.Status, s.ReachedAt = StatusNotified, act.OccurredAt
}

// Notify tells the person of the proposal.
type Notify struct {
	// DefenceBy is the last day for a statement; absent, none is set.
	DefenceBy domain.Date `json:"defenceBy,omitzero"`
}

func (Notify) Name() domain.CommandName { return "sanction.notify" }

func (Notify) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleHR} }

// Reads asks for the case, to tell whether a limitation still runs.
func (c Notify) Reads(s Sanction, act domain.Act) []domain.Reference {
	return []domain.Reference{s.Case}
}

// Decide refuses a last day for the defence that has passed already, and
// notice after the limitation.
func (c Notify) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("notified", StatusProposed), s.apart(act, book, "give notice of"), s.inOrder(act), s.inTime(act, book)); err != nil {
		return nil, err
	}
	if today := book.Calendar.Day(act.OccurredAt); !c.DefenceBy.IsZero() && c.DefenceBy.Before(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "defenceBy", "%s lies before the day of the notice, %s", c.DefenceBy, today).Under(book.Sanction.DueProcess)
	}
	return []domain.Event{Notified{s.Officer, c.DefenceBy}}, nil
}

// DefenceHeard: the person made a statement, or waived it.
type DefenceHeard struct {
	Officer   domain.OfficerID `json:"officer"`
	Statement string           `json:"statement,omitzero"`
	Waived    bool             `json:"waived"`
}

func (DefenceHeard) Kind() domain.Kind { return "sanction.defence_heard.v1" }

func (e DefenceHeard) Apply(s *Sanction, act domain.Act) {
	s.Status, s.ReachedAt = StatusHeard, act.OccurredAt
}

// HearDefence records the person's statement, or that they waived it.
type HearDefence struct {
	// Statement or Waived, exactly one.
	Statement string `json:"statement,omitzero"`
	Waived    bool   `json:"waived"`
}

func (HearDefence) Name() domain.CommandName { return "sanction.hear_defence" }

func (HearDefence) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleHR, domain.RoleOfficer}
}

// Decide refuses a defence before notice was given: nobody answers a charge
// they were not told.
func (c HearDefence) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status == StatusProposed {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "the person has not been given notice yet").Under(book.Sanction.DueProcess)
	}
	if err := domain.First(s.in("defended against", StatusNotified), s.own(act, "make the defence"), s.inOrder(act),
		domain.CheckOptionalText("statement", c.Statement)); err != nil {
		return nil, err
	}
	if (c.Statement == "") != c.Waived {
		return nil, domain.Refuse(domain.CodeInvalid, "statement", "give either the statement or that it was waived")
	}
	return []domain.Event{DefenceHeard{s.Officer, c.Statement, c.Waived}}, nil
}

// Approved: another person than the proposer agreed to the measure.
type Approved struct {
	Officer domain.OfficerID `json:"officer"`
}

func (Approved) Kind() domain.Kind { return "sanction.approved.v1" }

func (e Approved) Apply(s *Sanction, act domain.Act) {
	s.Status, s.ReachedAt = StatusApproved, act.OccurredAt
}

// Approve agrees to the measure after the person was heard.
type Approve struct{}

func (Approve) Name() domain.CommandName { return "sanction.approve" }

func (Approve) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Approve) Reads(s Sanction, act domain.Act) []domain.Reference {
	return s.matter().Files(act.Actor)
}

// Decide refuses before notice and defence, and refuses the proposer, the
// person concerned and whoever has a tie to them.
func (c Approve) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if s.Status == StatusProposed || s.Status == StatusNotified {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "the person must be given notice and heard first; it is only %s", s.Status).Under(book.Sanction.DueProcess)
	}
	if err := domain.First(s.in("approved", StatusHeard), s.apart(act, book, "approve"), s.inOrder(act)); err != nil {
		return nil, err
	}
	if act.Actor == s.Proposer {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s proposed this sanction; another person must approve it", act.Actor).Under(book.Sanction.Separation)
	}
	if err := s.impartial(act, book); err != nil {
		return nil, err
	}
	return []domain.Event{Approved{s.Officer}}, nil
}

package misconduct

import (
	"slices"
	"time"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/rulebook"
)

// RuleProposal is a change of early warning that a case calls for 预警规则建议:
// what would have warned earlier, or of what was overlooked.
type RuleProposal struct {
	// Threshold is the part of the rulebook's warning rules to be changed:
	// pattern, amounts, near, test_control, at_once, acknowledge, handle,
	// screening; or new_rule for a rule that does not exist yet.
	Threshold domain.WarningThreshold `json:"threshold"`
	// Rule is the code of the rule of early warning, as in
	// "amount.near_limit"; it goes with pattern and new_rule alone.
	Rule string `json:"rule,omitzero"`
	// Change says what is to hold from then on, Reason why the case shows it.
	Change string `json:"change"`
	Reason string `json:"reason"`
}

// check refuses a proposal that does not say what is to be changed.
func (p RuleProposal) check() error {
	if err := domain.First(domain.CheckOneOf("rules", p.Threshold, domain.WarningThresholds()...), domain.CheckOptionalID("rules", p.Rule),
		domain.CheckText("rules", p.Change), domain.CheckText("rules", p.Reason)); err != nil {
		return err
	}
	switch {
	case p.Threshold.Ruled() && p.Rule == "":
		return domain.Refuse(domain.CodeInvalid, "rules", "name the rule of early warning whose %s it is", p.Threshold)
	case !p.Threshold.Ruled() && p.Rule != "":
		return domain.Refuse(domain.CodeInvalid, "rules", "%s holds for all rules; leave out %s", p.Threshold, p.Rule)
	}
	return nil
}

// RuleProposed: the analysis of the institution calls for a change of early
// warning. Nothing changes by it: thresholds stand in the rulebook alone.
type RuleProposed struct {
	// Proposal is its number in the case, from 1.
	Proposal  int                     `json:"proposal"`
	Threshold domain.WarningThreshold `json:"threshold"`
	Rule      string                  `json:"rule,omitzero"`
	Change    string                  `json:"change"`
	Reason    string                  `json:"reason"`
}

func (RuleProposed) Kind() domain.Kind { return "misconduct.rule_proposed.v1" }

func (e RuleProposed) Apply(c *Case, act domain.Act) {
	if c.proposal(e.Proposal) < 0 {
		c.Proposals = append(slices.Clip(c.Proposals), Proposal{Number: e.Proposal, Threshold: e.Threshold, Rule: e.Rule, By: act.Actor, Recorded: act.RecordedAt})
	}
}

// Answer is what became of a proposal.
type Answer string

// The answers.
const (
	AnswerAdopted  Answer = "adopted"  // 采纳
	AnswerDeclined Answer = "declined" // 不采纳
)

// ProposalAnswered: the rulebook was changed as proposed, in the version that
// is in force from the day From, or it will not be, for a reason.
type ProposalAnswered struct {
	Proposal int               `json:"proposal"`
	Answer   Answer            `json:"answer"`
	Rulebook domain.RulebookID `json:"rulebook,omitzero"`
	Version  string            `json:"version,omitzero"`
	From     domain.Date       `json:"from,omitzero"`
	Reason   string            `json:"reason,omitzero"`
}

func (ProposalAnswered) Kind() domain.Kind { return "misconduct.proposal_answered.v1" }

func (e ProposalAnswered) Apply(c *Case, act domain.Act) {
	if i := c.proposal(e.Proposal); i >= 0 {
		c.Proposals = slices.Clone(c.Proposals)
		c.Proposals[i].Answer = e.Answer
	}
}

// AnswerProposal says what became of a proposed change of early warning, also
// after the case was archived: adopted, by the version of the rulebook that
// makes it, or declined with a reason.
type AnswerProposal struct {
	// Proposal is its number in the case.
	Proposal int `json:"proposal"`
	// Answer is adopted or declined.
	Answer Answer `json:"answer"`
	// Rulebook and Version name what makes the change, where it is adopted:
	// a version that begins no earlier than the proposal.
	Rulebook domain.RulebookID `json:"rulebook,omitzero"`
	Version  string            `json:"version,omitzero"`
	// Reason says why it is declined, or what of it is adopted.
	Reason string `json:"reason,omitzero"`
}

func (AnswerProposal) Name() domain.CommandName { return "misconduct.answer_proposal" }

func (AnswerProposal) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

// Outward: a rulebook is that of the whole ledger.
func (AnswerProposal) Outward() []string { return []string{"rulebook"} }

// Reads asks for the rulebook that is named.
func (c AnswerProposal) Reads(s Case, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Rulebook}
}

// Decide refuses a version that leaves the threshold as it was. What a new
// rule looks for is in no rulebook, so of one the version is taken at its
// word.
func (c AnswerProposal) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("answered", StatusConfirmed, StatusDismissed, StatusArchived), s.unconcerned(act, book),
		domain.CheckOneOf("answer", c.Answer, AnswerAdopted, AnswerDeclined), domain.CheckOptionalID("rulebook", c.Rulebook),
		domain.CheckOptionalID("version", c.Version), domain.CheckOptionalText("reason", c.Reason)); err != nil {
		return nil, err
	}
	i := s.proposal(c.Proposal)
	switch {
	case i < 0:
		return nil, domain.Refuse(domain.CodeNotFound, "proposal", "the case makes no proposal %d", c.Proposal)
	case s.Proposals[i].Answer != "":
		return nil, domain.Refuse(domain.CodeState, "proposal", "proposal %d was %s already", c.Proposal, s.Proposals[i].Answer)
	case s.Proposals[i].By == act.Actor:
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s made the proposal; another person must answer it", act.Actor).Under(book.Warning.Separation)
	}
	e := ProposalAnswered{Proposal: c.Proposal, Answer: c.Answer, Rulebook: c.Rulebook, Version: c.Version, Reason: c.Reason}
	if c.Answer == AnswerDeclined {
		switch {
		case c.Rulebook != "" || c.Version != "":
			return nil, domain.Refuse(domain.CodeInvalid, "version", "what is declined is in no version; leave it out")
		case c.Reason == "":
			return nil, domain.Refuse(domain.CodeInvalid, "reason", "say why it is declined")
		}
		return []domain.Event{e}, nil
	}
	from, err := c.change(s.Proposals[i], act, book)
	if err != nil {
		return nil, err
	}
	e.From = from
	return []domain.Event{e}, nil
}

// change returns the first day of the version named, or refuses one that does
// not make the change.
func (c AnswerProposal) change(p Proposal, act domain.Act, book *domain.Rulebook) (domain.Date, error) {
	if c.Rulebook == "" || c.Version == "" {
		return domain.Date{}, domain.Refuse(domain.CodeInvalid, "version", "name the rulebook and the version that make the change")
	}
	versions := domain.See[rulebook.Rulebook](act, c.Rulebook).Versions
	i := slices.IndexFunc(versions, func(v rulebook.Version) bool { return v.Version == c.Version })
	if i < 0 {
		return domain.Date{}, domain.Refuse(domain.CodeNotFound, "version", "rulebook %s has no version %s; amend it first", c.Rulebook, c.Version)
	}
	from, proposed := versions[i].From, book.Calendar.Day(p.Recorded)
	if from.Before(proposed) {
		return domain.Date{}, domain.Refuse(domain.CodeInvalid, "version", "version %s begins on %s, before it was proposed, on %s", c.Version, from, proposed)
	}
	then := book.On(from)
	if then.ID != string(c.Rulebook) || then.Version != c.Version {
		return domain.Date{}, domain.Refuse(domain.CodeState, "version", "on %s the agency lives by %s, not by %s", from, then.Edition(), domain.EditionOf(string(c.Rulebook), c.Version))
	}
	if p.Threshold.Unchanged(p.Rule, &book.On(from.AddDays(-1)).Warning, &then.Warning) {
		return domain.Date{}, domain.Refuse(domain.CodeInvalid, "version", "version %s leaves %s as it was", c.Version, p.Threshold.Of(p.Rule))
	}
	return from, nil
}

// Proposal is one proposed change of early warning, and its answer.
type Proposal struct {
	Number    int
	Threshold domain.WarningThreshold
	Rule      string
	// By made it; it was recorded at Recorded.
	By       domain.ActorID
	Recorded time.Time
	// Answer is "" while there is none.
	Answer Answer
}

// proposal returns the place of the proposal of that number; -1 when there is
// none.
func (c Case) proposal(number int) int {
	return slices.IndexFunc(c.Proposals, func(p Proposal) bool { return p.Number == number })
}

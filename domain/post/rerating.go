package post

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// ReratingRequired: every risk of the post is to be graded anew, by the day
// Due. Rounds under way begin again, since they did not know the cause.
type ReratingRequired struct {
	Cause string        `json:"cause"`
	Case  domain.CaseID `json:"case,omitzero"`
	Due   domain.Date   `json:"by"`
}

func (ReratingRequired) Kind() domain.Kind { return "post.rerating_required.v1" }

func (e ReratingRequired) Apply(p *Post, act domain.Act) {
	p.Reratings = append(slices.Clone(p.Reratings), Rerating(e))
	p.Risks = slices.Clone(p.Risks)
	for i := range p.Risks {
		p.Risks[i].Round, p.Risks[i].Pending = nil, true
	}
}

// RequireRerating demands that every risk of the post be graded anew: after
// a case, a change of law or procedure, or when a year has passed.
type RequireRerating struct {
	// Cause says why.
	Cause string `json:"cause"`
	// Case is the misconduct case that taught it, if one did.
	Case domain.CaseID `json:"case,omitzero"`
	// Due is the last day for it; the rulebook's term from the act when
	// absent, and never later.
	Due domain.Date `json:"by,omitzero"`
}

func (RequireRerating) Name() domain.CommandName { return "post.require_rerating" }

func (RequireRerating) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleInspector, domain.RoleLeader, domain.RoleHR}
}

func (c RequireRerating) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.open(), domain.CheckText("cause", c.Cause), domain.CheckOptionalID("case", c.Case)); err != nil {
		return nil, err
	}
	if c.Case != "" && slices.ContainsFunc(p.Reratings, func(r Rerating) bool { return r.Case == c.Case }) {
		return nil, domain.Refuse(domain.CodeExists, "case", "case %s has called for a re-rating already, and it is not done", c.Case)
	}
	today := book.Calendar.Day(act.OccurredAt)
	latest := book.Service.ReRate.After(today, book.Calendar)
	if c.Due.IsZero() {
		c.Due = latest
	}
	if c.Due.Before(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "%s lies in the past", c.Due)
	}
	if c.Due.After(latest) {
		return nil, domain.Refuse(domain.CodeRule, "by", "a re-rating is done by %s at the latest", latest).Under(book.Service.ReRate.Source)
	}
	return []domain.Event{ReratingRequired(c)}, nil
}

package misconduct

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Archived: the case is closed for good 归档. Officers are those whose inquiry
// ends with it: none where a dismissal had ended it before.
type Archived struct {
	Officers []domain.OfficerID `json:"officers,omitempty"`
}

func (Archived) Kind() domain.Kind { return "misconduct.archived.v1" }

func (e Archived) Apply(c *Case, act domain.Act) { c.Status = StatusArchived }

// Archive closes a decided case for good. It needs both analyses, and every
// appeal decided or its term run out, since nothing can follow.
type Archive struct{}

func (Archive) Name() domain.CommandName { return "misconduct.archive" }

func (Archive) By() []domain.Role { return []domain.Role{domain.RoleInspector, domain.RoleLeader} }

func (c Archive) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("archived", StatusConfirmed, StatusDismissed), s.unconcerned(act, book)); err != nil {
		return nil, err
	}
	for _, a := range []struct {
		aspect Aspect
		done   bool
	}{{AspectPerson, s.PersonAnalysed}, {AspectInstitution, s.InstitutionAnalysed}} {
		if !a.done {
			return nil, domain.Refuse(domain.CodeIncomplete, "", "the analysis of the %s is missing", a.aspect).Under(book.Inquiry.AnalysisSource)
		}
	}
	for _, o := range s.Officers {
		if err := s.appealsOver(o, act, book); err != nil {
			return nil, err
		}
	}
	if s.Status == StatusDismissed {
		return []domain.Event{Archived{}}, nil
	}
	return []domain.Event{Archived{s.Officers}}, nil
}

// appealsOver refuses while an appeal or re-review of the officer is open, or
// can still be asked for.
func (c Case) appealsOver(officer domain.OfficerID, act domain.Act, book *domain.Rulebook) error {
	from, term := c.AppealFrom, book.Inquiry.AskAppeal
	if i := c.appeal(officer); i >= 0 {
		a := c.Appeals[i]
		if a.open() {
			return domain.Refuse(domain.CodeState, "", "an appeal of %s is open", officer).Under(book.Inquiry.DecideAppeal.Source)
		}
		from, term = a.RereviewFrom, book.Inquiry.AskReReview
		if !a.RereviewedAt.IsZero() {
			from = time.Time{}
		}
	}
	if from.IsZero() || term.IsZero() || !c.burdens(officer) {
		return nil
	}
	if last := term.After(book.Calendar.Day(from), book.Calendar); !book.Calendar.Day(act.OccurredAt).After(last) {
		return domain.Refuse(domain.CodeTooEarly, "", "%s may still appeal, up to %s", officer, last).Under(term.Source)
	}
	return nil
}

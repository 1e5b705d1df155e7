package misconduct

import (
	"time"

	"github.com/probity-ledger/probity/domain"
)

// Aspect is one of the two analyses of a case 一案双析.
type Aspect string

// The aspects.
const (
	AspectPerson      Aspect = "person"      // the person and the conduct
	AspectInstitution Aspect = "institution" // the institution and its gaps
)

// GapKind tells what let the conduct happen.
type GapKind string

// The kinds of gap.
const (
	GapControl GapKind = "control" // a control that a post lacks
	GapNorm    GapKind = "norm"    // a rule that is missing or wrong
)

// Gap is one weakness of the institution that the case brought to light.
type Gap struct {
	// Kind is control or norm.
	Kind GapKind `json:"kind"`
	// Post is where a control is missing.
	Post        domain.PostID `json:"post,omitzero"`
	Description string        `json:"description"`
}

// Analysed: the case was analysed under one aspect. A later analysis of the
// same aspect adds to the earlier.
type Analysed struct {
	Aspect Aspect `json:"aspect"`
	Text   string `json:"text"`
	Gaps   []Gap  `json:"gaps,omitempty"`
}

func (Analysed) Kind() domain.Kind { return "misconduct.analysed.v1" }

func (e Analysed) Apply(c *Case, act domain.Act) {
	switch e.Aspect {
	case AspectPerson:
		c.PersonAnalysed = true
	case AspectInstitution:
		c.InstitutionAnalysed = true
	}
}

// Analyse says what a decided case teaches: of the person and the conduct, or
// of the institution and its gaps.
type Analyse struct {
	// Aspect is person or institution.
	Aspect Aspect `json:"aspect"`
	Text   string `json:"text"`
	// Gaps are given under the institution alone; a gap of control names its
	// post.
	Gaps []Gap `json:"gaps,omitempty"`
}

func (Analyse) Name() domain.CommandName { return "misconduct.analyse" }

func (Analyse) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c Analyse) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("analysed", StatusConfirmed, StatusDismissed), s.unconcerned(act, book),
		domain.CheckOneOf("aspect", c.Aspect, AspectPerson, AspectInstitution), domain.CheckText("text", c.Text)); err != nil {
		return nil, err
	}
	if c.Aspect == AspectPerson && len(c.Gaps) > 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "gaps", "belong to the analysis of the institution").Under(book.Inquiry.AnalysisSource)
	}
	for i, g := range c.Gaps {
		if err := domain.First(domain.CheckOneOf("gaps", g.Kind, GapControl, GapNorm), domain.CheckOptionalID("gaps", g.Post),
			domain.CheckText("gaps", g.Description)); err != nil {
			return nil, entry(i+1, err)
		}
		if g.Kind == GapControl && g.Post == "" {
			return nil, domain.Refuse(domain.CodeInvalid, "gaps", "entry %d: name the post whose control is missing", i+1)
		}
	}
	return []domain.Event{Analysed(c)}, nil
}

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

package misconduct

import (
	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/norm"
	"github.com/probity-ledger/probity/domain/post"
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
	Post domain.PostID `json:"post,omitzero"`
	// Norm is the text of ours that falls short; absent where there is no such
	// rule yet.
	Norm        domain.NormID `json:"norm,omitzero"`
	Description string        `json:"description"`
}

// Analysed: the case was analysed under one aspect. A later analysis of the
// same aspect adds to the earlier. A gap of control calls for a new rating of
// the post, a gap of a norm is filed there (reactions).
type Analysed struct {
	Aspect Aspect `json:"aspect"`
	Text   string `json:"text"`
	Gaps   []Gap  `json:"gaps,omitempty"`
	// Earlier counts the gaps that earlier analyses of the case named; the
	// numbers of these go on from it.
	Earlier int `json:"earlier,omitzero"`
}

func (Analysed) Kind() domain.Kind { return "misconduct.analysed.v2" }

func (e Analysed) Apply(c *Case, act domain.Act) {
	c.analysed(e.Aspect)
	c.Gaps = e.Earlier + len(e.Gaps)
}

// analysed notes that an aspect is done.
func (c *Case) analysed(a Aspect) {
	switch a {
	case AspectPerson:
		c.PersonAnalysed = true
	case AspectInstitution:
		c.InstitutionAnalysed = true
	}
}

// Analyse says what a decided case teaches: of the person and the conduct, or
// of the institution, its gaps, and what would have warned earlier.
type Analyse struct {
	// Aspect is person or institution.
	Aspect Aspect `json:"aspect"`
	Text   string `json:"text"`
	// Gaps are given under the institution alone. A gap of control names its
	// post; one of a norm names the text, unless no such rule exists yet.
	Gaps []Gap `json:"gaps,omitempty"`
	// Rules are changes of early warning that the case calls for, under the
	// institution alone; they wait for an answer.
	Rules []RuleProposal `json:"rules,omitempty"`
}

func (Analyse) Name() domain.CommandName { return "misconduct.analyse" }

func (Analyse) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

// Reads asks for the posts and the texts whose gaps are named.
func (c Analyse) Reads(s Case, act domain.Act) []domain.Reference {
	var out []domain.Reference
	for _, g := range c.Gaps {
		out = append(out, g.Post, g.Norm)
	}
	return out
}

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
			domain.CheckOptionalID("gaps", g.Norm), domain.CheckText("gaps", g.Description)); err != nil {
			return nil, entry(i+1, err)
		}
		if err := g.placed(act); err != nil {
			return nil, entry(i+1, err)
		}
	}
	if c.Aspect == AspectPerson && len(c.Rules) > 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "rules", "belong to the analysis of the institution").Under(book.Inquiry.AnalysisSource)
	}
	events := []domain.Event{Analysed{c.Aspect, c.Text, c.Gaps, s.Gaps}}
	for i, r := range c.Rules {
		if err := r.check(); err != nil {
			return nil, entry(i+1, err)
		}
		events = append(events, RuleProposed{len(s.Proposals) + i + 1, r.Threshold, r.Rule, r.Change, r.Reason})
	}
	return events, nil
}

// placed refuses a gap that does not say where it is, or where nobody could
// close it.
func (g Gap) placed(act domain.Act) error {
	switch {
	case g.Kind == GapControl && g.Post == "":
		return domain.Refuse(domain.CodeInvalid, "gaps", "name the post whose control is missing")
	case g.Kind == GapControl && g.Norm != "":
		return domain.Refuse(domain.CodeInvalid, "gaps", "a control is a post's; file the gap of norm %s as one of kind norm", g.Norm)
	}
	if g.Post != "" {
		if err := domain.See[post.Post](act, g.Post).Standing("gaps", g.Post); err != nil {
			return err
		}
	}
	if g.Norm != "" && domain.See[norm.Norm](act, g.Norm).Status != norm.StatusAdopted {
		return domain.Refuse(domain.CodeNotFound, "gaps", "no norm %s is in force; leave it out where the rule is missing altogether", g.Norm)
	}
	return nil
}

package post

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/unit"
)

// Defined: the post was created.
type Defined struct {
	Title   string        `json:"title"`
	TitleEn string        `json:"titleEn,omitzero"`
	Unit    domain.UnitID `json:"unit"`
	Leader  bool          `json:"leader"`
}

func (Defined) Kind() domain.Kind { return "post.defined.v1" }

func (e Defined) Apply(p *Post, act domain.Act) {
	p.Status, p.Title, p.Unit, p.Leader = StatusOpen, e.Title, e.Unit, e.Leader
}

// Define creates the post in a unit that exists and is open.
type Define struct {
	Title string `json:"title"`
	// TitleEn is the title in English, if there is one.
	TitleEn string        `json:"titleEn,omitzero"`
	Unit    domain.UnitID `json:"unit"`
	// Leader tells a leading post.
	Leader bool `json:"leader"`
}

func (Define) Name() domain.CommandName { return "post.define" }

func (Define) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Define) Reads(p Post, act domain.Act) []domain.Reference {
	return []domain.Reference{c.Unit}
}

func (c Define) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if p.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this post is defined already")
	}
	if err := domain.First(domain.CheckText("title", c.Title), domain.CheckOptionalText("titleEn", c.TitleEn), domain.CheckID("unit", c.Unit)); err != nil {
		return nil, err
	}
	if err := domain.See[unit.Unit](act, c.Unit).Standing("unit", c.Unit); err != nil {
		return nil, err
	}
	return []domain.Event{Defined(c)}, nil
}

// RotationRuleSet: nobody stays in the post longer than so many years.
type RotationRuleSet struct {
	Years int `json:"years"`
}

func (RotationRuleSet) Kind() domain.Kind { return "post.rotation_rule_set.v1" }

func (e RotationRuleSet) Apply(p *Post, act domain.Act) { p.RotationYears = e.Years }

// SetRotationRule sets the longest stay in the post. It may be stricter than
// the rulebook's, never laxer.
type SetRotationRule struct {
	// Years is the longest stay in years, at least 1.
	Years int `json:"years"`
}

func (SetRotationRule) Name() domain.CommandName { return "post.set_rotation_rule" }

func (SetRotationRule) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c SetRotationRule) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	if c.Years < 1 {
		return nil, domain.Refuse(domain.CodeInvalid, "years", "must be at least 1")
	}
	// Compared as days, since a rulebook may count a stay in months.
	day, longest := book.Calendar.Day(act.OccurredAt), book.Service.Rotation
	if p.HighRisk() {
		longest = book.Service.HighRiskRotation
	}
	if day.AddMonths(12 * c.Years).After(longest.After(day, book.Calendar)) {
		return nil, domain.Refuse(domain.CodeRule, "years", "the longest stay in this post is %d %s", longest.Length, longest.Unit).Under(longest.Source)
	}
	return []domain.Event{RotationRuleSet(c)}, nil
}

// Closed: the post was abolished.
type Closed struct {
	On domain.Date `json:"on"`
}

func (Closed) Kind() domain.Kind { return "post.closed.v1" }

func (e Closed) Apply(p *Post, act domain.Act) { p.Status = StatusClosed }

// Close abolishes the post. A re-rating that a case calls for comes first:
// what the case taught must not be lost with the post.
type Close struct {
	// On is the first day without the post; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (Close) Name() domain.CommandName { return "post.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c Close) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(p.Reratings, func(r Rerating) bool { return r.Case != "" }); i >= 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "case %s calls for a re-rating of this post; grade its risks first", p.Reratings[i].Case).Under(book.Service.ReRate.Source)
	}
	today := book.Calendar.Day(act.OccurredAt)
	if c.On.IsZero() {
		c.On = today
	}
	if c.On.After(today) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s lies in the future; record it when it has happened", c.On)
	}
	return []domain.Event{Closed(c)}, nil
}

// Imported: a post known from records kept before this ledger, or elsewhere.
type Imported struct {
	Title string        `json:"title"`
	Unit  domain.UnitID `json:"unit,omitzero"`
}

func (Imported) Kind() domain.Kind { return "post.imported.v1" }

func (e Imported) Apply(p *Post, act domain.Act) {
	p.Status, p.Title, p.Unit, p.OfOld = StatusOpen, e.Title, e.Unit, true
}

// Import files a post of old records. Every other command works on it.
type Import struct {
	Title string        `json:"title"`
	Unit  domain.UnitID `json:"unit,omitzero"`
}

func (Import) Name() domain.CommandName { return "post.import" }

func (Import) By() []domain.Role { return []domain.Role{domain.RoleImporter} }

func (c Import) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if p.Status != StatusNone {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this post is on file already")
	}
	if err := domain.First(domain.CheckText("title", c.Title), domain.CheckOptionalID("unit", c.Unit)); err != nil {
		return nil, err
	}
	return []domain.Event{Imported(c)}, nil
}

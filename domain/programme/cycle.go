package programme

import "github.com/probity-ledger/probity/domain"

// Opened: a cycle began for an agency and a period.
type Opened struct {
	Agency domain.UnitID `json:"agency"`
	From   domain.Date   `json:"from"`
	To     domain.Date   `json:"to"`
}

func (Opened) Kind() domain.Kind { return "programme.opened.v1" }

func (e Opened) Apply(p *Programme, act domain.Act) {
	p.Status, p.Agency, p.From, p.To = StatusOpen, e.Agency, e.From, e.To
}

// Open begins a cycle.
type Open struct {
	Agency domain.UnitID `json:"agency"`
	// From and To are the first and last day of its period.
	From domain.Date `json:"from"`
	To   domain.Date `json:"to"`
}

func (Open) Name() domain.CommandName { return "programme.open" }

func (Open) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

func (c Open) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.fresh(), domain.CheckID("agency", c.Agency)); err != nil {
		return nil, err
	}
	if c.From.IsZero() {
		return nil, domain.Refuse(domain.CodeInvalid, "from", "is required")
	}
	if c.To.Before(c.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%q is no day on or after %s", c.To, c.From)
	}
	return []domain.Event{Opened(c)}, nil
}

// fresh refuses when the cycle has a history already.
func (p Programme) fresh() error {
	if p.Status != StatusNone {
		return domain.Refuse(domain.CodeExists, "subject", "this cycle is on file already")
	}
	return nil
}

// SchemeAdopted: the agency decided what it will do until the result is
// evaluated.
type SchemeAdopted struct {
	Title    string            `json:"title"`
	Evidence []domain.Evidence `json:"evidence"`
}

func (SchemeAdopted) Kind() domain.Kind { return "programme.scheme_adopted.v1" }

func (e SchemeAdopted) Apply(p *Programme, act domain.Act) { p.Status = StatusScheme }

// AdoptScheme adopts the scheme that follows from the baseline.
type AdoptScheme struct {
	Title string `json:"title"`
	// Evidence is at least one entry: the scheme itself.
	Evidence []domain.Evidence `json:"evidence"`
}

func (AdoptScheme) Name() domain.CommandName { return "programme.adopt_scheme" }

func (AdoptScheme) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c AdoptScheme) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.at(StatusAssessed, "given a scheme", "assess the baseline", book),
		domain.CheckText("title", c.Title), checkDocument(c.Evidence)); err != nil {
		return nil, err
	}
	return []domain.Event{SchemeAdopted(c)}, nil
}

// checkDocument refuses evidence that is malformed or missing.
func checkDocument(list []domain.Evidence) error {
	if len(list) == 0 {
		return domain.Refuse(domain.CodeInvalid, "evidence", "file the document by its digest")
	}
	return domain.CheckEvidence("evidence", list)
}

// GuidanceIssued: the overseer told the agency what to see to.
type GuidanceIssued struct {
	Agency   domain.UnitID    `json:"agency"`
	Text     string           `json:"text"`
	Articles []domain.Article `json:"articles"`
}

func (GuidanceIssued) Kind() domain.Kind { return "programme.guidance_issued.v1" }

// Apply changes nothing: guidance is read from the events.
func (e GuidanceIssued) Apply(p *Programme, act domain.Act) {}

// IssueGuidance tells the agency what to see to, at any time of the cycle.
type IssueGuidance struct {
	Text string `json:"text"`
	// Articles are those it is about, at least one.
	Articles []domain.Article `json:"articles"`
}

func (IssueGuidance) Name() domain.CommandName { return "programme.issue_guidance" }

func (IssueGuidance) By() []domain.Role { return []domain.Role{domain.RoleOverseer} }

func (c IssueGuidance) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.underWay("guided"), domain.CheckText("text", c.Text), domain.CheckIDs("articles", c.Articles)); err != nil {
		return nil, err
	}
	if len(c.Articles) == 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "articles", "name at least one article")
	}
	for _, a := range c.Articles {
		if err := domain.CheckOneOf("articles", a, book.Programme.Articles...); err != nil {
			return nil, err
		}
	}
	return []domain.Event{GuidanceIssued{p.Agency, c.Text, c.Articles}}, nil
}

// PracticePublished: what worked was made known to others.
type PracticePublished struct {
	Agency   domain.UnitID     `json:"agency"`
	Title    string            `json:"title"`
	Evidence []domain.Evidence `json:"evidence"`
}

func (PracticePublished) Kind() domain.Kind { return "programme.practice_published.v1" }

// Apply changes nothing: practice is read from the events.
func (e PracticePublished) Apply(p *Programme, act domain.Act) {}

// PublishPractice makes known what worked, once the result is evaluated.
type PublishPractice struct {
	Title string `json:"title"`
	// Evidence is at least one entry: the description itself.
	Evidence []domain.Evidence `json:"evidence"`
}

func (PublishPractice) Name() domain.CommandName { return "programme.publish_practice" }

func (PublishPractice) By() []domain.Role {
	return []domain.Role{domain.RoleLeader, domain.RoleOverseer}
}

func (c PublishPractice) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.at(StatusEvaluated, "learned from", "evaluate the result", book),
		domain.CheckText("title", c.Title), checkDocument(c.Evidence)); err != nil {
		return nil, err
	}
	return []domain.Event{PracticePublished{p.Agency, c.Title, c.Evidence}}, nil
}

// Closed: the cycle is done.
type Closed struct{}

func (Closed) Kind() domain.Kind { return "programme.closed.v1" }

func (e Closed) Apply(p *Programme, act domain.Act) { p.Status = StatusClosed }

// Close ends a cycle whose result is evaluated and whose surveys are closed.
type Close struct{}

func (Close) Name() domain.CommandName { return "programme.close" }

func (Close) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

func (c Close) Decide(p Programme, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.at(StatusEvaluated, "closed", "evaluate the result", book); err != nil {
		return nil, err
	}
	for _, s := range p.Surveys {
		if !s.Closed {
			return nil, domain.Refuse(domain.CodeIncomplete, "", "survey %s still takes answers; close it first", s.Code)
		}
	}
	return []domain.Event{Closed{}}, nil
}

package post

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// ControlAdopted: a measure against a risk was put in place.
type ControlAdopted struct {
	Risk        string `json:"risk"`
	Control     string `json:"control"`
	Description string `json:"description"`
}

func (ControlAdopted) Kind() domain.Kind { return "post.control_adopted.v1" }

func (e ControlAdopted) Apply(p *Post, act domain.Act) {
	if p.control(e.Control) < 0 {
		p.Controls = append(slices.Clone(p.Controls), Control{Code: e.Control, Risk: e.Risk, Adopter: act.Actor})
	}
}

// AdoptControl puts a measure against an identified risk in place.
type AdoptControl struct {
	Risk string `json:"risk"`
	// Control is its code, unique at the post.
	Control     string `json:"control"`
	Description string `json:"description"`
}

func (AdoptControl) Name() domain.CommandName { return "post.adopt_control" }

func (AdoptControl) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c AdoptControl) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.open(), p.hasRisk(c.Risk), domain.CheckID("control", c.Control), domain.CheckText("description", c.Description)); err != nil {
		return nil, err
	}
	if p.control(c.Control) >= 0 {
		return nil, domain.Refuse(domain.CodeExists, "control", "control %q was adopted already", c.Control)
	}
	return []domain.Event{ControlAdopted(c)}, nil
}

// ControlTested: someone tried whether a control works.
type ControlTested struct {
	Control  string            `json:"control"`
	Passed   bool              `json:"passed"`
	Note     string            `json:"note,omitzero"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (ControlTested) Kind() domain.Kind { return "post.control_tested.v1" }

func (e ControlTested) Apply(p *Post, act domain.Act) {
	if i := p.control(e.Control); i >= 0 {
		p.Controls = slices.Clone(p.Controls)
		p.Controls[i].Tested, p.Controls[i].Passed = true, e.Passed
	}
}

// TestControl files a test of a control by someone who did not adopt it.
type TestControl struct {
	Control string `json:"control"`
	Passed  bool   `json:"passed"`
	// Note says what was tried and seen; required when the test failed.
	Note     string            `json:"note,omitzero"`
	Evidence []domain.Evidence `json:"evidence,omitempty"`
}

func (TestControl) Name() domain.CommandName { return "post.test_control" }

func (TestControl) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleHR, domain.RoleLeader}
}

func (c TestControl) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	i := p.control(c.Control)
	if i < 0 {
		return nil, domain.Refuse(domain.CodeIncomplete, "control", "control %q was not adopted at this post; adopt it first", c.Control)
	}
	if p.Controls[i].Adopter == act.Actor {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s adopted the control; another person must test it", act.Actor).Under(book.Post.Separation)
	}
	if !c.Passed && c.Note == "" {
		return nil, domain.Refuse(domain.CodeInvalid, "note", "is required when the test failed")
	}
	if err := domain.First(domain.CheckOptionalText("note", c.Note), domain.CheckEvidence("evidence", c.Evidence)); err != nil {
		return nil, err
	}
	return []domain.Event{ControlTested(c)}, nil
}

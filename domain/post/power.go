package post

import (
	"slices"
	"strings"

	"github.com/probity-ledger/probity/domain"
)

// PowerListed: the post holds a power 权力清单, with its legal basis, its
// limits and the steps in which it is used.
type PowerListed struct {
	Power      string   `json:"power"`
	PowerName  string   `json:"name"`
	LegalBasis string   `json:"legalBasis"`
	Limits     string   `json:"limits,omitzero"`
	Flow       []string `json:"flow,omitempty"`
}

func (PowerListed) Kind() domain.Kind { return "post.power_listed.v1" }

func (e PowerListed) Apply(p *Post, act domain.Act) {
	if !slices.Contains(p.Powers, e.Power) {
		p.Powers = append(slices.Clone(p.Powers), e.Power)
	}
}

// ListPower puts a power on the post's list. There is no power without a
// legal basis.
type ListPower struct {
	// Power is its code, unique at the post.
	Power     string `json:"power"`
	PowerName string `json:"name"`
	// LegalBasis cites statute and article.
	LegalBasis string `json:"legalBasis"`
	// Limits says how far it reaches, such as amounts and subjects.
	Limits string `json:"limits,omitzero"`
	// Flow names the steps in order.
	Flow []string `json:"flow,omitempty"`
}

func (ListPower) Name() domain.CommandName { return "post.list_power" }

func (ListPower) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c ListPower) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.open(), checkPower(PowerListed(c))); err != nil {
		return nil, err
	}
	if slices.Contains(p.Powers, c.Power) {
		return nil, domain.Refuse(domain.CodeExists, "power", "power %q is on the list already; revise it", c.Power)
	}
	return []domain.Event{PowerListed(c)}, nil
}

// checkPower refuses a malformed power.
func checkPower(c PowerListed) error {
	if err := domain.First(domain.CheckID("power", c.Power), domain.CheckText("name", c.PowerName),
		domain.CheckText("legalBasis", c.LegalBasis), domain.CheckOptionalText("limits", c.Limits)); err != nil {
		return err
	}
	for i, step := range c.Flow {
		if step == "" {
			return domain.Refuse(domain.CodeInvalid, "flow", "step %d is empty", i+1)
		}
	}
	// The steps share the bound of one text, so that the event stays small.
	return domain.CheckOptionalText("flow", strings.Join(c.Flow, "\n"))
}

// PowerRevised: a listed power was described anew, as a whole.
type PowerRevised struct {
	Power      string   `json:"power"`
	PowerName  string   `json:"name"`
	LegalBasis string   `json:"legalBasis"`
	Limits     string   `json:"limits,omitzero"`
	Flow       []string `json:"flow,omitempty"`
}

func (PowerRevised) Kind() domain.Kind { return "post.power_revised.v1" }

func (e PowerRevised) Apply(p *Post, act domain.Act) {}

// RevisePower describes a listed power anew. What is left out is gone.
type RevisePower struct {
	// Power is its code on the list.
	Power      string   `json:"power"`
	PowerName  string   `json:"name"`
	LegalBasis string   `json:"legalBasis"`
	Limits     string   `json:"limits,omitzero"`
	Flow       []string `json:"flow,omitempty"`
}

func (RevisePower) Name() domain.CommandName { return "post.revise_power" }

func (RevisePower) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c RevisePower) Decide(p Post, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(p.open(), checkPower(PowerListed(c)), p.hasPower(c.Power)); err != nil {
		return nil, err
	}
	return []domain.Event{PowerRevised(c)}, nil
}

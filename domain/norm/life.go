package norm

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Drafted: the first version was written and waits to be adopted. A later
// draft replaces the earlier.
type Drafted struct {
	Title    string           `json:"title"`
	NormKind Kind             `json:"kind"`
	Unit     domain.UnitID    `json:"unit"`
	Owner    domain.OfficerID `json:"owner"`
	Clauses  []Clause         `json:"clauses,omitempty"`
	Tiers    []Tier           `json:"tiers,omitempty"`
	Steps    []Step           `json:"steps,omitempty"`
	// Document is the full text.
	Document []domain.Evidence `json:"document,omitempty"`
}

func (Drafted) Kind() domain.Kind { return "norm.drafted.v1" }

func (e Drafted) Apply(n *Norm, act domain.Act) {
	n.Status, n.Title, n.NormKind, n.Unit, n.Owner = StatusDraft, e.Title, e.NormKind, e.Unit, e.Owner
	n.Proposed = Version{Number: 1, Clauses: e.Clauses, Tiers: e.Tiers, Steps: e.Steps}
	n.Drafter = act.Actor
}

// Draft writes the first version of a text, or writes it anew while nobody
// has adopted it.
type Draft struct {
	Title string `json:"title"`
	// NormKind is prohibited_conduct, discretion_benchmark, procedure,
	// window_standard or internal_rule.
	NormKind Kind `json:"kind"`
	// Unit is where it holds, Owner who answers for its upkeep.
	Unit  domain.UnitID    `json:"unit"`
	Owner domain.OfficerID `json:"owner"`
	// Clauses with their codes; required but for a procedure.
	Clauses []Clause `json:"clauses,omitempty"`
	// Tiers belong to a benchmark of discretion, Steps to a procedure.
	Tiers    []Tier            `json:"tiers,omitempty"`
	Steps    []Step            `json:"steps,omitempty"`
	Document []domain.Evidence `json:"document,omitempty"`
}

func (Draft) Name() domain.CommandName { return "norm.draft" }

func (Draft) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleHandler, domain.RoleLeader}
}

func (c Draft) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if n.Status != StatusNone && n.Status != StatusDraft {
		return nil, domain.Refuse(domain.CodeExists, "subject", "this text was adopted already; revise it instead")
	}
	version := Version{Clauses: c.Clauses, Tiers: c.Tiers, Steps: c.Steps}
	if err := domain.First(domain.CheckText("title", c.Title), domain.CheckID("unit", c.Unit), domain.CheckID("owner", c.Owner),
		domain.CheckEvidence("document", c.Document), version.check(c.NormKind, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Drafted(c)}, nil
}

// Revised: a new version of an adopted text was written and waits to be
// adopted; until then the old one holds. A later revision replaces it.
type Revised struct {
	Version  int               `json:"version"`
	Reason   string            `json:"reason"`
	Clauses  []Clause          `json:"clauses,omitempty"`
	Tiers    []Tier            `json:"tiers,omitempty"`
	Steps    []Step            `json:"steps,omitempty"`
	Document []domain.Evidence `json:"document,omitempty"`
}

func (Revised) Kind() domain.Kind { return "norm.revised.v1" }

func (e Revised) Apply(n *Norm, act domain.Act) {
	n.Proposed = Version{Number: e.Version, Clauses: e.Clauses, Tiers: e.Tiers, Steps: e.Steps}
	n.Drafter = act.Actor
}

// Revise writes the next version of an adopted text, as a whole: what is left
// out is gone. It holds when another person adopts it.
type Revise struct {
	// Reason says why, such as the gap it closes.
	Reason   string            `json:"reason"`
	Clauses  []Clause          `json:"clauses,omitempty"`
	Tiers    []Tier            `json:"tiers,omitempty"`
	Steps    []Step            `json:"steps,omitempty"`
	Document []domain.Evidence `json:"document,omitempty"`
}

func (Revise) Name() domain.CommandName { return "norm.revise" }

func (Revise) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleHandler, domain.RoleLeader}
}

func (c Revise) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	version := Version{Clauses: c.Clauses, Tiers: c.Tiers, Steps: c.Steps}
	if err := domain.First(n.in("revised", StatusAdopted), domain.CheckText("reason", c.Reason),
		domain.CheckEvidence("document", c.Document), version.check(n.NormKind, book)); err != nil {
		return nil, err
	}
	return []domain.Event{Revised{n.latest() + 1, c.Reason, c.Clauses, c.Tiers, c.Steps, c.Document}}, nil
}

// Adopted: the version holds from the day From on, in place of the one
// before, and is to be reviewed by the day ReviewBy.
type Adopted struct {
	Version  int         `json:"version"`
	From     domain.Date `json:"from"`
	ReviewBy domain.Date `json:"reviewBy,omitzero"`
	// SinglePerson: one person alone could carry a case through this version
	// of a procedure.
	SinglePerson bool `json:"singlePerson"`
}

func (Adopted) Kind() domain.Kind { return "norm.adopted.v1" }

func (e Adopted) Apply(n *Norm, act domain.Act) {
	n.Status, n.ReviewBy = StatusAdopted, e.ReviewBy
	version := n.Proposed
	version.Number, version.From = e.Version, e.From
	n.Versions = append(slices.Clip(n.Versions), version)
	n.Proposed, n.Drafter = Version{}, ""
}

// Adopt puts the proposed version in force. Another person than the drafter
// adopts it.
type Adopt struct {
	// From is the first day in force; the day of the act when absent, and
	// never earlier.
	From domain.Date `json:"from,omitzero"`
}

func (Adopt) Name() domain.CommandName { return "norm.adopt" }

func (Adopt) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Adopt) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := n.in("adopted", StatusDraft, StatusAdopted); err != nil {
		return nil, err
	}
	if n.Proposed.Number == 0 {
		return nil, domain.Refuse(domain.CodeState, "", "version %d is adopted and no other is proposed; revise the text first", n.latest())
	}
	if n.Drafter == act.Actor {
		return nil, domain.Refuse(domain.CodeConflict, "actor", "%s drafted this version; another person must adopt it", act.Actor).Under(book.Norm.Separation)
	}
	from, err := firstDay(c.From, act, book)
	if err != nil {
		return nil, err
	}
	if last, ok := n.Adopted(n.latest()); ok && !from.After(last.From) {
		return nil, domain.Refuse(domain.CodeRule, "from", "version %d holds from %s; the next holds from a later day", last.Number, last.From).Under(book.Norm.NoRetroaction)
	}
	return []domain.Event{Adopted{n.Proposed.Number, from, book.Norm.Review.After(from, book.Calendar), len(n.Proposed.SinglePersonPath()) > 0}}, nil
}

// Repealed: the text no longer holds from the day From on. Gaps that were
// open are gone with it.
type Repealed struct {
	From   domain.Date `json:"from"`
	Reason string      `json:"reason"`
}

func (Repealed) Kind() domain.Kind { return "norm.repealed.v1" }

func (e Repealed) Apply(n *Norm, act domain.Act) {
	n.Status, n.RepealedFrom = StatusRepealed, e.From
	n.Proposed, n.Drafter = Version{}, ""
	n.ReviewBy = domain.Date{}
	n.Gaps = slices.Clone(n.Gaps)
	for i := range n.Gaps {
		n.Gaps[i].Closed = true
	}
}

// Repeal takes an adopted text out of force, from today on or later.
type Repeal struct {
	From   domain.Date `json:"from,omitzero"`
	Reason string      `json:"reason"`
}

func (Repeal) Name() domain.CommandName { return "norm.repeal" }

func (Repeal) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Repeal) Decide(n Norm, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	from, err := firstDay(c.From, act, book)
	if err := domain.First(n.in("repealed", StatusAdopted), err, domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	return []domain.Event{Repealed{from, c.Reason}}, nil
}

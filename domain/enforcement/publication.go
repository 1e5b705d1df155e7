package enforcement

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// PublicationNoted: an item about the act is due to the public, or public
// already. The act knows it, so that its end calls the item back.
type PublicationNoted struct {
	Unit       domain.UnitID       `json:"unit,omitzero"`
	Disclosure domain.DisclosureID `json:"disclosure"`
}

func (PublicationNoted) Kind() domain.Kind { return "enforcement.publication_noted.v1" }

func (e PublicationNoted) Apply(s *Enforcement, act domain.Act) {
	s.Publications = join(s.Publications, e.Disclosure)
}

// PublicationsRecalled: the act was varied or overturned, and the items about
// it must go from the public 撤回公开. Their withdrawal follows by reaction.
type PublicationsRecalled struct {
	Unit        domain.UnitID         `json:"unit,omitzero"`
	Disclosures []domain.DisclosureID `json:"disclosures"`
}

func (PublicationsRecalled) Kind() domain.Kind { return "enforcement.publications_recalled.v1" }

func (e PublicationsRecalled) Apply(s *Enforcement, act domain.Act) {
	s.Recalled = join(s.Recalled, e.Disclosures...)
}

// NotePublication tells an act of an item about it. The system does when the
// item becomes due; an inspector does for one of an earlier time.
type NotePublication struct {
	Disclosure domain.DisclosureID `json:"disclosure"`
}

func (NotePublication) Name() domain.CommandName { return "enforcement.note_publication" }

func (NotePublication) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleInspector}
}

// Decide calls the item back at once where the act was overturned before. One
// that comes after a variation shows what the act has become, and stays.
func (c NotePublication) Decide(s Enforcement, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("published", StatusOpen, StatusDecided, StatusClosed), domain.CheckID("disclosure", c.Disclosure)); err != nil {
		return nil, err
	}
	if slices.Contains(s.Publications, c.Disclosure) {
		return nil, domain.Refuse(domain.CodeExists, "disclosure", "%s is noted already", c.Disclosure)
	}
	events := []domain.Event{PublicationNoted{s.Unit, c.Disclosure}}
	if s.Overturned {
		events = append(events, PublicationsRecalled{s.Unit, []domain.DisclosureID{c.Disclosure}})
	}
	return events, nil
}

// recall returns the event that calls back what is public of an act that did
// not stand as it was, and nothing where there is nothing, or nothing more.
func (s Enforcement) recall(outcome Result) []domain.Event {
	public := slices.DeleteFunc(slices.Clone(s.Publications), func(d domain.DisclosureID) bool { return slices.Contains(s.Recalled, d) })
	if outcome == ResultUpheld || len(public) == 0 {
		return nil
	}
	return []domain.Event{PublicationsRecalled{s.Unit, public}}
}

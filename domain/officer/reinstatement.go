package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Reinstated: a dismissal was taken back, and the officer is in the service
// again from the day On 恢复. The post held before may be another's by now: an
// appointment follows, and a new certificate where the old one was revoked.
type Reinstated struct {
	Sanction domain.SanctionID `json:"sanction"`
	On       domain.Date       `json:"on"`
}

func (Reinstated) Kind() domain.Kind { return "officer.reinstated.v1" }

func (e Reinstated) Apply(o *Officer, act domain.Act) {
	if o.Status == StatusSeparated {
		o.Status, o.LeftOn, o.LeftFor = StatusServing, domain.Date{}, ""
	}
}

// Reinstate brings a dismissed officer back into the service after the
// dismissal was overturned or made milder. Where the dismissal restricts the
// file, that happens by itself with the end of the restriction; the command
// is for one that was carried out before or beside this ledger.
type Reinstate struct {
	// Sanction is the dismissal that no longer stands.
	Sanction domain.SanctionID `json:"sanction"`
	// On is the first day back in the service; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (Reinstate) Name() domain.CommandName { return "officer.reinstate" }

func (Reinstate) By() []domain.Role { return []domain.Role{domain.RoleSystem, domain.RoleHR} }

func (c Reinstate) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book)); err != nil {
		return nil, err
	}
	if o.Status != StatusSeparated || o.LeftFor != ReasonDismissed {
		return nil, domain.Refuse(domain.CodeState, "", "only who was dismissed is reinstated")
	}
	if err := domain.CheckID("sanction", c.Sanction); err != nil {
		return nil, err
	}
	if r, ok := o.dismissal(); ok {
		return nil, domain.Refuse(domain.CodeRule, "sanction", "sanction %s (%s) stands; it must be overturned first", r.Sanction, r.Measure).Under(r.source(book))
	}
	on, err := effective(c.On, o.LeftOn, act, book)
	if err != nil {
		return nil, err
	}
	return []domain.Event{Reinstated{c.Sanction, on}}, nil
}

// dismissal returns a restriction for good, if there is one.
func (o Officer) dismissal() (Restriction, bool) {
	i := slices.IndexFunc(o.Restrictions, func(r Restriction) bool { return r.ForGood })
	if i < 0 {
		return Restriction{}, false
	}
	return o.Restrictions[i], true
}

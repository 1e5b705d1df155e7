package officer

import "github.com/probity-ledger/probity/domain"

// OutsidePostCleared: a post outside, which a person wants who left the
// service, was looked at and not objected to 离职从业.
type OutsidePostCleared struct {
	Employer string      `json:"employer"`
	Related  bool        `json:"related"`
	On       domain.Date `json:"on"`
}

func (OutsidePostCleared) Kind() domain.Kind { return "officer.outside_post_cleared.v1" }

func (e OutsidePostCleared) Apply(o *Officer, act domain.Act) {}

// ClearOutsidePost files that a person who left may take a post outside. One
// directly related to their former work is not cleared within the rulebook's
// term after leaving, which is longer for who led.
type ClearOutsidePost struct {
	// Employer is the enterprise or body.
	Employer string `json:"employer"`
	// Related: the post is directly related to the former work, or with
	// somebody supervised in it.
	Related bool `json:"related"`
	// On is the first day in the post; the day of the act when absent.
	On domain.Date `json:"on,omitzero"`
}

func (ClearOutsidePost) Name() domain.CommandName { return "officer.clear_outside_post" }

func (ClearOutsidePost) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleLeader} }

func (c ClearOutsidePost) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), byAnother(act, book), domain.CheckText("employer", c.Employer)); err != nil {
		return nil, err
	}
	if o.Status != StatusSeparated {
		return nil, domain.Refuse(domain.CodeState, "", "the officer is in the service; who serves takes no post outside").Under(book.Service.PostEmployment.Source)
	}
	if c.On.IsZero() {
		c.On = book.Calendar.Day(act.OccurredAt)
	}
	if c.On.Before(o.LeftOn) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s lies before the day of leaving, %s", c.On, o.LeftOn)
	}
	term := book.Service.PostEmployment
	if o.LedLast {
		term = book.Service.PostEmploymentLeader
	}
	if last := term.After(o.LeftOn, book.Calendar); c.Related && !term.IsZero() && !o.LeftOn.IsZero() && !c.On.After(last) {
		return nil, domain.Refuse(domain.CodeTooEarly, "on", "a post related to the former work is barred for %d %s after leaving, up to %s", term.Length, term.Unit, last).Under(term.Source)
	}
	return []domain.Event{OutsidePostCleared(c)}, nil
}

package complaint

import "github.com/probity-ledger/probity/domain"

// Screened: it was judged whether this body may take the complaint up.
type Screened struct {
	Admissible bool   `json:"admissible"`
	Ground     string `json:"ground"`
}

func (Screened) Kind() domain.Kind { return "complaint.screened.v1" }

func (e Screened) Apply(c *Complaint, act domain.Act) {
	c.Status, c.Admissible = StatusScreened, e.Admissible
}

// Screen judges whether this body may take the complaint up. A screening may
// be corrected by another until the complaint is routed.
type Screen struct {
	Admissible bool `json:"admissible"`
	// Ground says why, in either case.
	Ground string `json:"ground"`
}

func (Screen) Name() domain.CommandName { return "complaint.screen" }

func (Screen) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RoleInspector} }

func (c Screen) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("screened", StatusReceived, StatusScreened), s.unconcerned(act, book), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	return []domain.Event{Screened(c)}, nil
}

// Accepted: this body handles the complaint, and concludes it by the day By.
type Accepted struct {
	By domain.Date `json:"by"`
	// DaysLate counts the days past the term for routing.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Accepted) Kind() domain.Kind { return "complaint.accepted.v1" }

func (e Accepted) Apply(c *Complaint, act domain.Act) {
	c.Status, c.AcceptedAt, c.Due = StatusAccepted, act.OccurredAt, e.By
	// A real-name reporter is told of the acceptance as well.
	c.Acknowledged = c.Acknowledged && !c.RealName
}

// Accept takes an admissible complaint up, or one that was transferred to a
// unit of this agency.
type Accept struct{}

func (Accept) Name() domain.CommandName { return "complaint.accept" }

func (Accept) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RoleLeader} }

func (c Accept) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("accepted", StatusScreened, StatusTransferred), s.unconcerned(act, book)); err != nil {
		return nil, err
	}
	if s.Status == StatusScreened && !s.Admissible {
		return nil, domain.Refuse(domain.CodeState, "", "the complaint was screened as inadmissible; decline or transfer it")
	}
	if s.Status == StatusTransferred && s.ToUnit == "" {
		return nil, domain.Refuse(domain.CodeState, "", "the complaint went to another body, which accepts it in its own books")
	}
	by := book.Complaint.Handle.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	return []domain.Event{Accepted{by, daysLate(s.RouteFrom, book.Complaint.Route, act, book)}}, nil
}

// Declined: the complaint is not taken up.
type Declined struct {
	Ground string `json:"ground"`
	// DaysLate counts the days past the term for routing.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Declined) Kind() domain.Kind { return "complaint.declined.v1" }

func (e Declined) Apply(c *Complaint, act domain.Act) { c.Status = StatusDeclined }

// Decline turns an inadmissible complaint down.
type Decline struct {
	Ground string `json:"ground"`
}

func (Decline) Name() domain.CommandName { return "complaint.decline" }

func (Decline) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RoleLeader} }

func (c Decline) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("declined", StatusScreened), s.unconcerned(act, book), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.Admissible {
		return nil, domain.Refuse(domain.CodeState, "", "the complaint was screened as admissible; accept or transfer it, or screen it again")
	}
	return []domain.Event{Declined{c.Ground, daysLate(s.RouteFrom, book.Complaint.Route, act, book)}}, nil
}

// Transferred: the complaint went to the body or unit that is competent.
type Transferred struct {
	To     string        `json:"to"`
	ToUnit domain.UnitID `json:"toUnit,omitzero"`
	Ground string        `json:"ground"`
	// DaysLate counts the days past the term for routing.
	DaysLate int `json:"daysLate,omitzero"`
}

func (Transferred) Kind() domain.Kind { return "complaint.transferred.v1" }

func (e Transferred) Apply(c *Complaint, act domain.Act) {
	c.Status, c.ToUnit, c.TransferredAt, c.RouteFrom = StatusTransferred, e.ToUnit, act.OccurredAt, act.OccurredAt
}

// Transfer sends a screened complaint to the body that is competent.
type Transfer struct {
	// To names the body in words.
	To string `json:"to"`
	// ToUnit is set where it is a unit of this agency; that unit accepts the
	// complaint here. Another body handles it in its own books.
	ToUnit domain.UnitID `json:"toUnit,omitzero"`
	Ground string        `json:"ground"`
}

func (Transfer) Name() domain.CommandName { return "complaint.transfer" }

func (Transfer) By() []domain.Role { return []domain.Role{domain.RoleIntake, domain.RoleLeader} }

// Outward: the body it goes to is another.
func (Transfer) Outward() []string { return []string{"toUnit"} }

func (c Transfer) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("transferred", StatusScreened), s.unconcerned(act, book),
		domain.CheckText("to", c.To), domain.CheckOptionalID("toUnit", c.ToUnit), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	return []domain.Event{Transferred{c.To, c.ToUnit, c.Ground, daysLate(s.RouteFrom, book.Complaint.Route, act, book)}}, nil
}

// TransferContested: the receiving body sent the complaint back 转送异议. It
// stands as screened again, and the term for routing runs anew.
type TransferContested struct {
	Ground string `json:"ground"`
}

func (TransferContested) Kind() domain.Kind { return "complaint.transfer_contested.v1" }

func (e TransferContested) Apply(c *Complaint, act domain.Act) {
	c.Status, c.ToUnit, c.RouteFrom = StatusScreened, "", act.OccurredAt
}

// ContestTransfer sends a transferred complaint back within the rulebook's
// term. Afterwards the receiving body has taken it, and only accepts it.
type ContestTransfer struct {
	Ground string `json:"ground"`
}

func (ContestTransfer) Name() domain.CommandName { return "complaint.contest_transfer" }

func (ContestTransfer) By() []domain.Role {
	return []domain.Role{domain.RoleIntake, domain.RoleHandler, domain.RoleLeader}
}

func (c ContestTransfer) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("contested as a transfer", StatusTransferred), s.unconcerned(act, book), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	term := book.Complaint.ContestTransfer
	if daysLate(s.TransferredAt, term, recorded(act), book) > 0 {
		return nil, domain.Refuse(domain.CodeTooLate, "", "a transfer is contested within %d %s", term.Length, term.Unit).Under(term.Source)
	}
	return []domain.Event{TransferContested(c)}, nil
}

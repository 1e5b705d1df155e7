package disclosure

import "github.com/probity-ledger/probity/domain"

// WithdrawRequired: the act it is about was varied or overturned, so the item
// must be withdrawn by the day Deadline.
type WithdrawRequired struct {
	Unit     domain.UnitID        `json:"unit"`
	Cause    domain.EnforcementID `json:"cause"`
	Deadline domain.Date          `json:"by"`
}

func (WithdrawRequired) Kind() domain.Kind { return "disclosure.withdraw_required.v1" }

func (e WithdrawRequired) Apply(i *Item, act domain.Act) { i.Cause, i.WithdrawBy = e.Cause, e.Deadline }

// RequireWithdrawal says that an item must be withdrawn because the act it is
// about did not stand. The rulebook sets the term.
type RequireWithdrawal struct {
	// Cause is the case that was overturned, the one the item is about where
	// it is about one.
	Cause domain.EnforcementID `json:"cause"`
}

func (RequireWithdrawal) Name() domain.CommandName { return "disclosure.require_withdrawal" }

func (RequireWithdrawal) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader, domain.RoleSystem}
}

func (c RequireWithdrawal) Decide(i Item, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(i.in("called back", StatusDue, StatusPublished), domain.CheckID("cause", c.Cause)); err != nil {
		return nil, err
	}
	if i.About != "" && i.About != c.Cause {
		return nil, domain.Refuse(domain.CodeInvalid, "cause", "the item is about %s", i.About)
	}
	if i.Cause != "" {
		return nil, domain.Refuse(domain.CodeExists, "cause", "its withdrawal is required already, by %s", i.WithdrawBy)
	}
	by := book.Disclosure.Withdraw.After(book.Calendar.Day(act.OccurredAt), book.Calendar)
	return []domain.Event{WithdrawRequired{i.Unit, c.Cause, by}}, nil
}

// Withdrawn: the item is no longer public, nor due. DaysLate counts calendar
// days after the day by which it had to be withdrawn.
type Withdrawn struct {
	Unit     domain.UnitID `json:"unit"`
	On       domain.Date   `json:"on"`
	Reason   string        `json:"reason"`
	DaysLate int           `json:"daysLate,omitzero"`
}

func (Withdrawn) Kind() domain.Kind { return "disclosure.withdrawn.v1" }

func (e Withdrawn) Apply(i *Item, act domain.Act) { i.Status = StatusWithdrawn }

// Withdraw takes an item back, and says why: a public one, or one that is due
// and whose act was overturned. What is due otherwise is published.
type Withdraw struct {
	// On is the day of the act when absent.
	On     domain.Date `json:"on,omitzero"`
	Reason string      `json:"reason"`
}

func (Withdraw) Name() domain.CommandName { return "disclosure.withdraw" }

func (Withdraw) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

func (c Withdraw) Decide(i Item, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	on, err := upToNow("on", c.On, act, book)
	if err := domain.First(i.in("withdrawn", StatusDue, StatusPublished), domain.CheckText("reason", c.Reason), err); err != nil {
		return nil, err
	}
	if i.Status == StatusDue && i.Cause == "" {
		return nil, domain.Refuse(domain.CodeState, "", "an item that is due is published, unless the act it is about was overturned")
	}
	if on.Before(i.On) {
		return nil, domain.Refuse(domain.CodeInvalid, "on", "%s lies before it was published, %s", on, i.On)
	}
	return []domain.Event{Withdrawn{i.Unit, on, c.Reason, on.DaysPast(i.WithdrawBy)}}, nil
}

package complaint

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// HandlerAssigned: one named person handles the complaint 承办人.
type HandlerAssigned struct {
	Handler domain.ActorID `json:"handler"`
}

func (HandlerAssigned) Kind() domain.Kind { return "complaint.handler_assigned.v1" }

func (e HandlerAssigned) Apply(c *Complaint, act domain.Act) { c.Handler = e.Handler }

// AssignHandler names the one person who handles the complaint; a later
// assignment replaces the earlier one. Nobody complained about, recused,
// whose conclusion was overturned, or with a tie to the matter can be named.
type AssignHandler struct {
	Handler domain.ActorID `json:"handler"`
}

func (AssignHandler) Name() domain.CommandName { return "complaint.assign_handler" }

func (AssignHandler) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleIntake} }

func (c AssignHandler) Reads(s Complaint, act domain.Act) []domain.Reference {
	return s.matter().Files(c.Handler)
}

func (c AssignHandler) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("given to a handler", StatusAccepted), s.unconcerned(act, book), domain.CheckID("handler", c.Handler)); err != nil {
		return nil, err
	}
	bar := book.Complaint.BarRecused
	switch {
	case s.names(c.Handler):
		return nil, domain.Refuse(domain.CodeConflict, "handler", "%s is complained about", c.Handler).Under(bar)
	case slices.Contains(s.Recused, c.Handler):
		return nil, domain.Refuse(domain.CodeConflict, "handler", "%s was recused from this complaint", c.Handler).Under(bar)
	case slices.Contains(s.Concluders, c.Handler):
		return nil, domain.Refuse(domain.CodeConflict, "handler", "the conclusion of %s was overturned; another person handles it anew", c.Handler)
	case s.Handler == c.Handler:
		return nil, domain.Refuse(domain.CodeState, "handler", "%s is the handler already", c.Handler)
	}
	if err := s.matter().Impartial("handler", c.Handler, act, book, bar); err != nil {
		return nil, err
	}
	return []domain.Event{HandlerAssigned(c)}, nil
}

// HandlerRecused: the handler stepped back, or was made to 回避.
type HandlerRecused struct {
	Handler domain.ActorID `json:"handler"`
	Ground  string         `json:"ground"`
}

func (HandlerRecused) Kind() domain.Kind { return "complaint.handler_recused.v1" }

func (e HandlerRecused) Apply(c *Complaint, act domain.Act) {
	if !slices.Contains(c.Recused, e.Handler) {
		c.Recused = append(slices.Clip(c.Recused), e.Handler)
	}
	if c.Handler == e.Handler {
		c.Handler = ""
	}
}

// RecuseHandler takes the handler off the complaint for an interest in it. A
// handler may recuse only themselves.
type RecuseHandler struct {
	Handler domain.ActorID `json:"handler"`
	// Ground names the interest: kinship, own stake, other doubt.
	Ground string `json:"ground"`
}

func (RecuseHandler) Name() domain.CommandName { return "complaint.recuse_handler" }

func (RecuseHandler) By() []domain.Role {
	return []domain.Role{domain.RoleHandler, domain.RoleLeader, domain.RoleInspector}
}

func (c RecuseHandler) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("left by its handler", StatusAccepted), s.unconcerned(act, book),
		domain.CheckID("handler", c.Handler), domain.CheckText("ground", c.Ground)); err != nil {
		return nil, err
	}
	if s.Handler != c.Handler {
		return nil, domain.Refuse(domain.CodeState, "handler", "%s is not the handler of this complaint", c.Handler)
	}
	if act.Role == domain.RoleHandler && act.Actor != c.Handler {
		return nil, domain.Refuse(domain.CodeForbidden, "actor", "a handler may recuse only themselves").Under(book.Complaint.BarRecused)
	}
	return []domain.Event{HandlerRecused(c)}, nil
}

// Extended: the conclusion is due later, on the day Until.
type Extended struct {
	Until    domain.Date    `json:"until"`
	Reason   string         `json:"reason"`
	Approver domain.ActorID `json:"approver"`
}

func (Extended) Kind() domain.Kind { return "complaint.extended.v1" }

func (e Extended) Apply(c *Complaint, act domain.Act) { c.Due, c.Extended = e.Until, true }

// Extend gives the handler more time, once; for feedback to a reporter, too,
// where the rulebook has a longest term for justified cases. Whoever gives the command is the
// approver, and cannot be the handler. A term that has run out is not
// extended: that would hide the breach.
type Extend struct {
	Until  domain.Date `json:"until"`
	Reason string      `json:"reason"`
}

func (Extend) Name() domain.CommandName { return "complaint.extend" }

func (Extend) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Extend) Decide(s Complaint, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("extended", StatusAccepted), s.unconcerned(act, book), domain.CheckText("reason", c.Reason)); err != nil {
		return nil, err
	}
	term := book.Complaint.Extension
	most := term.After(s.Due, book.Calendar)
	if longest := book.Reporting.FeedbackMost; !longest.IsZero() {
		if last := longest.After(s.feedbackFrom(book), book.Calendar); last.After(most) {
			term, most = longest, last
		}
	}
	switch {
	case act.Actor == s.Handler:
		return nil, domain.Refuse(domain.CodeConflict, "actor", "the handler cannot approve the extension of their own term").Under(term.Source)
	case s.Extended:
		return nil, domain.Refuse(domain.CodeRule, "", "the term was extended once already").Under(term.Source)
	case book.Calendar.Day(act.OccurredAt).After(s.Due):
		return nil, domain.Refuse(domain.CodeTooLate, "", "the term ran out on %s and cannot be extended", s.Due).Under(term.Source)
	case !c.Until.After(s.Due):
		return nil, domain.Refuse(domain.CodeInvalid, "until", "must lie after the day it is due now, %s", s.Due)
	case c.Until.After(most):
		return nil, domain.Refuse(domain.CodeRule, "until", "it is extended for %d %s at most, to %s", term.Length, term.Unit, most).Under(term.Source)
	}
	return []domain.Event{Extended{c.Until, c.Reason, act.Actor}}, nil
}

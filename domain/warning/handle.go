package warning

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Acknowledged: somebody took the warning up.
type Acknowledged struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	Note    string           `json:"note,omitzero"`
}

func (Acknowledged) Kind() domain.Kind { return "warning.acknowledged.v1" }

func (e Acknowledged) Apply(w *Warning, act domain.Act) { w.Status = StatusAcknowledged }

// Acknowledge takes the warning up; whoever gives the command will look into
// it.
type Acknowledge struct {
	Note string `json:"note,omitzero"`
}

func (Acknowledge) Name() domain.CommandName { return "warning.acknowledge" }

func (Acknowledge) By() []domain.Role { return reviewers() }

// reviewers are the roles that deal with a warning, each followed by the next
// one up.
func reviewers() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader, domain.RoleOverseer}
}

func (c Acknowledge) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(w.in("acknowledged", StatusRaised), w.unconcerned(act, book), domain.CheckOptionalText("note", c.Note)); err != nil {
		return nil, err
	}
	return []domain.Event{Acknowledged{w.Officer, c.Note}}, nil
}

// Escalated: a role further up is to look at the warning.
type Escalated struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	// To is inspector, leader or overseer.
	To     domain.Role `json:"to"`
	Reason string      `json:"reason"`
	// ReasonChinese is the same in Chinese.
	ReasonChinese string `json:"reasonChinese,omitzero"`
}

func (Escalated) Kind() domain.Kind { return "warning.escalated.v2" }

func (e Escalated) Apply(w *Warning, act domain.Act) { w.EscalatedTo = e.To }

// Escalate asks a role further up to look at an open warning, by a clock when
// nobody took it up or acted on it in time, or by whoever looks at it.
type Escalate struct {
	// To is inspector, leader or overseer, another than at present; the next
	// one up when absent.
	To     domain.Role `json:"to,omitzero"`
	Reason string      `json:"reason"`
	// ReasonChinese says the same in Chinese.
	ReasonChinese string `json:"reasonChinese,omitzero"`
}

func (Escalate) Name() domain.CommandName { return "warning.escalate" }

func (Escalate) By() []domain.Role {
	return []domain.Role{domain.RoleSystem, domain.RoleInspector, domain.RoleLeader}
}

func (c Escalate) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(w.in("escalated", StatusRaised, StatusAcknowledged, StatusReviewed), w.unconcerned(act, book)); err != nil {
		return nil, err
	}
	if c.To == "" {
		next, ok := w.nextUp()
		if !ok {
			return nil, domain.Refuse(domain.CodeState, "to", "the warning is with the %s already, and nobody is further up", w.EscalatedTo)
		}
		c.To = next
	}
	if err := domain.First(domain.CheckOneOf("to", c.To, reviewers()...), domain.CheckText("reason", c.Reason), domain.CheckOptionalText("reasonChinese", c.ReasonChinese)); err != nil {
		return nil, err
	}
	if c.To == w.EscalatedTo {
		return nil, domain.Refuse(domain.CodeState, "to", "the warning was escalated to the %s already", c.To)
	}
	if act.Role == domain.RoleSystem && slices.Index(reviewers(), c.To) < slices.Index(reviewers(), w.EscalatedTo) {
		return nil, domain.Refuse(domain.CodeState, "to", "the warning is with the %s; only people hand it back down", w.EscalatedTo)
	}
	return []domain.Event{Escalated{w.Officer, c.To, c.Reason, c.ReasonChinese}}, nil
}

// nextUp returns the role above the one that is to look at the warning, which
// is the inspector where none was named; false where there is none above.
func (w Warning) nextUp() (domain.Role, bool) {
	at := slices.Index(reviewers(), w.EscalatedTo)
	next := max(at, 0) + 1
	if next == len(reviewers()) {
		return "", false
	}
	return reviewers()[next], true
}

// Reviewed: somebody looked into what the warning rests on.
type Reviewed struct {
	Officer domain.OfficerID `json:"officer,omitzero"`
	Opinion string           `json:"opinion"`
}

func (Reviewed) Kind() domain.Kind { return "warning.reviewed.v1" }

func (e Reviewed) Apply(w *Warning, act domain.Act) { w.Status = StatusReviewed }

// Review says what the warning turned out to be.
type Review struct {
	Opinion string `json:"opinion"`
}

func (Review) Name() domain.CommandName { return "warning.review" }

func (Review) By() []domain.Role { return reviewers() }

func (c Review) Decide(w Warning, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if w.Status == StatusRaised {
		return nil, domain.Refuse(domain.CodeIncomplete, "", "acknowledge the warning first")
	}
	if err := domain.First(w.in("reviewed", StatusAcknowledged), w.unconcerned(act, book), domain.CheckText("opinion", c.Opinion)); err != nil {
		return nil, err
	}
	return []domain.Event{Reviewed{w.Officer, c.Opinion}}, nil
}

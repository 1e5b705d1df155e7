package sanction

import (
	"github.com/probity-ledger/probity/domain"
)

// Imposed: the measure is in force from the day it was decided. Until is the
// last day of its effect.
type Imposed struct {
	Officer domain.OfficerID `json:"officer"`
	Case    domain.CaseID    `json:"case,omitzero"`
	// DeedOn is the day of the conduct; absent where nobody said.
	DeedOn  domain.Date    `json:"deedOn,omitzero"`
	Measure domain.Measure `json:"measure"`
	Months  int            `json:"months,omitzero"`
	From    domain.Date    `json:"from"`
	Until   domain.Date    `json:"until,omitzero"`
	// ForGood: the effect never ends.
	ForGood             bool `json:"forGood"`
	BarsPromotion       bool `json:"barsPromotion"`
	BarsPayRise         bool `json:"barsPayRise"`
	BarsHonours         bool `json:"barsHonours"`
	SuspendsCertificate bool `json:"suspendsCertificate"`
	// RestoresRank: release brings the former rank back.
	RestoresRank bool `json:"restoresRank"`
	// Rulebook and RulebookVersion are those under which the measure was
	// taken: of the day of the conduct, unless the one of the decision is
	// lighter.
	Rulebook        domain.RulebookID `json:"rulebook"`
	RulebookVersion string            `json:"rulebookVersion"`
}

func (Imposed) Kind() domain.Kind { return "sanction.imposed.v2" }

func (e Imposed) Apply(s *Sanction, act domain.Act) {
	s.Status, s.DecidedAt = StatusImposed, act.OccurredAt
	s.Officer, s.Case, s.Measure, s.Months = e.Officer, e.Case, e.Measure, e.Months
	if !e.DeedOn.IsZero() {
		s.DeedOn = e.DeedOn
	}
	s.From, s.Until, s.ForGood, s.RestoresRank = e.From, e.Until, e.ForGood, e.RestoresRank
	s.Restricted, s.CertificateSuspended = e.Restricts(), e.SuspendsCertificate
	s.ReachedAt = act.OccurredAt
}

// Impose puts the approved measure in force on the day of the decision.
type Impose struct {
	// Measure is a milder one than proposed, where the defence earned it;
	// absent, the one proposed.
	Measure domain.Measure `json:"measure,omitzero"`
	// Months is the effect period where the rule of combination leaves a
	// choice; absent, as proposed, or the least of the milder measure.
	Months int `json:"months,omitzero"`
}

func (Impose) Name() domain.CommandName { return "sanction.impose" }

func (Impose) By() []domain.Role { return []domain.Role{domain.RoleLeader} }

func (c Impose) Reads(s Sanction, act domain.Act) []domain.Reference {
	return append(s.matter().Files(act.Actor), s.Case)
}

// Decide refuses before approval, whoever has a tie to the person, and a
// measure heavier than the one notified, as a defence never makes it heavier,
// or than what the findings of the case ask for by now.
func (c Impose) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	switch s.Status {
	case StatusProposed, StatusNotified, StatusHeard:
		return nil, domain.Refuse(domain.CodeIncomplete, "", "it must be approved first; it is only %s", s.Status).Under(book.Sanction.Separation)
	}
	if err := domain.First(s.in("imposed", StatusApproved), s.apart(act, book, "impose"), s.inOrder(act)); err != nil {
		return nil, err
	}
	if c.Measure == "" {
		c.Measure = s.Measure
	}
	if c.Measure == s.Measure && c.Months == 0 {
		c.Months = s.Months
	}
	e, err := s.milder(book, c.Measure, c.Months, book.Sanction.DueProcess)
	if err := domain.First(err, s.impartial(act, book), s.stillFounded(c.Measure, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{e.imposed(s, book.Calendar.Day(act.OccurredAt), book)}, nil
}

// Served: the decision was delivered to the person 送达. The term of appeal
// runs from this day.
type Served struct {
	Officer domain.OfficerID `json:"officer"`
	On      domain.Date      `json:"on"`
}

func (Served) Kind() domain.Kind { return "sanction.served.v1" }

func (e Served) Apply(s *Sanction, act domain.Act) { s.ServedOn = e.On }

// Serve delivers the decision to the person.
type Serve struct {
	// On is the day of delivery; absent, the day of the act.
	On domain.Date `json:"on,omitzero"`
}

func (Serve) Name() domain.CommandName { return "sanction.serve" }

func (Serve) By() []domain.Role {
	return []domain.Role{domain.RoleHR, domain.RoleInspector, domain.RoleLeader}
}

// Decide refuses a second delivery and one before the decision.
func (c Serve) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("served", StatusImposed, StatusReleased), s.apart(act, book, "serve")); err != nil {
		return nil, err
	}
	if !s.ServedOn.IsZero() {
		return nil, domain.Refuse(domain.CodeState, "", "the decision was served on %s", s.ServedOn)
	}
	on, err := dayOf(c.On, s.From, act, book)
	if err != nil {
		return nil, err
	}
	return []domain.Event{Served{s.Officer, on}}, nil
}

// Executed: HR carried the measure out. DaysLate counts the calendar days
// past the rulebook's term, absent when in time.
type Executed struct {
	Officer  domain.OfficerID `json:"officer"`
	Change   string           `json:"change"`
	On       domain.Date      `json:"on"`
	DaysLate int              `json:"daysLate,omitzero"`
}

func (Executed) Kind() domain.Kind { return "sanction.executed.v1" }

func (e Executed) Apply(s *Sanction, act domain.Act) { s.Executed = true }

// Execute records the change HR made: post, rank, pay.
type Execute struct {
	Change string `json:"change"`
	// On is the day of the change; absent, the day of the act.
	On domain.Date `json:"on,omitzero"`
}

func (Execute) Name() domain.CommandName { return "sanction.execute" }

func (Execute) By() []domain.Role { return []domain.Role{domain.RoleHR} }

// Decide never refuses an execution for being late, not even past the very
// last day of the rulebook: it happened, and the days are counted.
func (c Execute) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("executed", StatusImposed, StatusReleased), s.apart(act, book, "execute"),
		domain.CheckText("change", c.Change)); err != nil {
		return nil, err
	}
	if s.Executed {
		return nil, domain.Refuse(domain.CodeState, "", "the measure was executed already")
	}
	decided := book.Calendar.Day(s.DecidedAt)
	on, err := dayOf(c.On, decided, act, book)
	if err != nil {
		return nil, err
	}
	due := book.Sanction.Execute.After(decided, book.Calendar)
	return []domain.Event{Executed{s.Officer, c.Change, on, on.DaysPast(due)}}, nil
}

// Released: the effect period is over. LiftsRestriction and
// RestoresCertificate tell what this sanction held until now.
type Released struct {
	Officer             domain.OfficerID `json:"officer"`
	Measure             domain.Measure   `json:"measure"`
	RestoresRank        bool             `json:"restoresRank"`
	LiftsRestriction    bool             `json:"liftsRestriction"`
	RestoresCertificate bool             `json:"restoresCertificate"`
	On                  domain.Date      `json:"on"`
}

func (Released) Kind() domain.Kind { return "sanction.released.v1" }

func (e Released) Apply(s *Sanction, act domain.Act) {
	s.Status, s.Restricted, s.CertificateSuspended = StatusReleased, false, false
}

// Release ends the effect once the period is over.
type Release struct{}

func (Release) Name() domain.CommandName { return "sanction.release" }

func (Release) By() []domain.Role { return []domain.Role{domain.RoleHR, domain.RoleSystem} }

// Decide refuses up to and including the last day of the period, and for
// ever where the measure is for good.
func (c Release) Decide(s Sanction, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("released", StatusImposed), s.apart(act, book, "release")); err != nil {
		return nil, err
	}
	rung, _, _ := book.Sanction.Rung(s.Measure)
	today := book.Calendar.Day(act.OccurredAt)
	switch {
	case s.ForGood:
		return nil, domain.Refuse(domain.CodeRule, "", "%s is for good and is never released", s.Measure).Under(rung.Source)
	case s.Until.IsZero():
		return nil, domain.Refuse(domain.CodeState, "", "%s has no effect period that could end", s.Measure).Under(rung.Source)
	case !s.ReleaseDue(today):
		return nil, domain.Refuse(domain.CodeTooEarly, "", "the effect lasts up to and including %s", s.Until).Under(rung.Effect.Source)
	}
	return []domain.Event{Released{s.Officer, s.Measure, s.RestoresRank, s.Restricted, s.CertificateSuspended, today}}, nil
}

package misconduct

import "github.com/probity-ledger/probity/domain"

// EvidenceLodged: documents were filed, by their digests.
type EvidenceLodged struct {
	Evidence []domain.Evidence `json:"evidence"`
	Note     string            `json:"note"`
}

func (EvidenceLodged) Kind() domain.Kind { return "misconduct.evidence_lodged.v1" }

func (e EvidenceLodged) Apply(c *Case, act domain.Act) {}

// LodgeEvidence files documents in the case.
type LodgeEvidence struct {
	Evidence []domain.Evidence `json:"evidence"`
	// Note says what they show.
	Note string `json:"note"`
}

func (LodgeEvidence) Name() domain.CommandName { return "misconduct.lodge_evidence" }

func (LodgeEvidence) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c LodgeEvidence) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.running("given evidence", book), s.unconcerned(act, book),
		domain.CheckEvidence("evidence", c.Evidence), domain.CheckText("note", c.Note)); err != nil {
		return nil, err
	}
	if len(c.Evidence) == 0 {
		return nil, domain.Refuse(domain.CodeInvalid, "evidence", "is required")
	}
	return []domain.Event{EvidenceLodged(c)}, nil
}

// MeasureTaken: a measure during the inquiry, such as a suspension from duty.
type MeasureTaken struct {
	Officer domain.OfficerID `json:"officer"`
	Measure string           `json:"measure"`
	Until   domain.Date      `json:"until,omitzero"`
}

func (MeasureTaken) Kind() domain.Kind { return "misconduct.measure_taken.v1" }

func (e MeasureTaken) Apply(c *Case, act domain.Act) {}

// TakeMeasure takes a measure during the inquiry, which is no sanction.
type TakeMeasure struct {
	Officer domain.OfficerID `json:"officer"`
	Measure string           `json:"measure"`
	// Until is the last day; none means until the case is decided.
	Until domain.Date `json:"until,omitzero"`
}

func (TakeMeasure) Name() domain.CommandName { return "misconduct.take_measure" }

func (TakeMeasure) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleInspector} }

func (c TakeMeasure) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("given a measure", StatusOpen, StatusInquiry, StatusProposed), s.unconcerned(act, book),
		s.inScope("officer", c.Officer), domain.CheckText("measure", c.Measure), notPast("until", c.Until, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{MeasureTaken(c)}, nil
}

// NoticeGiven: the officer was told what is held against them.
type NoticeGiven struct {
	Officer domain.OfficerID `json:"officer"`
	By      domain.Date      `json:"by,omitzero"`
}

func (NoticeGiven) Kind() domain.Kind { return "misconduct.notice_given.v1" }

func (e NoticeGiven) Apply(c *Case, act domain.Act) {
	c.Notified = add(c.Notified, e.Officer)
	c.change(e.Officer, func(p *Party) { p.Noticed, p.NoticedAt = true, act.OccurredAt })
}

// GiveNotice tells the officer what is held against them, so that they can
// make a statement. After the limitation of the rulebook it is too late.
type GiveNotice struct {
	Officer domain.OfficerID `json:"officer"`
	// ReplyBy is the last day for the statement, where one is set.
	ReplyBy domain.Date `json:"by,omitzero"`
}

func (GiveNotice) Name() domain.CommandName { return "misconduct.give_notice" }

func (GiveNotice) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c GiveNotice) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.running("notified", book), s.unconcerned(act, book), s.inScope("officer", c.Officer),
		notPast("by", c.ReplyBy, act, book), notBefore(act, s.party(c.Officer).Known, "the day its conduct came into the case"),
		s.inTime("officer", c.Officer, act, book)); err != nil {
		return nil, err
	}
	return []domain.Event{NoticeGiven{c.Officer, c.ReplyBy}}, nil
}

// StatementHeard: the officer made a statement in defence, or waived it.
type StatementHeard struct {
	Officer   domain.OfficerID `json:"officer"`
	Statement string           `json:"statement,omitzero"`
	Waived    bool             `json:"waived,omitzero"`
}

func (StatementHeard) Kind() domain.Kind { return "misconduct.statement_heard.v1" }

func (e StatementHeard) Apply(c *Case, act domain.Act) {
	c.Heard = add(c.Heard, e.Officer)
	c.change(e.Officer, func(p *Party) { p.HeardAt = act.OccurredAt })
}

// HearStatement records what the officer says in defence 陈述申辩 after notice.
type HearStatement struct {
	Officer domain.OfficerID `json:"officer"`
	// Statement is required unless it is waived.
	Statement string `json:"statement,omitzero"`
	// Waived tells that the officer chose to say nothing.
	Waived bool `json:"waived,omitzero"`
}

func (HearStatement) Name() domain.CommandName { return "misconduct.hear_statement" }

func (HearStatement) By() []domain.Role { return []domain.Role{domain.RoleInspector} }

func (c HearStatement) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.running("heard", book), s.unconcerned(act, book), s.inScope("officer", c.Officer),
		domain.CheckOptionalText("statement", c.Statement)); err != nil {
		return nil, err
	}
	if c.Statement == "" && !c.Waived {
		return nil, domain.Refuse(domain.CodeInvalid, "statement", "is required unless the officer waives it")
	}
	if !s.notified(c.Officer) {
		return nil, domain.Refuse(domain.CodeIncomplete, "officer", "%s had no notice of what is held against them", c.Officer).Under(book.Inquiry.DueProcess)
	}
	if err := notBefore(act, s.party(c.Officer).NoticedAt, "the notice"); err != nil {
		return nil, err
	}
	return []domain.Event{StatementHeard(c)}, nil
}

// ReferredToProsecutor: a suspected crime went to the prosecutor 移送检察机关.
type ReferredToProsecutor struct {
	Officer domain.OfficerID `json:"officer"`
	Offence string           `json:"offence"`
}

func (ReferredToProsecutor) Kind() domain.Kind { return "misconduct.referred_to_prosecutor.v1" }

func (e ReferredToProsecutor) Apply(c *Case, act domain.Act) {}

// ReferToProsecutor hands a suspected crime on; the inquiry goes on here.
type ReferToProsecutor struct {
	Officer domain.OfficerID `json:"officer"`
	Offence string           `json:"offence"`
}

func (ReferToProsecutor) Name() domain.CommandName { return "misconduct.refer_to_prosecutor" }

func (ReferToProsecutor) By() []domain.Role {
	return []domain.Role{domain.RoleInspector, domain.RoleLeader}
}

func (c ReferToProsecutor) Decide(s Case, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(s.in("referred", StatusInquiry, StatusProposed, StatusConfirmed), s.unconcerned(act, book),
		s.inScope("officer", c.Officer), domain.CheckText("offence", c.Offence)); err != nil {
		return nil, err
	}
	return []domain.Event{ReferredToProsecutor(c)}, nil
}

// notPast refuses a day before the act; none is fine.
func notPast(field string, d domain.Date, act domain.Act, book *domain.Rulebook) error {
	if day := book.Calendar.Day(act.OccurredAt); !d.IsZero() && d.Before(day) {
		return domain.Refuse(domain.CodeInvalid, field, "%s lies before %s", d, day)
	}
	return nil
}

package rulebook

import "github.com/probity-ledger/probity/domain"

// Adopted: the rulebook was put in force by the file of that digest.
type Adopted struct {
	Version   string      `json:"version"`
	Digest    string      `json:"digest"`
	ValidFrom domain.Date `json:"validFrom"`
	ValidTo   domain.Date `json:"validTo,omitzero"`
}

func (Adopted) Kind() domain.Kind { return "rulebook.adopted.v1" }

func (e Adopted) Apply(r *Rulebook, act domain.Act) {
	r.put(Version{e.Version, e.Digest, e.ValidFrom, e.ValidTo})
	r.SupersededBy = ""
}

// Adopt puts a rulebook in force for a period in which it has no version.
type Adopt struct {
	Version string `json:"version"`
	// Digest of the rulebook's file: sha256: and 64 lower-case hex digits.
	Digest string `json:"digest"`
	// ValidFrom and ValidTo are the first and the last day in force; no
	// ValidTo means until further notice.
	ValidFrom domain.Date `json:"validFrom"`
	ValidTo   domain.Date `json:"validTo,omitzero"`
}

func (Adopt) Name() domain.CommandName { return "rulebook.adopt" }

func (Adopt) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

func (c Adopt) Decide(r Rulebook, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(domain.CheckID("version", c.Version), domain.CheckDigest("digest", c.Digest),
		r.fresh(c.Version, c.Digest), r.free(c.ValidFrom, c.ValidTo)); err != nil {
		return nil, err
	}
	return []domain.Event{Adopted(c)}, nil
}

// Amended: a new version takes the place of the last one from the day From.
type Amended struct {
	Version string      `json:"version"`
	Digest  string      `json:"digest"`
	From    domain.Date `json:"from"`
	To      domain.Date `json:"to,omitzero"`
	Reason  string      `json:"reason"`
}

func (Amended) Kind() domain.Kind { return "rulebook.amended.v1" }

func (e Amended) Apply(r *Rulebook, act domain.Act) {
	r.endBefore(e.From)
	r.put(Version{e.Version, e.Digest, e.From, e.To})
}

// Amend puts a new version in the place of the one in force.
type Amend struct {
	Version string `json:"version"`
	// Digest of the new version's file.
	Digest string `json:"digest"`
	// From is the new version's first day, after the last version's first
	// day and not before the day it is recorded: rules are not changed for
	// days that are past.
	From domain.Date `json:"from"`
	// To is the new version's last day; absent, until further notice.
	To domain.Date `json:"to,omitzero"`
	// Reason says what changed and by which act.
	Reason string `json:"reason"`
}

func (Amend) Name() domain.CommandName { return "rulebook.amend" }

func (Amend) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

func (c Amend) Decide(r Rulebook, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.known(), domain.CheckID("version", c.Version), domain.CheckDigest("digest", c.Digest),
		domain.CheckText("reason", c.Reason), r.fresh(c.Version, c.Digest), r.changes("from", c.From, act, book)); err != nil {
		return nil, err
	}
	if !c.To.IsZero() && c.To.Before(c.From) {
		return nil, domain.Refuse(domain.CodeInvalid, "to", "%s lies before the first day, %s", c.To, c.From)
	}
	return []domain.Event{Amended(c)}, nil
}

// changes refuses a day on which the last version cannot end: one that is
// past when it is recorded (whatever day the act is said to be of), one on
// which it has not begun, one after it ended anyway.
func (r Rulebook) changes(field string, from domain.Date, act domain.Act, book *domain.Rulebook) error {
	last, _ := r.last()
	today := book.Calendar.Day(act.RecordedAt)
	switch {
	case from.IsZero():
		return domain.Refuse(domain.CodeInvalid, field, "is required")
	case from.Before(today):
		return domain.Refuse(domain.CodeTooLate, field, "%s is past; rules change from %s at the earliest", from, today)
	case !from.After(last.From):
		return domain.Refuse(domain.CodeInvalid, field, "version %s begins on %s only; choose a later day", last.Version, last.From)
	case !last.on(from):
		return domain.Refuse(domain.CodeState, field, "version %s is in force up to %s; adopt the rulebook anew", last.Version, last.To)
	}
	return nil
}

// Superseded: another rulebook took its place from the day From.
type Superseded struct {
	Successor domain.RulebookID `json:"by"`
	From      domain.Date       `json:"from"`
}

func (Superseded) Kind() domain.Kind { return "rulebook.superseded.v1" }

func (e Superseded) Apply(r *Rulebook, act domain.Act) {
	r.endBefore(e.From)
	r.SupersededBy = e.Successor
}

// Supersede puts another rulebook, adopted for that day, in the place of this
// one.
type Supersede struct {
	// Successor is the other rulebook's id.
	Successor domain.RulebookID `json:"by"`
	// From is the first day on which this one is not in force any more.
	From domain.Date `json:"from"`
}

func (Supersede) Name() domain.CommandName { return "rulebook.supersede" }

func (Supersede) By() []domain.Role { return []domain.Role{domain.RoleLeader, domain.RoleOverseer} }

// Reads: the successor, which must be in force on the day.
func (c Supersede) Reads(r Rulebook, act domain.Act) []domain.Reference {
	if string(c.Successor) == act.Subject {
		return nil
	}
	return []domain.Reference{c.Successor}
}

// Decide refuses a successor that is not in force from the day on: no day may
// be left without rules.
func (c Supersede) Decide(r Rulebook, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(r.known(), domain.CheckID("by", c.Successor), r.changes("from", c.From, act, book)); err != nil {
		return nil, err
	}
	if string(c.Successor) == act.Subject {
		return nil, domain.Refuse(domain.CodeInvalid, "by", "a rulebook does not supersede itself; amend it")
	}
	if _, ok := domain.See[Rulebook](act, c.Successor).InForce(c.From); !ok {
		return nil, domain.Refuse(domain.CodeIncomplete, "by", "rulebook %s is not in force on %s; adopt it first", c.Successor, c.From)
	}
	return []domain.Event{Superseded(c)}, nil
}

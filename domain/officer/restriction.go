package officer

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// Restriction is what one sanction bars, as the state holds it.
type Restriction struct {
	Sanction      domain.SanctionID
	Measure       domain.Measure
	From          domain.Date
	Until         domain.Date
	ForGood       bool
	BarsPromotion bool
	BarsPayRise   bool
	BarsHonours   bool
}

// InForce tells whether the restriction holds on the day. It ends by itself
// after its last day, lifted or not (law on administrative sanctions for
// public officials, art. 26).
func (r Restriction) InForce(day domain.Date) bool {
	return !day.Before(r.From) && (r.ForGood || !day.After(r.Until))
}

// length says from when to when, for a refusal.
func (r Restriction) length() string {
	if r.ForGood {
		return "for good"
	}
	return "up to " + r.Until.String()
}

// source returns where the rulebook takes the measure's effects from.
func (r Restriction) source(book *domain.Rulebook) string {
	rung, _, _ := book.Sanction.Rung(r.Measure)
	return rung.Source
}

// Restricted: a sanction took effect on the officer, from the day From up to
// and including the day Until, or for good. The same sanction's earlier
// restriction is replaced.
type Restricted struct {
	Sanction      domain.SanctionID `json:"sanction"`
	Measure       domain.Measure    `json:"measure"`
	From          domain.Date       `json:"from"`
	Until         domain.Date       `json:"until,omitzero"`
	ForGood       bool              `json:"forGood"`
	BarsPromotion bool              `json:"barsPromotion"`
	BarsPayRise   bool              `json:"barsPayRise"`
	BarsHonours   bool              `json:"barsHonours"`
}

func (Restricted) Kind() domain.Kind { return "officer.restricted.v1" }

func (e Restricted) Apply(o *Officer, act domain.Act) {
	o.lift(e.Sanction)
	o.Restrictions = append(o.Restrictions, Restriction(e))
}

func (o *Officer) lift(sanction domain.SanctionID) {
	o.Restrictions = slices.DeleteFunc(slices.Clone(o.Restrictions), func(r Restriction) bool { return r.Sanction == sanction })
}

// Restrict carries the effects of an imposed or varied sanction onto the
// file. It is for reactions: the decision was taken at the sanction. What
// there is to suspend or give back, the file says.
type Restrict struct {
	Sanction domain.SanctionID `json:"sanction"`
	// Measure is one of the rulebook's ladder.
	Measure domain.Measure `json:"measure"`
	From    domain.Date    `json:"from"`
	// Until or ForGood, exactly one.
	Until         domain.Date `json:"until,omitzero"`
	ForGood       bool        `json:"forGood"`
	BarsPromotion bool        `json:"barsPromotion"`
	BarsPayRise   bool        `json:"barsPayRise"`
	BarsHonours   bool        `json:"barsHonours"`
	// SuspendsCertificate: an issued certificate is suspended, or suspended by
	// this sanction as well.
	SuspendsCertificate bool `json:"suspendsCertificate,omitzero"`
	// RestoresCertificate: the sanction suspended the certificate, and now
	// that it is varied no longer does.
	RestoresCertificate bool `json:"restoresCertificate,omitzero"`
}

func (Restrict) Name() domain.CommandName { return "officer.restrict" }

func (Restrict) By() []domain.Role { return []domain.Role{domain.RoleSystem} }

func (c Restrict) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := domain.First(o.known(), domain.CheckID("sanction", c.Sanction)); err != nil {
		return nil, err
	}
	if _, _, ok := book.Sanction.Rung(c.Measure); !ok {
		return nil, domain.Refuse(domain.CodeInvalid, "measure", "%q is not on the ladder of %s", c.Measure, book.ID)
	}
	if c.From.IsZero() {
		return nil, domain.Refuse(domain.CodeInvalid, "from", "is required")
	}
	if c.ForGood != c.Until.IsZero() || (!c.ForGood && c.Until.Before(c.From)) {
		return nil, domain.Refuse(domain.CodeInvalid, "until", "give either a last day, not before %s, or forGood", c.From)
	}
	events := []domain.Event{Restricted{
		Sanction: c.Sanction, Measure: c.Measure, From: c.From, Until: c.Until, ForGood: c.ForGood,
		BarsPromotion: c.BarsPromotion, BarsPayRise: c.BarsPayRise, BarsHonours: c.BarsHonours,
	}}
	if c.SuspendsCertificate && o.Status != StatusSeparated && o.Certificate.stillIssued() {
		return append(events, CertificateSuspended{Number: o.Certificate.Number, Sanction: c.Sanction}), nil
	}
	return o.returned(c.Sanction, c.RestoresCertificate, events, act, book), nil
}

// returned adds to the events that end or replace the effects of a sanction
// what they give back: the service to somebody whom it dismissed, and the
// certificate it suspended, once no other sanction withholds it and unless
// people suspended it for a reason of their own.
func (o Officer) returned(sanction domain.SanctionID, certificate bool, events []domain.Event, act domain.Act, book *domain.Rulebook) []domain.Event {
	before, dismissed := o.dismissal()
	for _, e := range events {
		e.(domain.EventOf[Officer]).Apply(&o, act)
	}
	_, stillDismissed := o.dismissal()
	if dismissed && !stillDismissed && before.Sanction == sanction && o.LeftFor == ReasonDismissed {
		back := Reinstated{sanction, book.Calendar.Day(act.OccurredAt)}
		back.Apply(&o, act)
		events = append(events, back)
	}
	if c := o.Certificate; certificate && c.Status == CertificateHeld && !c.Ordered && o.Status != StatusSeparated && o.notWithheld(act, book) == nil {
		events = append(events, CertificateRestored{c.Number})
	}
	return events
}

// RestrictionLifted: the sanction bars nothing any more; RestoresRank tells
// whether the rank lost by it comes back.
type RestrictionLifted struct {
	Sanction     domain.SanctionID `json:"sanction"`
	RestoresRank bool              `json:"restoresRank"`
}

func (RestrictionLifted) Kind() domain.Kind { return "officer.restriction_lifted.v1" }

func (e RestrictionLifted) Apply(o *Officer, act domain.Act) { o.lift(e.Sanction) }

// LiftRestriction takes a released or overturned sanction's effects off the
// file. It is for reactions. Who was dismissed by it is in the service again.
type LiftRestriction struct {
	Sanction     domain.SanctionID `json:"sanction"`
	RestoresRank bool              `json:"restoresRank"`
	// RestoresCertificate: the sanction suspended the certificate.
	RestoresCertificate bool `json:"restoresCertificate,omitzero"`
}

func (LiftRestriction) Name() domain.CommandName { return "officer.lift_restriction" }

func (LiftRestriction) By() []domain.Role { return []domain.Role{domain.RoleSystem} }

func (c LiftRestriction) Decide(o Officer, act domain.Act, book *domain.Rulebook) ([]domain.Event, error) {
	if err := o.known(); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(o.Restrictions, func(r Restriction) bool { return r.Sanction == c.Sanction }) {
		return nil, domain.Refuse(domain.CodeState, "sanction", "sanction %s restricts nothing on this file", c.Sanction)
	}
	lifted := RestrictionLifted{c.Sanction, c.RestoresRank}
	return o.returned(c.Sanction, c.RestoresCertificate, []domain.Event{lifted}, act, book), nil
}

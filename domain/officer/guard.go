package officer

import (
	"cmp"
	"slices"

	"github.com/probity-ledger/probity/domain"
)

// MayBeHonoured refuses an honour on the day to a person who is not on file
// or has left the service, who is under inquiry, or whom a sanction in force
// bars from honours. field is the one of the command that names the person.
func (o Officer) MayBeHonoured(field string, id domain.OfficerID, day domain.Date, book *domain.Rulebook) error {
	switch {
	case o.Status == StatusNone:
		return domain.Refuse(domain.CodeNotFound, field, "there is no officer %s on file", id)
	case o.Status == StatusSeparated:
		return domain.Refuse(domain.CodeState, field, "%s has left the service", id)
	case len(o.Inquiries) > 0:
		return domain.Refuse(domain.CodeRule, field, "while an inquiry is open %s cannot be honoured", id).Under(book.Service.UnderInquiry)
	}
	for _, r := range o.Restrictions {
		if r.BarsHonours && r.InForce(day) {
			return domain.Refuse(domain.CodeRule, field, "sanction %s (%s) bars %s from honours %s", r.Sanction, r.Measure, id, r.length()).Under(r.source(book))
		}
	}
	return nil
}

// Matter is whom and what a decision is about, for the rule of recusal 回避:
// nobody takes a hand in a matter of persons or units to whom they have a
// tie. A command that decides in it names Files in Reads, and asks Impartial
// in Decide.
type Matter struct {
	Officers []domain.OfficerID
	Units    []domain.UnitID
}

// Files are what must be seen to tell whether the persons may take a hand in
// the matter: their own files, and those of the officers it is about.
func (m Matter) Files(persons ...domain.ActorID) []domain.Reference {
	var out []domain.Reference
	for _, p := range persons {
		out = append(out, domain.OfficerID(p))
	}
	for _, o := range m.Officers {
		out = append(out, o)
	}
	return out
}

// Impartial refuses a person who may not take a hand in the matter: one who
// is under inquiry, off duty or out of the service, or has a declared tie
// that stands on the day of the act with an officer or a unit the matter is
// about. A tie has two ends: it counts on whichever of the two files it was
// declared. field is the one of the command that names the person, rule the
// source of the recusal.
//
// Somebody without a file, such as a sign-in name of another body, has
// declared nothing. Ties that name a person or body in words alone are not
// seen here; recusing for them is left to people.
func (m Matter) Impartial(field string, person domain.ActorID, act domain.Act, book *domain.Rulebook, rule string) error {
	own, today := domain.See[Officer](act, domain.OfficerID(person)), book.Calendar.Day(act.OccurredAt)
	switch {
	case len(own.Inquiries) > 0:
		return domain.Refuse(domain.CodeRule, field, "%s is under inquiry", person).Under(rule)
	case own.Status == StatusSuspended:
		return domain.Refuse(domain.CodeRule, field, "%s is suspended from duty", person).Under(rule)
	case own.Status == StatusSeparated:
		return domain.Refuse(domain.CodeRule, field, "%s has left the service", person).Under(rule)
	}
	for _, i := range own.Interests {
		if i.StandsOn(today) && m.concerns(i) {
			return domain.Refuse(domain.CodeConflict, field, "%s has a declared interest with %s (%s); another person must do this", person, cmp.Or(string(i.Officer), string(i.Unit)), i.Nature).Under(rule)
		}
	}
	for _, o := range m.Officers {
		for _, i := range domain.See[Officer](act, o).Interests {
			if i.StandsOn(today) && string(i.Officer) == string(person) {
				return domain.Refuse(domain.CodeConflict, field, "%s has declared an interest with %s (%s); another person must do this", o, person, i.Nature).Under(rule)
			}
		}
	}
	return nil
}

// concerns tells whether the tie is to an officer or unit of the matter.
func (m Matter) concerns(i Interest) bool {
	return i.Officer != "" && slices.Contains(m.Officers, i.Officer) || i.Unit != "" && slices.Contains(m.Units, i.Unit)
}

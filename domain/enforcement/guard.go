package enforcement

import (
	"slices"

	"github.com/probity-ledger/probity/domain"
	"github.com/probity-ledger/probity/domain/officer"
)

// certified refuses those named unless each is in the service, on duty, holds
// a certificate valid on the day and has no interest in the act.
func (s Enforcement) certified(field string, ids []domain.OfficerID, day domain.Date, act domain.Act, book *domain.Rulebook) error {
	for _, id := range ids {
		o := domain.See[officer.Officer](act, id)
		if o.Status == officer.StatusNone {
			return domain.Refuse(domain.CodeNotFound, field, "there is no officer %s", id)
		}
		if err := s.unbiased(field, domain.ActorID(id), day, act, book); err != nil {
			return err
		}
		if !o.Certificate.ValidOn(day) {
			return domain.Refuse(domain.CodeRule, field, "%s holds no enforcement certificate valid on %s", id, day).Under(book.Enforcement.OfficersSource)
		}
	}
	return nil
}

// unbiased refuses a person who is suspended from duty, has left the service
// or has declared an interest with the party or the unit. Someone without a
// file, such as a sign-in name, has declared none.
func (s Enforcement) unbiased(field string, person domain.ActorID, day domain.Date, act domain.Act, book *domain.Rulebook) error {
	o := domain.See[officer.Officer](act, domain.OfficerID(person))
	switch o.Status {
	case officer.StatusSuspended:
		return domain.Refuse(domain.CodeRule, field, "%s is suspended from duty", person).Under(book.Enforcement.OfficersSource)
	case officer.StatusSeparated:
		return domain.Refuse(domain.CodeRule, field, "%s has left the service", person).Under(book.Enforcement.OfficersSource)
	}
	for _, i := range o.Interests {
		if i.StandsOn(day) && ((i.With != "" && i.With == s.Party) || (i.Unit != "" && i.Unit == s.Unit)) {
			return domain.Refuse(domain.CodeConflict, field, "%s has a declared interest (%s) and takes no part in this act", person, i.Nature).Under(book.Enforcement.Recusal)
		}
	}
	return nil
}

// enough refuses fewer officers than the rulebook asks for.
func enough(officers []domain.OfficerID, book *domain.Rulebook) error {
	if least := book.Enforcement.Officers; len(officers) < least {
		return domain.Refuse(domain.CodeRule, "officers", "%d named, at least %d are needed", len(officers), least).Under(book.Enforcement.OfficersSource)
	}
	return nil
}

// second refuses a leader who asked for it, or is on the case, as the one who
// grants an exception.
func (s Enforcement) second(askedBy domain.ActorID, act domain.Act, rule string) error {
	if askedBy == act.Actor || slices.Contains(s.Investigators, act.Actor) {
		return domain.Refuse(domain.CodeConflict, "actor", "%s asked for it or is on the case; a second person must grant it", act.Actor).Under(rule)
	}
	return nil
}

// sees lists the files of the persons, for Reads.
func sees(ids ...domain.OfficerID) []domain.Reference {
	var out []domain.Reference
	for _, id := range ids {
		out = append(out, id)
	}
	return out
}

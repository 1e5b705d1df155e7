package officer

import "github.com/probity-ledger/probity/domain"

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
